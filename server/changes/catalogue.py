"""What the role legal does: a new version of a catalogue row or act group, the code of an uncoded violation."""

import json
from datetime import date
from typing import Any

from schemas.acts import ActFields
from schemas.data.files import ALL_KINDS
from schemas.fields import messages
from schemas.ids import new_id
from schemas.items import read
from schemas.labels import KINDS
from schemas.office import EVENTS
from schemas.register import State
from schemas.violations import Catalogue, CatalogueRow
from server.changes.desk import Desk, Unclear, checked_edit, only, person, text
from server.changes.visits import find_visit
from server.law.catalogue import current
from server.office import Change

ACT = (
    *("row", "code", "alias", "kinds", "name_vi", "name_en", "ind_min", "ind_max", "org_min", "org_max"),
    *("warning_possible", "additional", "effective_from", "effective_from_certain", "effective_to", "citation"),
    *("mark", "household_as", "confirmed_by", "confirmed_on", "source"),
)
AMOUNTS = (("ind_min", "ind_max"), ("org_min", "org_max"))
KEPT = frozenset(ACT) - {"confirmed_by", "confirmed_on"}  # a confirmation is of what stood there, and not passed on
_BOTH = "Ghi cả mức thấp nhất và mức cao nhất, hoặc bỏ trống cả hai."
_OVERLAP = "Mã này đã có dòng có hiệu lực trùng ngày ({key}); cho dòng đó hết hiệu lực trước."
_SIGNED = "Người xác nhận và ngày xác nhận phải ghi cả hai, hoặc bỏ trống cả hai."


def act(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a new version of a catalogue row, or a new row; what a line does not name stays as it was.

    A confirmation does not pass to the next version: whoever changes a row confirms it again.
    """
    only(asked, *ACT, "seen")
    catalogue = current(desk.conn)
    key = text(asked, "row") if asked.get("row") else ""
    row = next((one for one in catalogue.rows if one.key == key), None)
    if key and row is None:
        raise Unclear("row", f"Không có dòng “{key}” trong danh mục; xem lại.")
    _still(asked, _version(desk, "act", "row", key) if key else "")
    state = (stated(row) if row else {}) | {field: asked[field] for field in ACT if field in asked}
    if not row:
        state["row"] = f"{text(asked, 'code')}@{text(asked, 'effective_from')}"
    problems = messages(ActFields().validate(state, partial=True)) | _problems(desk, catalogue, state, row)
    if problems:
        raise Unclear.all(problems)
    return checked_edit("act", new_id(), state, {})


def stated(row: CatalogueRow) -> State:
    """Return a row as the state of a version says it, without its confirmation."""
    days = {"effective_from": row.effective_from, "effective_to": row.effective_to}
    found: State = {field: getattr(row, field) for field in KEPT - {"row", "kinds", *days}}
    found |= {field: day.isoformat() if day else None for field, day in days.items()}
    return found | {"row": row.key, "kinds": list(row.kinds), "confirmed_by": "", "confirmed_on": None}


def _problems(desk: Desk, catalogue: Catalogue, state: State, row: CatalogueRow | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for field in ("code", "name_vi", "effective_from", "citation", "mark"):
        if not state.get(field):
            wrong[field] = "Chưa ghi mục này."
    if row and state.get("code") != row.code:
        wrong["code"] = "Mã của một dòng không đổi được; thêm dòng mới cho mã khác."
    for low, high in AMOUNTS:
        if (state.get(low) is None) != (state.get(high) is None):
            wrong[low if state.get(low) is None else high] = _BOTH
        elif isinstance(state.get(low), int) and isinstance(state.get(high), int) and state[low] > state[high]:
            wrong[low] = "Mức thấp nhất lớn hơn mức cao nhất; xem lại hai số."
    strange = [kind for kind in state.get("kinds") or () if kind not in {ALL_KINDS, *KINDS}]
    if strange:
        wrong["kinds"] = f"Không có loại hình “{strange[0]}”; dùng: {', '.join(KINDS)}, hoặc *."
    return wrong | _days(catalogue, state) | _confirmation(desk, state)


def _days(catalogue: Catalogue, state: State) -> dict[str, str]:
    try:
        since = date.fromisoformat(state.get("effective_from") or "")
        until = date.fromisoformat(state["effective_to"]) if state.get("effective_to") else date.max
    except (TypeError, ValueError):
        return {}  # the schema says what is wrong in a day
    if until < since:
        return {"effective_to": "Ngày hết hiệu lực ở trước ngày có hiệu lực; xem lại hai ngày."}
    for other in catalogue.of_code.get(str(state.get("code")), ()):
        if other.key == state.get("row"):
            continue
        if (other.effective_from or date.min) <= until and since <= (other.effective_to or date.max):
            return {"effective_from": _OVERLAP.format(key=other.key)}
    return {}


def _confirmation(desk: Desk, state: State) -> dict[str, str]:
    by, on = state.get("confirmed_by"), state.get("confirmed_on")
    if bool(by) != bool(on):
        return {"confirmed_by" if on else "confirmed_on": _SIGNED}
    if isinstance(on, str) and on > desk.today.isoformat():
        return {"confirmed_on": "Ngày xác nhận ở sau hôm nay; xem lại ngày."}
    return {}


def act_group(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a new version of an act group: all codes that are the same act in law, under whichever decree.

    A code that it names leaves the group it was in; one that it does not name any more has none.
    """
    only(asked, "group", "name", "codes", "confirmed_by", "confirmed_on", "note", "seen")
    group, catalogue = text(asked, "group"), current(desk.conn)
    _still(asked, _version(desk, "act_group", "group", group))
    written = asked.get("codes") or []
    parts = written.replace(";", " ").replace(",", " ").split() if isinstance(written, str) else list(written)
    unknown = [str(part) for part in parts if not catalogue.find_code(str(part))]
    if unknown:
        raise Unclear("codes", f"Không có mã hành vi {unknown[0]} trong danh mục; xem lại mã.")
    codes = list(dict.fromkeys(catalogue.find_code(str(part)) for part in parts))
    state: State = {"group": group, "codes": codes}
    state |= {field: asked[field] for field in ("name", "note", "confirmed_by", "confirmed_on") if asked.get(field)}
    wrong = _confirmation(desk, state)
    if wrong:
        raise Unclear.all(wrong)
    return checked_edit("act_group", new_id(), state, {})


def _version(desk: Desk, kind: str, path: str, value: str) -> str:
    """Return the id of the newest version of a row or group, empty where there is none beside what was shipped."""
    rows = desk.conn.execute("SELECT id, state FROM things WHERE kind = ? ORDER BY seq", (kind,))
    return next((id for id, state in reversed(rows.fetchall()) if json.loads(state)[path] == value), "")


def _still(asked: dict[str, Any], version: str) -> None:
    """Refuse to write over a version that the person did not see (*seen*: the one that stood on the page)."""
    if "seen" in asked and asked["seen"] != version:
        raise Unclear("seen", "Nơi khác vừa lập phiên bản mới; tải lại trang, xem rồi ghi lại.")


def code_violation(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say which act of the catalogue an uncoded violation is, or, with an empty code, that none fits."""
    only(asked, "inspection", "violation", "code", "by", "on", "note")
    id, line = find_visit(desk, asked)
    violation = text(asked, "violation")
    found = next((one for one in read(line).body.get("violations", ()) if one.get("id") == violation), None)
    if found is None:
        raise Unclear("violation", "Cuộc kiểm tra này không có vi phạm đó; tải lại trang.")
    if found.get("code"):
        raise Unclear("violation", "Vi phạm này đã có mã trong biên bản; muốn đổi thì đính chính biên bản.")
    code = current(desk.conn).find_code(text(asked, "code")) if asked.get("code") else ""
    if asked.get("code") and not code:
        raise Unclear("code", f"Không có mã hành vi {asked['code']} trong danh mục; xem lại mã.")
    on = desk.day(asked, "on") if asked.get("on") else desk.today
    if on > desk.today:
        raise Unclear("on", "Ngày xác nhận ở sau hôm nay; xem lại ngày.")
    by = text(asked, "by") if asked.get("by") else person(desk)
    body = {"inspection": id, "violation": violation, "code": code, "by": by, "on": on.isoformat()}
    body |= {"note": text(asked, "note")} if asked.get("note") else {}
    problems = messages(EVENTS["coding"].validate(body))
    if problems:
        raise Unclear.all(problems)
    return Change("coding", new_id(), body)
