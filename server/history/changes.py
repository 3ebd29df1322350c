"""What became of a place or an operator in the register: who ran it, where it stood, what it was called, merges."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from schemas.days import local_day
from schemas.items import read
from schemas.register import State
from schemas.units import UnitTree
from server.history.events import Event
from server.history.reach import members
from server.history.spans import Span, spans
from server.office import state_of

GROUPS = ("operator", "status", "place", "kind")


def of_spans(conn: sqlite3.Connection, tree: UnitTree, state: State) -> Iterator[Event]:
    """Yield what the spans of a place tell: from which day it had this operator, status, address or kind."""
    for group in GROUPS:
        for place, span in enumerate(spans(state, group)):
            said = _named(conn, tree, group, span) | ({"to": span["to"]} if span.get("to") else {})
            yield Event(str(span.get("from") or ""), group, first=place == 0, said=said)


def _named(conn: sqlite3.Connection, tree: UnitTree, group: str, span: Span) -> dict[str, Any]:
    if group == "operator":
        return {"operator": span["operator"], "name": name_of(conn, "operator", span["operator"])}
    if group == "place":
        key = f"{span.get('epoch')}:{span.get('unit')}"
        unit = tree.get(key)
        return {"unit": key, "unit_name": unit.name if unit else key, "address": span.get("address") or ""}
    return {group: span[group]}


def of_edits(conn: sqlite3.Connection, kind: str, root: str) -> Iterator[Event]:
    """Yield what edits tell and no span does: another name, a merge, its end. The day is that of the edit."""
    for id in members(conn, kind, root):
        name = ""
        for (line,) in conn.execute(
            "SELECT line FROM items WHERE id = ? AND kind = ? AND standing IN ('accepted', 'conflict') ORDER BY seq",
            (id, kind),
        ).fetchall():
            edit = read(line)
            day = local_day(edit.recorded_at).isoformat()
            said: dict[str, Any] = edit.body.get("set") or {}
            if said.get("name") and name and said["name"] != name:
                yield Event(day, "name", about=id, said={"was": name, "name": said["name"]})
            name = said.get("name") or name
            if "merged_into" in said:
                yield from _merge(conn, kind, id, day, (said, edit.body.get("was") or {}))


def _merge(
    conn: sqlite3.Connection, kind: str, id: str, day: str, edit: tuple[dict[str, Any], dict[str, Any]]
) -> Iterator[Event]:
    into, left = edit[0]["merged_into"], edit[1].get("merged_into")
    if into or left:
        names = {"name": name_of(conn, kind, id), "into": name_of(conn, kind, str(into or left))}
        yield Event(day, "merged" if into else "unmerged", about=id, said=names)


def name_of(conn: sqlite3.Connection, kind: str, id: str) -> str:
    """Return what a thing is called now."""
    return str((state_of(conn, kind, id) or {}).get("name") or "")
