"""The work of a year, written down: how far a task is, an inspection of a unit's own work, a proposal of a review."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schemas.checklists import Answer
from schemas.fields import REQUIRED
from schemas.ids import is_id, new_id
from schemas.privacy import warnings
from schemas.register import State
from schemas.work import Decided, TaskStanding, standing_tasks, unit_checklist
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.indicators.keeping import is_here
from server.office import Change, state_of

_TASK = ("standing", "on", "paper_number", "paper_on", "paper_body", "note", "reason", "file", "file_name")
_INSPECTION = ("on", "team", "body", "members", "agencies", "findings", "recommendations", "mend_by", "mended_on",
               "mended_how", "number", "void")  # fmt: skip
_PROPOSAL = ("asks", "text", "establishment", "proposed_on", "paper", "standing", "decided_on", "reason")
_DAYS = frozenset({"on", "paper_on", "mended_on", "proposed_on", "decided_on"})  # none of them lies ahead
_TEXTS = ("note", "reason", "findings", "recommendations", "mended_how", "text")


def task_id(plan: str, code: str, unit: str, year: int) -> str:
    """Return the id of a task of a unit in a year: two who write of it at once write of one thing."""
    return str(uuid5(NAMESPACE_URL, f"doi178:year-task:{plan}:{code}:{unit}:{year}"))


def year_task(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say how far a unit is with a task of a year; what is left out stays, an empty value is taken away."""
    only(asked, "plan", "task", "unit", "epoch", "year", "checked", *_TASK)
    unit, year, code = desk.unit(asked, "unit", desk.today), _year(asked), text(asked, "task")
    plan = text(asked, "plan") if asked.get("plan") else ""
    _must_be_ordered(desk, plan, code)
    id = task_id(plan, code, unit.key, year)
    present = state_of(desk.conn, "year_task", id) or {}
    after = _said(desk, asked, _TASK)
    if not present:
        after = {"standing": TaskStanding.TO_DO.value, "plan": plan or None, "code": code,
                 "epoch": unit.epoch.value, "area": unit.code, "year": year} | after  # fmt: skip
    whole = present | after
    if whole["standing"] == TaskStanding.NOT_DONE and not (whole.get("reason") or "").strip():
        raise Unclear("reason", "Ghi lý do không làm.")
    if whole["standing"] == TaskStanding.DONE and not whole.get("on"):
        raise Unclear("on", "Nhập ngày làm xong.")
    if after.get("file") and not is_here(desk.conn, after["file"]):
        raise Unclear("file", "Máy chủ chưa có tệp này; đính kèm tệp ở trang Việc trong năm.")
    return _changed(asked, ("year_task", id), after, present)


def _must_be_ordered(desk: Desk, plan: str, code: str) -> None:
    if not plan:
        known = [one.code for one in standing_tasks()]
        if code not in known:
            raise Unclear("task", f"Không có nhiệm vụ “{code}”; ghi một trong: {', '.join(known)}, hoặc ghi kế hoạch.")
        return
    state = state_of(desk.conn, "plan", plan)
    if state is None:
        raise Unclear("plan", f"Không có kế hoạch mã “{plan}”; xem mã ở trang Kế hoạch.")
    if not state.get(f"task/{code}"):
        raise Unclear("task", f"Kế hoạch này không có nhiệm vụ “{code}”; xem lại mã.")


def unit_inspection(desk: Desk, asked: dict[str, Any]) -> Change:
    """Write down an inspection of a unit's own work, or change the one that is named by its id.

    *answers* is {code: {"answer": …, "note": …}}; a question that is not named stays as it is, and unchecked at first.
    """
    only(asked, "inspection", "unit", "epoch", "answers", "checked", *_INSPECTION)
    id, present = _named(desk, asked, ("unit_inspection", "inspection"))
    after = _said(desk, asked, _INSPECTION)
    if not present or asked.get("unit"):
        day = desk.day(asked, "on") if asked.get("on") else desk.today
        unit = desk.unit(asked, "unit", day)
        after |= {"epoch": unit.epoch.value, "unit": unit.code}
    if not present:
        after = {"version": unit_checklist().version, "members": 0} | after
    after |= _answers(asked, present)
    _hold_together(desk, present | after)
    return _changed(asked, ("unit_inspection", id), after, present)


def _answers(asked: dict[str, Any], present: State) -> State:
    known = [question.code for question in unit_checklist().questions]
    said = asked.get("answers", {})
    if not isinstance(said, dict) or said.keys() - set(known):
        raise Unclear("answers", f"Ghi trả lời theo mã câu hỏi: {', '.join(known)}.")
    unchecked = {} if present else {f"answer/{code}": {"answer": Answer.UNCHECKED.value, "note": ""} for code in known}
    return unchecked | {f"answer/{code}": {"note": "", **one} if isinstance(one, dict) else one
                        for code, one in said.items()}  # fmt: skip


def _hold_together(desk: Desk, whole: State) -> None:
    """Refuse an inspection that nobody made, or whose days cannot have followed one another."""
    if not whole.get("on"):
        raise Unclear("on", "Nhập ngày kiểm tra.")
    if not whole.get("team") and not whole.get("body"):
        raise Unclear("body", "Chọn đoàn, đội kiểm tra, hoặc ghi cơ quan kiểm tra.")
    if whole.get("team") and state_of(desk.conn, "team", str(whole["team"])) is None:
        raise Unclear("team", "Không có đội này; xem mã ở trang Đội kiểm tra.")
    for field in ("mend_by", "mended_on"):
        if whole.get(field) and whole[field] < whole["on"]:
            raise Unclear(field, "Ngày ở trước ngày kiểm tra; xem lại ngày.")


def list_proposal(desk: Desk, asked: dict[str, Any]) -> Change:
    """Write down what a commune proposes after its review, or what was decided of the proposal that is named."""
    only(asked, "proposal", "unit", "epoch", "year", "checked", *_PROPOSAL)
    id, present = _named(desk, asked, ("list_proposal", "proposal"))
    after = _said(desk, asked, _PROPOSAL)
    if after.get("establishment"):
        after["establishment"], _ = desk.establishment(asked)
    if not present:
        unit = desk.unit(asked, "unit", desk.today)
        after = {"standing": Decided.PROPOSED.value, "proposed_on": desk.today.isoformat(), "epoch": unit.epoch.value,
                 "unit": unit.code, "year": _year(asked)} | after  # fmt: skip
        for field in ("asks", "text"):
            if not after.get(field):
                raise Unclear(field, REQUIRED)
    _decided(desk, present | after, after)
    return _changed(asked, ("list_proposal", id), after, present)


def _decided(desk: Desk, whole: State, after: State) -> None:
    if whole["standing"] == Decided.PROPOSED:
        if whole.get("decided_on"):
            after["decided_on"] = None
        return
    if whole["standing"] == Decided.REFUSED and not (whole.get("reason") or "").strip():
        raise Unclear("reason", "Ghi lý do không đồng ý.")
    if not whole.get("decided_on"):
        after["decided_on"] = desk.today.isoformat()
    elif whole["decided_on"] < whole["proposed_on"]:
        raise Unclear("decided_on", "Ngày quyết định ở trước ngày đề xuất; xem lại ngày.")


def _year(asked: dict[str, Any]) -> int:
    year = asked.get("year")
    if isinstance(year, bool) or not str(year or "").isdecimal():
        raise Unclear("year", "Ghi năm, ví dụ 2026.")
    return int(str(year))


def _named(desk: Desk, asked: dict[str, Any], named: tuple[str, str]) -> tuple[str, State]:
    """Return the id and state of the thing of a kind that a field names; a new id where the field is empty."""
    kind, field = named
    if not asked.get(field):
        return new_id(), {}
    id = text(asked, field)
    present = state_of(desk.conn, kind, id) if is_id(id) else None
    if present is None:
        raise Unclear(field, "Không có mã này trên máy chủ; xem lại mã.")
    return id, present


def _said(desk: Desk, asked: dict[str, Any], fields: tuple[str, ...]) -> State:
    after: State = {field: None if asked[field] == "" else asked[field] for field in fields if field in asked}
    for field in (_DAYS | {"mend_by"}) & after.keys():
        if not after[field]:
            continue
        day = desk.any_day(asked, field)
        if field in _DAYS and day > desk.today:
            raise Unclear(field, f"Ngày {day:%d/%m/%Y} ở sau hôm nay; xem lại ngày.")
        after[field] = day.isoformat()
    return after


def _changed(asked: dict[str, Any], thing: tuple[str, str], after: State, present: State) -> Change:
    """Return the edit of what differs; texts that look like data about a person are asked about once."""
    kind, id = thing
    after = {path: value for path, value in after.items() if value != present.get(path)}
    if present and not after:
        raise Unclear("", "Không có gì thay đổi.")
    change = checked_edit(kind, id, after, present)
    if not asked.get("checked"):
        _look_over(after)
    return change


def _look_over(after: State) -> None:
    said = {field: str(after.get(field) or "") for field in _TEXTS}
    said |= {path: value["note"] for path, value in after.items() if path.startswith("answer/") and value}
    found = {field: " ".join(one.label for one in warnings(words)) for field, words in said.items()}
    wrong = {field: sentences for field, sentences in found.items() if sentences}
    if wrong:
        raise Unclear.all(wrong)
