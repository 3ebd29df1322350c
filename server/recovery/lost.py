"""What laptops saw and a restored server lacks: told by their cursors and receipts, and listed."""

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from schemas.fields import instant_text
from server.store import get_meta
from sync.wire import Cursor


@dataclass(frozen=True)
class Lost:
    """One history that ended with a lost disk, as far as laptops tell of it.

    *contacts*: who had read how far. *back*: items that laptops held receipts for and that
    came again. *awaited*: those that did not come yet. *missing*: ranges of numbers that
    nobody has told of: changes of standing, the office's own work, or a laptop that has not
    been in touch.
    """

    lineage: str
    shared_to: int
    seen_to: int
    ended_at: str
    contacts: tuple[dict[str, Any], ...]
    back: tuple[dict[str, Any], ...]
    awaited: tuple[dict[str, Any], ...]
    missing: tuple[tuple[int, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as a command prints it."""
        return asdict(self)


def note_contact(conn: sqlite3.Connection, device: str, cursor: str, at: datetime) -> None:
    """Keep how far *device* had read in a history that is not this one; a cursor that cannot be read tells nothing."""
    try:
        told = Cursor.parse(cursor)
    except ValueError:
        return
    if told.lineage == get_meta(conn, "lineage"):
        return
    conn.execute(
        "INSERT INTO lost_contacts (device, lineage, seq, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (device, lineage) DO UPDATE SET at = excluded.at,"
        " seq = CASE WHEN excluded.seq > lost_contacts.seq THEN excluded.seq ELSE lost_contacts.seq END",
        (device, told.lineage, told.seq, instant_text(at)),
    )


def note_items(
    conn: sqlite3.Connection, device: str, receipts: Iterable[tuple[str, int, str]], at: datetime
) -> None:
    """Keep that *device* holds *receipts* (item, sequence, lineage) for items that are not here."""
    conn.executemany(
        "INSERT INTO lost_items (item, device, lineage, seq, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (item) DO NOTHING",
        [(item, device, lineage, seq, instant_text(at)) for item, seq, lineage in receipts],
    )


def lost(conn: sqlite3.Connection) -> list[Lost]:
    """Return every history of which this server holds only the beginning, the latest first."""
    known = {row[0]: (row[1], row[2]) for row in conn.execute("SELECT lineage, last_seq, ended_at FROM lineages")}
    told = [row[0] for row in conn.execute("SELECT lineage FROM lost_contacts UNION SELECT lineage FROM lost_items")]
    found = [_lost(conn, lineage, *known.get(lineage, (0, ""))) for lineage in {*known, *told}]
    return sorted(found, key=lambda one: (one.ended_at, one.lineage), reverse=True)


def _lost(conn: sqlite3.Connection, lineage: str, shared_to: int, ended_at: str) -> Lost:
    contacts = _rows(conn, "SELECT device, seq, at FROM lost_contacts WHERE lineage = ? AND seq > ? ORDER BY seq DESC",
                     (lineage, shared_to))  # fmt: skip
    told = _rows(
        conn,
        "SELECT lost_items.item, lost_items.device, lost_items.seq, items.seq AS now, items.standing"
        "  FROM lost_items LEFT JOIN items ON items.name = lost_items.item WHERE lineage = ? ORDER BY lost_items.seq",
        (lineage,),
    )
    numbers = [row["seq"] for row in told]
    seen_to = max([shared_to, *(row["seq"] for row in contacts), *numbers])
    back = tuple(row for row in told if row["now"] is not None)
    awaited = tuple(row for row in told if row["now"] is None)
    missing = tuple(_gaps(shared_to, seen_to, numbers))
    return Lost(lineage, shared_to, seen_to, ended_at, contacts, back, awaited, missing)


def _rows(conn: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> tuple[dict[str, Any], ...]:
    found = conn.execute(query, values)
    names = [column[0] for column in found.description]
    return tuple(dict(zip(names, row, strict=True)) for row in found)


def _gaps(after: int, upto: int, numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Return the ranges between *after* and *upto* in which no number stands; *numbers* are in order."""
    for number in (*numbers, upto + 1):
        if after + 1 < number:
            yield after + 1, number - 1
        after = max(after, number)
