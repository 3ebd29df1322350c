"""The weights by which an area's list is ranked: numbers that people change, each change with who, when and why."""

from typing import Any

from schemas.planning import NUMBERS, default_weights
from schemas.register import State
from server.arrivals.world import unit_tree
from server.changes.desk import Desk, Unclear, checked_edit, only
from server.office import Change, state_of
from server.planning.weights import in_force


def weights(desk: Desk, asked: dict[str, Any]) -> Change:
    """Set weights of an area; what a line does not name stays as it is in force there."""
    only(asked, "area", "epoch", "note", *NUMBERS)
    unit = desk.unit(asked, "area", desk.today)
    wrong = {name: "Ghi một số nguyên." for name in NUMBERS if name in asked and type(asked[name]) is not int}
    if wrong:
        raise Unclear.all(wrong)
    present = state_of(desk.conn, "weights", unit.key) or {}
    now = default_weights() | in_force(desk.conn, unit_tree(desk.conn), unit.key).values
    after: State = {"epoch": unit.epoch.value, "area": unit.code}
    after |= {name: asked.get(name, now[name]) for name in NUMBERS}
    after["note"] = str(asked.get("note") or "") or None
    changed = {path: value for path, value in after.items() if present.get(path) != value}
    if not any(name in changed for name in NUMBERS):
        raise Unclear("area", "Không có trọng số nào thay đổi.")
    return checked_edit("weights", unit.key, changed, present)
