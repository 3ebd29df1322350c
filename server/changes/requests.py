"""Recording a request of an operator about its own data, and the answer to it."""

from datetime import timedelta
from typing import Any

from schemas.data_requests import days_to_answer
from schemas.ids import new_id
from schemas.register import State
from server.changes.desk import REQUIRED, Desk, Unclear, checked_edit, only, text
from server.office import Change, things

COLUMNS = ("operator", "paper", "asks", "about", "received_on", "due_on", "answer", "answered_on", "answer_paper",
           "answer_note")  # fmt: skip
_NEW = ("asks", "received_on")


def data_request(desk: Desk, asked: dict[str, Any]) -> Change:
    """Record a request, or change the one of this operator and paper: an answer is such a change.

    Without *due_on* it is due as many days after it came as the rules say.
    """
    only(asked, *COLUMNS)
    operator, _ = desk.operator(asked)
    paper = text(asked, "paper")
    id, present = find(desk, operator, paper)
    after: State = {field: asked[field] for field in COLUMNS if field in asked and asked[field] != ""}
    after |= {"operator": operator, "paper": paper}
    for field in ("received_on", "due_on", "answered_on"):
        if after.get(field):
            after[field] = desk.day(asked, field).isoformat()
    whole = present | after
    for field in _NEW:
        if not whole.get(field):
            raise Unclear(field, REQUIRED)
    if not whole.get("due_on"):
        due = desk.day(whole, "received_on") + timedelta(days=days_to_answer())
        after["due_on"] = whole["due_on"] = due.isoformat()
    wrong = problems(whole, desk.today.isoformat())
    if wrong:
        raise Unclear.all(wrong)
    return checked_edit("data_request", id, after, present)


def problems(state: State, today: str) -> dict[str, str]:
    """Return what is wrong in a request between its fields."""
    found: dict[str, str] = {}
    if state["received_on"] > today:
        found["received_on"] = "Ngày nhận ở sau hôm nay; xem lại ngày."
    if state["due_on"] < state["received_on"]:
        found["due_on"] = "Hạn trả lời ở trước ngày nhận; xem lại hai ngày."
    if state["asks"] == "correct" and not (state.get("about") or "").strip():
        found["about"] = "Ghi cần sửa nội dung nào, sửa thành gì."
    if bool(state.get("answer")) != bool(state.get("answered_on")):
        field = "answered_on" if state.get("answer") else "answer"
        found[field] = "Ghi cả kết quả trả lời và ngày trả lời."
    elif state.get("answered_on"):
        if not state["received_on"] <= state["answered_on"] <= today:
            found["answered_on"] = "Ngày trả lời phải từ ngày nhận đến hôm nay; xem lại ngày."
        if state["answer"] in ("refused", "partly") and not (state.get("answer_note") or "").strip():
            found["answer_note"] = "Ghi lý do không làm theo yêu cầu."
    return found


def find(desk: Desk, operator: str, paper: str) -> tuple[str, State]:
    """Return the id and present state of the request of an operator by a paper; a new id where there is none."""
    for id, state in things(desk.conn, "data_request").items():
        if state["operator"] == operator and state["paper"].casefold() == paper.casefold():
            return id, state
    return new_id(), {}
