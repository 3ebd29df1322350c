"""What each row of each source said last time, and which thing it is about: the table import_rows.

A row is known by its source and key. The source is what is imported (`establishments`),
not the file: the key, a code that the office gives, says which row it is, so a register
that comes under another file name, or as CSV one year and XLSX the next, is still the same.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from server.store import in_parts, marks, writing


@dataclass(frozen=True)
class Said:
    """What a row said: its cells, and the state that they made; nothing yet when only the thing's id is kept."""

    thing: str
    cells: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A row of the ledger to be written."""

    source: str
    key: str
    said: Said


def recall(conn: sqlite3.Connection, source: str, keys: Iterable[str]) -> dict[str, Said]:
    """Return what the rows under *keys* said last time; those never seen are left out."""
    found: dict[str, Said] = {}
    for some in in_parts(list(keys)):
        rows = conn.execute(
            f"SELECT key, thing, said FROM import_rows WHERE source = ? AND key IN ({marks(some)})", (source, *some)
        )
        for key, thing, said in rows:
            cells, state = json.loads(said) if said else ({}, {})
            found[key] = Said(thing, cells, state)
    return found


def keep(db: Database, reserved: Iterable[Entry], said: Iterable[Entry]) -> None:
    """Write what rows have said, and the ids of things about to be made, in one short transaction.

    An id is kept before its thing is made, so that an import that was cut short makes
    nothing twice.
    """
    with writing(db) as conn:
        conn.executemany(
            "INSERT INTO import_rows (source, key, thing, said) VALUES (?, ?, ?, '')"
            " ON CONFLICT (source, key) DO NOTHING",
            [(entry.source, entry.key, entry.said.thing) for entry in reserved],
        )
        conn.executemany(
            "INSERT INTO import_rows (source, key, thing, said) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (source, key) DO UPDATE SET thing = excluded.thing, said = excluded.said",
            [(entry.source, entry.key, entry.said.thing, _text(entry.said)) for entry in said],
        )


def _text(said: Said) -> str:
    return json.dumps([said.cells, said.state], ensure_ascii=False, separators=(",", ":"))


class Seen:
    """The keys of this import so far and the line of each: on disk, so that memory stays flat."""

    def __init__(self) -> None:
        """Begin with nothing seen, in a private database that goes away by itself."""
        self._conn = sqlite3.connect("", isolation_level=None)
        self._conn.execute("PRAGMA journal_mode=OFF")
        self._conn.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER, cells TEXT)")

    def first(self, key: str, line: int, cells: dict[str, str]) -> tuple[int, dict[str, str]] | None:
        """Return the line and cells under which *key* came before; None, and remember it, when it did not."""
        row = self._conn.execute("SELECT line, cells FROM seen WHERE key = ?", (key,)).fetchone()
        if row:
            return row[0], json.loads(row[1])
        self._conn.execute("INSERT INTO seen VALUES (?, ?, ?)", (key, line, json.dumps(cells)))
        return None

    def close(self) -> None:
        """Let it go."""
        self._conn.close()
