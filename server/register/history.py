"""Who changed what of a place or operator, when, and what stood there before: from the items themselves."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.items import Item, Unreadable, read
from server.office import state_of


@dataclass(frozen=True)
class Changed:
    """One field that an edit set; *beside*: it did not see what stood there, and so stood beside it."""

    path: str
    before: Any
    after: Any
    beside: bool


@dataclass(frozen=True)
class Settled:
    """How an edit that stood beside another was settled: mine, theirs or both; by whom, when and why."""

    keep: str
    by: str
    at: str
    why: str


@dataclass(frozen=True)
class Edit:
    """One edit: when it was made and when it came, by whom, on which machine; *fields* in their order.

    *standing* is the present one. *settled*: what a person decided of what stood beside.
    *erased*: its words were taken out.
    """

    item: str
    made_at: str
    came_at: str
    author: str
    device: str
    standing: str
    fields: tuple[Changed, ...]
    settled: Settled | None = None
    erased: bool = False


def edits(conn: sqlite3.Connection, kind: str, id: str, path: str = "") -> list[Edit]:
    """Return the edits of a thing, the latest first; with *path* those of one field or group."""
    rows = conn.execute(
        "SELECT items.name, items.line, items.standing, items.device, arrivals.at, arrivals.detail"
        "  FROM items JOIN arrivals ON arrivals.seq = items.seq WHERE items.id = ? AND items.kind = ?"
        " ORDER BY items.seq DESC",
        (id, kind),
    ).fetchall()
    names: dict[str, str] = {}
    found = [_edit(conn, row, names) for row in rows]
    return [one for one in found if not path or any(_about(field.path, path) for field in one.fields)]


def _about(path: str, asked: str) -> bool:
    return path == asked or path.partition("/")[0] == asked


def _edit(conn: sqlite3.Connection, row: tuple[Any, ...], names: dict[str, str]) -> Edit:
    name, line, standing, device, at, detail = row
    machine = _name(conn, "device", device, names)
    try:
        item = read(bytes(line or b""))
    except Unreadable:
        return Edit(name, "", at, "", machine, standing, (), erased=True)
    said = json.loads(detail) if detail else {}
    fields = tuple(_fields(item, set(said.get("fields") or ())))
    author = _name(conn, "user", item.author, names) or item.author
    return Edit(name, item.recorded_at, at, author, machine, standing, fields, _settled(conn, name))


def _fields(item: Item, beside: set[str]) -> Iterator[Changed]:
    after, was = (part if isinstance(part, dict) else {} for part in (item.body.get("set"), item.body.get("was")))
    for path, value in after.items():
        if value != was.get(path):
            yield Changed(path, was.get(path), value, path in beside)


def _settled(conn: sqlite3.Connection, name: str) -> Settled | None:
    """Return how what stood beside was settled; None where nobody has."""
    row = conn.execute(
        "SELECT at, detail FROM arrivals WHERE item = ? AND first = 0 ORDER BY seq DESC LIMIT 1", (name,)
    ).fetchone()
    said = json.loads(row[1]) if row and row[1] else {}
    if "settled" not in said:
        return None
    return Settled(str(said["settled"]), str(said.get("by") or ""), str(row[0]), str(said.get("why") or ""))


def _name(conn: sqlite3.Connection, kind: str, id: str, names: dict[str, str]) -> str:
    """Return what people call a user or a machine; a user's own id is not shown."""
    if id not in names:
        names[id] = str((state_of(conn, kind, id) or {}).get("name") or "")
    return names[id]
