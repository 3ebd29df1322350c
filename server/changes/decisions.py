"""Entering a sanction decision, or changing the one of the same number and authority."""

from datetime import date
from typing import Any

from schemas.fields import is_day
from schemas.ids import new_id
from schemas.register import State
from schemas.whose import operator_on
from server.changes.desk import REQUIRED, Desk, Unclear, checked_edit, only, text
from server.law import checks
from server.office import Change, state_of

COLUMNS = (
    *("number", "authority", "operator", "establishment", "codes", "committed_on", "decided_on", "delivered_on"),
    *("sanction", "sanctions", "amount", "ordered", "main_done_on", "additional_done_on", "remedies_done_on"),
    *("suspension_to", "cancelled_on", "complaint_from", "evasion_from", "evasion_to", "inspection"),
)


def decision(desk: Desk, asked: dict[str, Any]) -> Change:
    """Enter a sanction decision, or change the one of this number and authority.

    Without *operator* it is who ran *establishment* on the day of the act, or of the
    decision. What a line does not name stays; null takes a fact back: it is not known.
    """
    only(asked, *COLUMNS)
    number, authority = text(asked, "number"), text(asked, "authority")
    id, present = find(desk, number, authority)
    after: State = {field: asked[field] for field in COLUMNS if field in asked and asked[field] != ""}
    after |= _read(asked)
    if asked.get("establishment"):
        after["establishment"], place = desk.establishment(asked)
        if not asked.get("operator") and not present:
            after["operator"] = _who_ran(place, asked)
    if asked.get("operator"):
        after["operator"], _ = desk.operator(asked)
    whole = present | after
    for field in ("operator", "codes", "decided_on", "sanction"):
        if not whole.get(field):
            raise Unclear(field, REQUIRED)
    change = checked_edit("decision", id, after, present)
    wrong = checks.problems(whole)
    if wrong:
        raise Unclear.all(wrong)
    return change


def _read(asked: dict[str, Any]) -> State:
    found: State = {}
    if isinstance(asked.get("codes"), str):
        found["codes"] = checks.codes(asked["codes"])
    if isinstance(asked.get("ordered"), str):
        found["ordered"] = asked["ordered"].replace(";", " ").replace(",", " ").split()
    if isinstance(asked.get("sanctions"), str):
        found["sanctions"] = checks.sanctions(asked["sanctions"])
    return found


def _who_ran(place: State, asked: dict[str, Any]) -> str:
    day = str(asked.get("committed_on") or asked.get("decided_on") or "")
    operator = operator_on(place, date.fromisoformat(day)) if is_day(day) else None
    if operator is None:
        raise Unclear("operator", "Chưa rõ chủ cơ sở vào ngày đó; ghi mã định danh của chủ cơ sở.")
    return operator


def find(desk: Desk, number: str, authority: str) -> tuple[str, State]:
    """Return the id and present state of the decision of this number and authority; a new id where there is none."""
    row = desk.conn.execute(
        "SELECT id FROM decisions WHERE number = ? AND authority = ? ORDER BY id", (number, authority)
    ).fetchone()
    return (row[0], state_of(desk.conn, "decision", row[0]) or {}) if row else (new_id(), {})
