"""What was said of a thing of the register, one change after another: when, by whom, what stood before and after."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from server.people.deputies import called


@dataclass(frozen=True)
class Edit:
    """One change: what it set, field by field, as (path, before, after); *item* is its receipt."""

    at: str
    author: str
    item: str
    fields: tuple[tuple[str, Any, Any], ...]


def edits(conn: sqlite3.Connection, kind: str, id: str) -> list[Edit]:
    """Return the changes of a thing that are in the truth, the latest first."""
    rows = conn.execute(
        "SELECT items.name, line, at FROM items JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE items.kind = ? AND items.id = ? AND items.standing = 'accepted' ORDER BY items.seq DESC",
        (kind, id),
    ).fetchall()
    return [_edit(conn, *row) for row in rows]


def _edit(conn: sqlite3.Connection, item: str, line: bytes, at: str) -> Edit:
    said = json.loads(line)
    now, before = said["body"]["set"], said["body"]["was"]
    fields = tuple((path, before.get(path), value) for path, value in now.items() if value != before.get(path))
    return Edit(at, called(conn, said["author"]), item, fields)
