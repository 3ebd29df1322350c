"""The things under a figure, each with its name, its day and its page; what they are called is looked up now."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server.store import in_parts, marks


@dataclass(frozen=True)
class Thing:
    """One thing under a figure; *leads* is the address of its page, empty where there is none."""

    id: str
    name: str
    day: str
    more: str
    leads: str


def things_under(conn: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[Thing]:
    """Return the things with these ids in their order; what is no more there is shown by its id."""
    look = _LOOKS.get(kind, _items)
    found: dict[str, Thing] = {}
    for part in in_parts(ids):
        found |= {thing.id: thing for thing in look(conn, part)}
    return [found.get(id, Thing(id, id, "", "", "")) for id in ids]


def _rows(conn: sqlite3.Connection, query: str, part: Sequence[str]) -> list[Any]:
    return conn.execute(query.replace("(…)", f"({marks(part)})"), list(part)).fetchall()


def _places(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(conn, "SELECT id, name, code FROM establishments WHERE id IN (…)", part)
    return [Thing(id, name, "", code, f"/co-so/{id}") for id, name, code in rows]


def _visits(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(
        conn,
        "SELECT visits.id, coalesce(name, ''), date, coalesce(code, '') FROM visits"
        " LEFT JOIN establishments ON establishments.id = establishment WHERE visits.id IN (…)",
        part,
    )
    return [Thing(id, name, day, code, f"/cuoc-kiem-tra/{id}") for id, name, day, code in rows]


def _violations(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(
        conn,
        "SELECT violation, inspection, found_acts.code, committed_on, coalesce(name, '') FROM found_acts"
        " LEFT JOIN visits ON visits.id = inspection LEFT JOIN establishments ON establishments.id = establishment"
        " WHERE violation IN (…)",
        part,
    )
    return [Thing(id, name, day, code, f"/cuoc-kiem-tra/{visit}") for id, visit, code, day, name in rows]


def _decisions(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(conn, "SELECT id, number, decided_on, authority FROM decisions WHERE id IN (…)", part)
    return [Thing(id, number, day, authority, f"/quyet-dinh/{id}") for id, number, day, authority in rows]


def _operators(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(conn, "SELECT id, state FROM things WHERE kind = 'operator' AND id IN (…)", part)
    return [Thing(id, json.loads(state)["name"], "", "", f"/chu-co-so/{id}") for id, state in rows]


def _tips(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(conn, "SELECT id, number, received_on FROM tips WHERE id IN (…)", part)
    return [Thing(id, number, day, "", f"/tin-bao/{id}") for id, number, day in rows]


def _items(conn: sqlite3.Connection, part: Sequence[str]) -> list[Thing]:
    rows = _rows(
        conn,
        "SELECT aside.item, aside.id, coalesce(name, ''), coalesce(date, '') FROM aside"
        " LEFT JOIN establishments ON establishments.id = establishment WHERE aside.item IN (…)",
        part,
    )
    return [Thing(item, name or id, day, "", "") for item, id, name, day in rows]


_LOOKS: dict[str, Callable[[sqlite3.Connection, Sequence[str]], list[Thing]]] = {
    "place": _places,
    "visit": _visits,
    "violation": _violations,
    "decision": _decisions,
    "suspension": _decisions,
    "operator": _operators,
    "tip": _tips,
}
