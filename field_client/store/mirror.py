"""The mirror: a laptop's copy of its part of the world, a page and its cursor at a time."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from field_client.store import decided, outbox, places, register, said, visits
from field_client.store.base import IntegrityError, get_meta, put_meta, writing
from field_client.store.visits import Revision, read_revision
from schemas.items import name_of
from sync.chain import detail_text
from sync.errors import BadReply, OtherHistory, OtherScope
from sync.wire import Change, Cursor, Page

COMPARE_FIRST = "compare_first"  # in meta: another history, or a store from an old copy; the server is asked first
COPY_AT = "copy_at"  # in meta: the server's time of the last page of the last whole pull; what the copy is as of
COPIES = (
    "things", "revisions", "operators", "decided", "establishments", "visits", "outside_checks", "said_of_visits",
    "assignments",
)  # fmt: skip
Key = tuple[str, str]
Told = list[tuple[bytes, Revision]]


class Mirror:
    """A Mirror for sync.engine. `taken` counts changes, also when a pull is cut short."""

    def __init__(self, db: Database) -> None:
        """Keep the copy in *db*."""
        self.db = db
        self.taken = 0

    def cursor(self) -> str:
        """Return how far the copy goes; empty at the beginning."""
        return get_meta(self.db.conn, "cursor")

    def take(self, page: Page) -> None:
        """Apply *page* and keep its cursor, in one transaction.

        A thing is written only when its position is higher than the one held, so pages may
        come twice and in any order. Our own items and drafts are never touched by it.
        """
        try:
            self._take(page)
        except (AttributeError, KeyError, TypeError, ValueError, IntegrityError) as error:
            raise BadReply(f"The page holds something that cannot be: {error!r}.") from error
        self.taken += len(page.changes)

    def _take(self, page: Page) -> None:
        latest = _latest(page.changes)
        told = {key[1]: _read(change) for key, change in latest.items() if key[0] == "inspection"}
        with writing(self.db) as conn:
            self._same_history(conn, page)
            fresh = _fresher(conn, latest)
            _write_things(conn, fresh.values())
            _take_register(conn, fresh)
            decided.refresh(conn, {id for kind, id in fresh if kind in {"operator", "repeat"}})
            _take_visits(conn, fresh, told, page.server_time)
            _take_events(conn, fresh, page.server_time)
            _finish(conn, page)

    def _same_history(self, conn: sqlite3.Connection, page: Page) -> None:
        """Refuse a page that does not go on where the copy is: another history, another area, or too far ahead."""
        held = get_meta(conn, "mirror_lineage") or get_meta(conn, "lineage")
        if held and page.lineage and held != page.lineage:
            raise OtherHistory("The page comes from another history.", slug="other-history", status=410)
        if _scope(get_meta(conn, "cursor")) not in {"", _scope(page.cursor)}:
            raise OtherScope("The page was made for another area.", slug="other-scope", status=410)
        if page.since > _pos(get_meta(conn, "cursor")):
            raise BadReply("The page begins later than the copy ends: pages between are missing.")

    def start_over(self) -> None:
        """Forget the copy and its cursor, keep everything made here, and offer all of that again."""
        with writing(self.db) as conn:
            start_over(conn)

    def leave_area(self) -> None:
        """Begin the copy of another area; what was made for this one is let go once it is safe elsewhere."""
        with writing(self.db) as conn:
            leave_area(conn)


def start_over(conn: sqlite3.Connection) -> None:
    """Do what Mirror.start_over says, within a transaction; the history is that of the next page or receipt.

    Until both ends have compared by name, that is asked for before anything is sent.
    """
    forget_copy(conn)
    put_meta(conn, "lineage", "")
    put_meta(conn, COMPARE_FIRST, 1)
    outbox.offer_again(conn)


def leave_area(conn: sqlite3.Connection) -> None:
    """Do what Mirror.leave_area says, within a transaction."""
    forget_copy(conn)
    last = conn.execute("SELECT coalesce(max(local), 0) FROM own").fetchone()[0]
    put_meta(conn, "left_area_at", last)


def forget_copy(conn: sqlite3.Connection) -> None:
    """Forget the copy and its cursor, within a transaction; everything made here stays."""
    for table in COPIES:
        conn.execute(f"DELETE FROM {table}")
    conn.execute("DELETE FROM meta WHERE key IN ('cursor', 'mirror_lineage', ?)", (COPY_AT,))
    conn.execute("UPDATE own SET mirrored = 0")
    show_own(conn)


def show_own(conn: sqlite3.Connection) -> None:
    """Show everything made here, without the mirror."""
    rows = conn.execute("SELECT DISTINCT kind, id FROM own").fetchall()
    visits.refresh(conn, [id for kind, id in rows if kind == "inspection"])
    said.refresh(conn, [id for kind, id in rows if kind in said.KINDS])
    for kind in register.KINDS:
        register.refresh(conn, kind, [id for of, id in rows if of == kind])


def _latest(changes: Iterable[Change]) -> dict[Key, Change]:
    """Keep the last word on each thing of a page, in the page's order."""
    found: dict[Key, Change] = {}
    for change in changes:
        key = (change.kind, change.id)
        if key not in found or change.pos >= found[key].pos:
            found[key] = change
    return found


def _read(change: Change) -> Told:
    """Read the revisions of an inspection; outside the transaction, which must be short."""
    return [(line, read_revision(name_of(line), line, standing)) for standing, line in change.revisions]


def _fresher(conn: sqlite3.Connection, latest: dict[Key, Change]) -> dict[Key, Change]:
    """Leave out what is held at the same position or a later one."""
    rows = conn.execute(
        "SELECT things.kind, things.id, things.pos FROM json_each(?) AS asked"
        "  CROSS JOIN things ON things.kind = json_extract(asked.value, '$[0]')"
        "   AND things.id = json_extract(asked.value, '$[1]')",
        (json.dumps(list(latest)),),
    )
    held = {(kind, id): pos for kind, id, pos in rows}
    return {key: change for key, change in latest.items() if change.pos > held.get(key, -1)}


def _write_things(conn: sqlite3.Connection, changes: Iterable[Change]) -> None:
    conn.executemany(
        "INSERT INTO things (kind, id, pos, gone, state) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET pos = excluded.pos, gone = excluded.gone, state = excluded.state",
        [(c.kind, c.id, c.pos, int(c.gone), None if c.gone else _text(c)) for c in changes],
    )


def _text(change: Change) -> str | None:
    if change.text:
        return change.text
    state = change.review if change.kind == "inspection" else change.state
    return None if state is None else json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def _of_kind(fresh: dict[Key, Change], kind: str) -> dict[str, Change]:
    return {id: change for (of, id), change in fresh.items() if of == kind}


def _take_register(conn: sqlite3.Connection, fresh: dict[Key, Change]) -> None:
    """Operators first, so that the places on the same page find their names."""
    for kind, write in (("operator", places.refresh_operators), ("establishment", places.refresh_establishments)):
        changes = _of_kind(fresh, kind)
        if changes:
            held = {id: (None if c.gone else c.state, c.gone) for id, c in changes.items()}
            write(conn, places.overlay(conn, kind, held))
    register.refresh(conn, "assignment", list(_of_kind(fresh, "assignment")))


def _take_visits(conn: sqlite3.Connection, fresh: dict[Key, Change], told: dict[str, Told], at: str) -> None:
    changes = _of_kind(fresh, "inspection")
    if not changes:
        return
    ids = json.dumps(list(changes))
    conn.execute("DELETE FROM revisions WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    conn.executemany(
        "INSERT INTO revisions (id, name, place, standing, line) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id, name) DO NOTHING",
        [
            (id, revision.name, place, revision.standing, line)
            for id in changes
            for place, (line, revision) in enumerate(told[id])
        ],
    )
    rows = conn.execute("SELECT DISTINCT id FROM own WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    ours = {row[0] for row in rows}
    if ours:
        outbox.change_standings(conn, {r.name: (r.standing, None) for id in ours for _, r in told[id]}, at)
        visits.refresh(conn, ours)
    _show(conn, {id: change for id, change in changes.items() if id not in ours}, told)


def _show(conn: sqlite3.Connection, changes: dict[str, Change], told: dict[str, Told]) -> None:
    """Write the rows of visits that nobody here had a hand in."""
    rows: list[tuple[Any, ...]] = []
    nothing: list[tuple[str]] = []
    for id, change in changes.items():
        seen = visits.shown([revision for _, revision in told[id]])
        if seen is None:
            nothing.append((id,))
        else:
            rows.append(visits.row(id, seen, change.review, own=False))
    conn.executemany("DELETE FROM visits WHERE id = ?", nothing)
    visits.insert(conn, rows)


def _take_events(conn: sqlite3.Connection, fresh: dict[Key, Change], at: str) -> None:
    standings: dict[str, tuple[str, str | None]] = {
        id: (str(c.state["standing"]), detail_text(c.state.get("detail")))
        for id, c in _of_kind(fresh, "standing").items()
        if c.state
    }
    if standings:
        outbox.change_standings(conn, standings, at)
    for kind in said.KINDS:
        said.refresh(conn, _of_kind(fresh, kind))
    checks = _of_kind(fresh, "outside_check")
    conn.executemany("DELETE FROM outside_checks WHERE id = ?", [(id,) for id in checks])
    conn.executemany(
        "INSERT INTO outside_checks (id, establishment, date, agency, paper) VALUES (?, ?, ?, ?, ?)",
        [
            (id, *(c.state.get(key) or "" for key in ("establishment", "date", "agency", "paper")))
            for id, c in checks.items()
            if c.state and not c.gone
        ],
    )


def _finish(conn: sqlite3.Connection, page: Page) -> None:
    """Keep the cursor, and at the end of a pull let go of the edits that the copy now holds.

    Those are the ones that had arrived when the page was made: it may have come on a stick, days later.
    """
    if _further(get_meta(conn, "cursor"), page.cursor):
        put_meta(conn, "cursor", page.cursor)
    if page.lineage:
        put_meta(conn, "mirror_lineage", page.lineage)
        put_meta(conn, "lineage", page.lineage)
    outbox.note_server(conn, page.server_time, page.safe_to)
    if page.more:
        return
    if page.server_time > get_meta(conn, COPY_AT):
        put_meta(conn, COPY_AT, page.server_time)
    arrived = Cursor.parse(page.cursor).seq
    rows = conn.execute(
        "SELECT kind, id FROM own WHERE mirrored = 0 AND seq <= ? AND kind NOT IN ('inspection')", (arrived,)
    ).fetchall()
    conn.execute("UPDATE own SET mirrored = 1 WHERE mirrored = 0 AND seq <= ?", (arrived,))
    said.refresh(conn, [id for kind, id in rows if kind in said.KINDS])
    for kind in register.KINDS:
        register.refresh(conn, kind, [id for of, id in rows if of == kind])
    outbox.let_go(conn, page.safe_to)


def _pos(cursor: str) -> int:
    """Return how far a cursor says that the feed was read, 0 at the beginning."""
    try:
        return Cursor.parse(cursor).pos
    except ValueError:
        return 0


def _scope(cursor: str) -> str:
    """Return which feeds a cursor was read from, empty when it does not say."""
    try:
        return Cursor.parse(cursor).scope
    except ValueError:
        return ""


def _further(held: str, given: str) -> bool:
    """Say whether *given* is the later cursor: an old page taken again does not move the copy back."""
    try:
        return Cursor.parse(given).pos >= Cursor.parse(held).pos
    except ValueError:
        return True
