"""What has changed in the part of the world that a laptop follows, page by page, in server order."""

import hashlib
import json
import sqlite3
from functools import lru_cache

from server.arrivals.fold_assignments import team_feed
from server.arrivals.telling import Row, revisions_of, tell
from server.arrivals.world import EVERY_LAPTOP, unit_tree
from server.store import get_meta, marks
from sync.chain import GENESIS
from sync.wire import Change, Cursor, Page

PAGE_THINGS = 2000
PAGE_BYTES = 6_000_000  # before compression; a page ends once it has grown past this
FEW = 400  # feeds: the database picks them out; beyond that nearly every row is wanted


class LostHistory(Exception):
    """The cursor comes from a history that this server does not hold."""


class OtherScope(Exception):
    """The cursor was given to a laptop that followed other feeds: its area, or the map, has changed since."""


def scope_keys(conn: sqlite3.Connection, device: str, area: str) -> frozenset[str]:
    """Return the feeds a laptop follows: its area on both maps, what is above it, its team's and its own."""
    row = conn.execute("SELECT state FROM things WHERE kind = 'device' AND id = ?", (device,)).fetchone()
    team = json.loads(row[0]).get("team") if row else None
    return unit_tree(conn).scope(area) | {f"device:{device}"} | ({team_feed(team)} if team else set())


def page(conn: sqlite3.Connection, keys: frozenset[str], device: str, after: str, *, at: str) -> Page:
    """Return the next page after the cursor *after* (empty: from the beginning).

    Called within one read transaction, so that page and cursor speak of one moment. What all laptops
    are told is in it too; the cursor does not name that feed, since nobody ever followed fewer.
    """
    lineage, scope = get_meta(conn, "lineage"), _digest(keys)
    pos = _position(conn, lineage, after, scope)
    rows = _rows(conn, keys | {EVERY_LAPTOP}, pos)
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


def _rows(conn: sqlite3.Connection, keys: frozenset[str], pos: int) -> list[Row]:
    """Return the next rows of the feeds *keys*; a thing that moved within them is there, whatever left."""
    if len(keys) <= FEW:
        # Read in the order of pos and by no other index, so that a sync with nothing new reads nothing.
        sql = f"SELECT pos, kind, id, gone FROM feed WHERE pos > ? AND coalesce(commune, '') IN ({marks([*keys])})"
        return conn.execute(f"{sql} ORDER BY pos LIMIT ?", (pos, *keys, PAGE_THINGS + 1)).fetchall()
    found: list[Row] = []
    while len(found) <= PAGE_THINGS:
        rows = conn.execute(
            "SELECT pos, commune, kind, id, gone FROM feed WHERE pos > ? ORDER BY pos LIMIT ?", (pos, 2 * PAGE_THINGS)
        ).fetchall()
        found.extend((row[0], row[2], row[3], row[4]) for row in rows if row[1] in keys)
        if len(rows) < 2 * PAGE_THINGS:
            break
        pos = rows[-1][0]
    return found[: PAGE_THINGS + 1]


def _fill(conn: sqlite3.Connection, rows: list[Row], device: str) -> tuple[list[Change], bool]:
    changes: list[Change] = []
    size = 0
    for change, length in tell(conn, rows[:PAGE_THINGS], device):
        changes.append(change)
        size += length
        if size > PAGE_BYTES:
            break
    return changes, len(changes) < len(rows)


def revisions_for(conn: sqlite3.Connection, id: str, device: str) -> tuple[tuple[str, bytes], ...]:
    """Return the revisions of one visit that a laptop may have, the truth last."""
    return revisions_of(conn, [id], device).get(id, ())
