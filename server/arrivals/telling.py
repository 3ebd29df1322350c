"""What a page says of each thing: read many at a time, since a page is full of them."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from server.arrivals.fold_register import KEY_FIELDS
from server.law.held import held_in_short, told
from server.store import marks
from sync.wire import Change

AT_ONCE = 100  # things: those of a part are in memory before a page is known to be full
Row = tuple[int, str, str, int]  # of the feed: pos, kind, id, gone
Sized = tuple[Change, int]


def tell(conn: sqlite3.Connection, rows: Sequence[Row], device: str) -> Iterator[Sized]:
    """Say of each of *rows* what *device* may know, in their order, with about how many bytes that is."""
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        told = _told(conn, part, device)
        for row in part:
            pos, kind, id, gone = row
            yield (Change(pos, kind, id, gone=True), 100) if gone else told[kind](row)


def _told(conn: sqlite3.Connection, part: Sequence[Row], device: str) -> dict[str, Callable[[Row], Sized]]:
    """Read what is to be said of *part*, and return for each kind how it is said."""
    ids: dict[str, list[str]] = {}
    for _, kind, id, gone in part:
        if not gone:
            ids.setdefault(kind, []).append(id)
    return {kind: _KINDS.get(kind, _things)(conn, kind, wanted, device) for kind, wanted in ids.items()}


def _things(conn: sqlite3.Connection, kind: str, ids: Sequence[str], device: str) -> Callable[[Row], Sized]:
    """A thing of the register goes out as the text that it is kept as."""
    found: dict[str, str] = dict(
        conn.execute(f"SELECT id, state FROM things WHERE kind = ? AND id IN ({marks(ids)})", (kind, *ids)).fetchall()
    )
    return lambda row: (Change(row[0], row[1], row[2], text=found[row[2]]), len(found[row[2]]))


def _inspections(conn: sqlite3.Connection, kind: str, ids: Sequence[str], device: str) -> Callable[[Row], Sized]:
    revisions = revisions_of(conn, ids, device)
    reviews = {
        id: dict(zip(("review", "comment", "item", "by", "id"), said, strict=True))
        for id, *said in conn.execute(
            "SELECT inspection, review, comment, about, reviewer, review_id FROM reviews"
            f" WHERE inspection IN ({marks(ids)})",
            ids,
        )
    }

    def said(row: Row) -> Sized:
        found = revisions.get(row[2], ())
        return Change(row[0], row[1], row[2], revisions=found, review=reviews.get(row[2])), _size(found)

    return said


def _size(revisions: Iterable[tuple[str, bytes]]) -> int:
    return sum(len(line) for _, line in revisions)


def revisions_of(
    conn: sqlite3.Connection, ids: Sequence[str], device: str
) -> dict[str, tuple[tuple[str, bytes], ...]]:
    """Return the revisions of visits that a laptop may have: the accepted ones, and all of its own; the truth last."""
    rows = conn.execute(
        "SELECT items.id, standing, line FROM items"
        "  LEFT JOIN visits ON visits.id = items.id AND visits.item = items.name"
        f" WHERE items.id IN ({marks(ids)}) AND kind = 'inspection' AND (standing = 'accepted' OR items.device = ?)"
        "   AND standing <> 'erased' ORDER BY visits.item IS NOT NULL, items.seq",
        (*ids, device),
    )
    found: dict[str, tuple[tuple[str, bytes], ...]] = {}
    for id, standing, line in rows:
        found[id] = (*found.get(id, ()), (standing, line))
    return found


def _one_by_one(read: Callable[[sqlite3.Connection, str], dict[str, Any]]) -> Callable[..., Callable[[Row], Sized]]:
    """Tell of kinds that are few on any page."""

    def tell_of(conn: sqlite3.Connection, kind: str, ids: Sequence[str], device: str) -> Callable[[Row], Sized]:
        return lambda row: (Change(row[0], row[1], row[2], read(conn, row[2])), 200)

    return tell_of


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


def _device_key(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    (text,) = conn.execute("SELECT state FROM things WHERE kind = 'device' AND id = ?", (id,)).fetchone()
    state = json.loads(text)
    return {field: state[field] for field in KEY_FIELDS if state.get(field)}


def _said(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    inspection, author, said = conn.execute(
        "SELECT inspection, author, said FROM said_of_visits WHERE id = ?", (id,)
    ).fetchone()
    return {"inspection": inspection, "author": author, "said": json.loads(said)}


def _held(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    return held_in_short(conn)


_KINDS: dict[str, Callable[..., Callable[[Row], Sized]]] = {
    "inspection": _inspections,
    "standing": _one_by_one(_standing),
    "outside_check": _one_by_one(_outside_check),
    "device_key": _one_by_one(_device_key),
    "paper": _one_by_one(_said),
    "resolution": _one_by_one(_said),
    "duty": _one_by_one(_said),
    "comment": _one_by_one(_said),
    "repeat": _one_by_one(told),
    "decisions_held": _one_by_one(_held),
}
