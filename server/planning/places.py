"""What a list says of places: their names and codes, many at a time."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from server.store import in_parts, marks


@dataclass(frozen=True)
class Named:
    """A place by name and code."""

    name: str
    code: str


def named(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Named]:
    """Return the names of places by id."""
    found: dict[str, Named] = {}
    for some in in_parts(sorted(set(ids) - {""})):
        rows = conn.execute(f"SELECT id, name, code FROM establishments WHERE id IN ({marks(some)})", some)
        found |= {id: Named(name, code) for id, name, code in rows}
    return found
