"""What waits for a person in an area: two versions, no right, something to put right, a record that does not come."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.items import Item, read
from schemas.settling import SETTLING

# In the order in which they are shown: what a person can end at once comes first.
GROUPS = ("conflict", "right", "content", "held", "ours")
_OURS = frozenset({"schema", "server-fault"})


@dataclass(frozen=True)
class Waiting:
    """An item that stands aside: in which group, whose, and where it is about."""

    item: str
    kind: str
    id: str
    standing: str
    detail: dict[str, Any]
    device: str
    at: str
    seq: int

    @property
    def group(self) -> str:
        """Name the group of GROUPS that the item is shown in."""
        if self.standing != "quarantined":
            return self.standing
        reason = str(self.detail.get("reason"))
        return "ours" if reason in _OURS else reason


_COLUMNS = (
    "SELECT aside.item, aside.kind, aside.id, aside.standing, aside.detail, aside.device, arrivals.at, items.seq"
    "  FROM aside JOIN items ON items.name = aside.item JOIN arrivals ON arrivals.seq = items.seq"
)


def waiting(conn: sqlite3.Connection, communes: frozenset[str], units: frozenset[str]) -> list[Waiting]:
    """Return what waits in an area, the earliest first: *communes* of the present map, *units* that laptops are of."""
    rows = conn.execute(
        f"{_COLUMNS} WHERE aside.standing IN ('conflict', 'quarantined', 'held') ORDER BY items.seq"
    )
    found = (_waiting(row) for row in rows.fetchall())
    return [one for one in found if not _is_told_already(one) and lies_in(conn, one, communes, units)]


def find(conn: sqlite3.Connection, name: str) -> Waiting | None:
    """Return the item *name* if it stands aside and may be decided, whatever its area."""
    row = conn.execute(
        f"{_COLUMNS} WHERE aside.item = ? AND aside.standing IN ('conflict', 'quarantined', 'held')", (name,)
    ).fetchone()
    one = _waiting(row) if row else None
    return None if one is None or _is_told_already(one) else one


def _is_told_already(one: Waiting) -> bool:
    """Say whether who made it was told at once that it did not hold: a decision, or a review of what was not seen."""
    late = one.kind == "review" and "was" in (one.detail.get("problems") or {})
    return late or one.kind in SETTLING


def _waiting(row: tuple[Any, ...]) -> Waiting:
    item, kind, id, standing, detail, device, at, seq = row
    return Waiting(item, kind, id, standing, json.loads(detail) if detail else {}, device, at, seq)


def lies_in(conn: sqlite3.Connection, one: Waiting, communes: frozenset[str], units: frozenset[str]) -> bool:
    """Say whether an item is about a place of the area; where no place is known, whether its laptop is of the area.

    What the office says of no place lies where the thing itself does. What lies nowhere, everybody
    who decides may decide: else nobody could.
    """
    about = set(_communes(conn, one))
    if about:
        return not about.isdisjoint(communes)
    unit = _unit_of(conn, "device", one.device) or _unit_of(conn, one.kind, one.id)
    return not unit or unit in units


def _unit_of(conn: sqlite3.Connection, kind: str, id: str) -> str:
    state = _state(conn, kind, id)
    return f"{state['epoch']}:{state['area']}" if state.get("area") else ""


def _state(conn: sqlite3.Connection, kind: str, id: str) -> dict[str, Any]:
    row = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    return found


def _communes(conn: sqlite3.Connection, one: Waiting) -> Iterator[str]:
    for place in _places(conn, one):
        yield from (row[0] for row in conn.execute("SELECT commune FROM placements WHERE establishment = ?", (place,)))


def _places(conn: sqlite3.Connection, one: Waiting) -> list[str]:
    if one.kind == "establishment":
        return [one.id]
    if one.kind in {"operator", "decision"}:
        operator = one.id if one.kind == "operator" else str(_state(conn, "decision", one.id).get("operator"))
        rows = conn.execute("SELECT establishment FROM operator_places WHERE operator = ?", (operator,))
        return [row[0] for row in rows.fetchall()]
    body = line_of(conn, one.item).body
    if one.kind == "assignment":
        asked = body.get("set")
        place = _state(conn, one.kind, one.id).get("establishment")
        place = place or (asked.get("establishment") if isinstance(asked, dict) else None)
        return [place] if isinstance(place, str) else []
    named = body.get("establishment") if isinstance(body.get("establishment"), str) else None
    row = conn.execute("SELECT establishment FROM visits WHERE id = ?", (str(body.get("inspection")),)).fetchone()
    return [place for place in (named, row[0] if row else None) if place]


def line_of(conn: sqlite3.Connection, name: str) -> Item:
    """Read an item that is kept with its bytes."""
    (line,) = conn.execute("SELECT line FROM items WHERE name = ?", (name,)).fetchone()
    return read(line)


def unreadable(conn: sqlite3.Connection, units: frozenset[str]) -> list[tuple[str, str, str]]:
    """Return hash, laptop and moment of each line that could not be read at all, of the laptops of *units*."""
    rows = conn.execute(
        "SELECT hash, device, at, state FROM unreadable LEFT JOIN things ON kind = 'device' AND id = device"
        " WHERE length(line) > 0 ORDER BY at, hash"
    ).fetchall()
    areas = [(row[:3], json.loads(row[3]) if row[3] else {}) for row in rows]
    return [row for row, state in areas if f"{state.get('epoch')}:{state.get('area')}" in units]
