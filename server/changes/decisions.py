"""Entering a sanction decision, or changing the one of the same number and authority."""

from datetime import date
from typing import Any

from schemas.decisions import Suspended
from schemas.fields import is_day
from schemas.ids import new_id
from schemas.items import read
from schemas.register import State
from schemas.violations import Catalogue
from schemas.whose import operator_on
from server.changes.desk import REQUIRED, Desk, Unclear, checked_edit, only, text
from server.changes.visits import find_visit
from server.law import checks
from server.law.catalogue import current
from server.office import Change, state_of

COLUMNS = (
    *("number", "authority", "operator", "establishment", "codes", "committed_on", "decided_on", "delivered_on"),
    *("sanction", "sanctions", "amount", "ordered", "main_done_on", "additional_done_on", "remedies_done_on"),
    *("suspension_to", "cancelled_on", "complaint_from", "evasion_from", "evasion_to", "inspection", "violations"),
)
SUSPENSIONS = tuple(what.value for what in Suspended)


def decision(desk: Desk, asked: dict[str, Any]) -> Change:
    """Enter a sanction decision, or change the one of this number and authority.

    Without *operator* it is who ran *establishment* on the day of the act, or of the
    decision. What a line does not name stays; null takes a fact back: it is not known.
    *decision* names one by its id, so that its number or authority can be put right. With
    *inspection* and *violations* it is about those acts of a visit, the uncoded ones too.
    """
    only(asked, *COLUMNS, *SUSPENSIONS, "decision")
    id, present = _meant(desk, asked)
    after: State = {field: asked[field] for field in COLUMNS if field in asked and asked[field] != ""}
    after |= _read(asked, current(desk.conn)) | _suspensions(asked)
    if asked.get("inspection"):
        after |= _of_visit(desk, asked, after)
        asked = {"establishment": present.get("establishment") or after["establishment"], **asked}
    if asked.get("establishment"):
        after["establishment"], place = desk.establishment({"establishment": asked["establishment"]})
        if not asked.get("operator") and not present:
            after["operator"] = _who_ran(place, asked)
    if asked.get("operator"):
        after["operator"], _ = desk.operator(asked)
    whole = present | after
    missing = {field: REQUIRED for field in ("operator", "decided_on", "sanction") if not whole.get(field)}
    if not whole.get("codes") and not whole.get("violations"):
        missing["codes"] = REQUIRED
    if missing:
        raise Unclear.all(missing)
    after.setdefault("codes", whole.get("codes") or [])
    change = checked_edit("decision", id, after, present)
    wrong = checks.problems(whole | after, current(desk.conn))
    if wrong:
        raise Unclear.all(wrong)
    return change


def _meant(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    number, authority = text(asked, "number"), text(asked, "authority")
    there, present = find(desk, number, authority)
    if not asked.get("decision"):
        return there, present
    id = text(asked, "decision")
    named = state_of(desk.conn, "decision", id)
    if named is None:
        raise Unclear("decision", "Không có quyết định này; xem lại mã.")
    if present and there != id:
        raise Unclear("number", "Cơ quan này đã có quyết định khác mang số đó; xem lại số.")
    return id, named


def _of_visit(desk: Desk, asked: dict[str, Any], after: State) -> State:
    """Return which visit it is about; the acts of *violations* add their codes to those that are named."""
    id, line = find_visit(desk, asked)
    body = read(line).body
    found = {one["id"]: one for one in body.get("violations", ()) if one.get("id")}
    said: State = {"inspection": id, "establishment": body["establishment"]}
    chosen = asked.get("violations")
    if chosen is None:
        return said
    if not isinstance(chosen, list) or any(one not in found for one in chosen):
        raise Unclear("violations", "Cuộc kiểm tra này không có vi phạm đó; chọn lại.")
    coded = [found[one]["code"] for one in chosen if found[one].get("code")]
    codes = list(dict.fromkeys([*coded, *(after.get("codes") or ())]))
    return said | {"violations": list(dict.fromkeys(chosen)), "codes": codes}


def _suspensions(asked: dict[str, Any]) -> State:
    """Return a suspension for each kind of paper that a line names; null takes one back."""
    return {f"suspension/{what}": _suspension(what, asked[what]) for what in SUSPENSIONS if what in asked}


def _suspension(what: str, said: Any) -> dict[str, Any] | None:
    if not said:
        return None
    if not isinstance(said, dict):
        raise Unclear(what, "Ghi dạng {\"from\": ngày đầu, \"to\": ngày cuối}.")
    return {"what": what, "from": said.get("from") or None, "to": said.get("to") or None}


def _read(asked: dict[str, Any], catalogue: Catalogue) -> State:
    found: State = {}
    if isinstance(asked.get("codes"), str):
        found["codes"] = checks.codes(asked["codes"], catalogue)
    if isinstance(asked.get("ordered"), str):
        found["ordered"] = asked["ordered"].replace(";", " ").replace(",", " ").split()
    if isinstance(asked.get("sanctions"), str):
        found["sanctions"] = checks.sanctions(asked["sanctions"], catalogue)
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
