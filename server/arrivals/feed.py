"""What has changed in the part of the world that a laptop follows, page by page, in server order."""

import hashlib
import json
import sqlite3
from functools import lru_cache
from typing import Any

from server.arrivals.world import unit_tree
from server.store import get_meta
from sync.chain import GENESIS
from sync.wire import Change, Cursor, Page

PAGE_THINGS = 2000
PAGE_BYTES = 6_000_000  # before compression; a page ends once it has grown past this


class LostHistory(Exception):
    """The cursor comes from a history that this server does not hold."""


class OtherScope(Exception):
    """The cursor was given to a laptop that followed other feeds: its area, or the map, has changed since."""


def scope_keys(conn: sqlite3.Connection, device: str, area: str) -> frozenset[str]:
    """Return the feeds a laptop follows: its area on both maps, what is above it, and its own."""
    return unit_tree(conn).scope(area) | {f"device:{device}"}


def page(conn: sqlite3.Connection, keys: frozenset[str], device: str, after: str, *, at: str) -> Page:
    """Return the next page after the cursor *after* (empty: from the beginning).

    Called within one read transaction, so that page and cursor speak of one moment.
    """
    lineage, scope = get_meta(conn, "lineage"), _digest(keys)
    pos = _position(conn, lineage, after, scope)
    rows = _rows(conn, keys, pos)
    changes, more = _fill(conn, rows, device)
    seq, head = conn.execute("SELECT seq, chain FROM arrivals ORDER BY seq DESC LIMIT 1").fetchone() or (0, GENESIS)
    end = changes[-1].pos if more else _end_of_feed(conn)
    cursor = Cursor(lineage, end, seq, head, scope).text()
    safe_to = int(get_meta(conn, "safe_to") or 0)
    return Page(cursor, tuple(changes), more, lineage, at, safe_to, pos)


def _end_of_feed(conn: sqlite3.Connection) -> int:
    """Return how far there is nothing more to tell: the next page need not look at what changed elsewhere."""
    return int(conn.execute("SELECT coalesce(max(pos), 0) FROM feed").fetchone()[0])


@lru_cache(maxsize=1000)
def _digest(keys: frozenset[str]) -> str:
    """Name a set of feeds: what a laptop has read says nothing of feeds that it follows since."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]


def _position(conn: sqlite3.Connection, lineage: str, after: str, scope: str) -> int:
    if not after:
        return 0
    try:
        cursor = Cursor.parse(after)
    except ValueError:
        raise LostHistory from None
    row = conn.execute("SELECT chain FROM arrivals WHERE seq = ?", (cursor.seq,)).fetchone()
    if cursor.lineage != lineage or (row[0] if row else GENESIS) != cursor.head:
        raise LostHistory
    if cursor.scope != scope:
        raise OtherScope
    return cursor.pos


def _rows(conn: sqlite3.Connection, keys: frozenset[str], pos: int) -> list[tuple[int, str, str, int]]:
    """Return the next rows of the feeds *keys*; a thing that moved within them is there, whatever left."""
    found: list[tuple[int, str, str, int]] = []
    while len(found) <= PAGE_THINGS:
        rows = conn.execute(
            "SELECT pos, commune, kind, id, gone FROM feed WHERE pos > ? ORDER BY pos LIMIT ?", (pos, 4 * PAGE_THINGS)
        ).fetchall()
        found.extend((row[0], row[2], row[3], row[4]) for row in rows if row[1] in keys)
        if len(rows) < 4 * PAGE_THINGS:
            break
        pos = rows[-1][0]
    return found[: PAGE_THINGS + 1]


def _fill(conn: sqlite3.Connection, rows: list[tuple[int, str, str, int]], device: str) -> tuple[list[Change], bool]:
    changes: list[Change] = []
    size = 0
    for pos, kind, id, gone in rows[:PAGE_THINGS]:
        change, length = _change(conn, pos, kind, id, gone, device)
        changes.append(change)
        size += length
        if size > PAGE_BYTES:
            break
    return changes, len(changes) < len(rows)


def _change(
    conn: sqlite3.Connection, pos: int, kind: str, id: str, gone: int, device: str
) -> tuple[Change, int]:
    if gone:
        return Change(pos, kind, id, gone=True), 100
    if kind == "inspection":
        revisions = revisions_for(conn, id, device)
        row = conn.execute("SELECT review, comment FROM reviews WHERE inspection = ?", (id,)).fetchone()
        review = {"review": row[0], "comment": row[1]} if row else None
        return Change(pos, kind, id, revisions=revisions, review=review), sum(len(line) for _, line in revisions)
    if kind == "standing":
        state: dict[str, Any] | None = _standing(conn, id)
    elif kind == "outside_check":
        state = _outside_check(conn, id)
    else:
        text = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()[0]
        return Change(pos, kind, id, json.loads(text)), len(text)
    return Change(pos, kind, id, state), 200


def revisions_for(conn: sqlite3.Connection, id: str, device: str) -> tuple[tuple[str, bytes], ...]:
    """Return the revisions of a visit that a laptop may have: the accepted ones, and all of its own; the truth last."""
    rows = conn.execute(
        "SELECT standing, line FROM items LEFT JOIN visits ON visits.id = items.id AND visits.item = items.name"
        " WHERE items.id = ? AND kind = 'inspection' AND (standing = 'accepted' OR items.device = ?)"
        "   AND standing <> 'erased' ORDER BY visits.item IS NOT NULL, items.seq",
        (id, device),
    )
    return tuple((standing, bytes(line)) for standing, line in rows)


def _standing(conn: sqlite3.Connection, name: str) -> dict[str, Any]:
    standing, detail = conn.execute(
        "SELECT standing, detail FROM arrivals WHERE item = ? AND first = 0 ORDER BY seq DESC LIMIT 1", (name,)
    ).fetchone()
    return {"standing": standing, "detail": json.loads(detail) if detail else None}


def _outside_check(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    row = conn.execute(
        "SELECT establishment, date, agency, paper FROM outside_checks WHERE id = ?", (id,)
    ).fetchone()
    return dict(zip(("establishment", "date", "agency", "paper"), row, strict=True))
