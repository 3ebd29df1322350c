"""A tip, entered or carried on. Its text is looked over: who told of it, and anybody's data, has no place in it."""

from datetime import date
from typing import Any

from schemas.ids import is_id, new_id
from schemas.privacy import informer, warnings
from schemas.register import State
from schemas.tips import TEXTS, deadline
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of

FIELDS = (
    "number", "received_on", "channel", "epoch", "unit", "establishment", "address", "content", "classification",
    "verified", "verified_on", "due_on", "handled_on", "result", "outcome", "inspection",
)  # fmt: skip
DAYS = ("received_on", "verified_on", "handled_on")


def tip(desk: Desk, asked: dict[str, Any]) -> Change:
    """Enter a tip, or change the one named by its id; what a line does not name stays, null takes it back.

    Without *due_on* the deadline follows from the day and the classification. Texts that seem to hold personal
    data are refused until the line says *checked*.
    """
    only(asked, "tip", "checked", *FIELDS)
    id, present = _present(desk, asked)
    after: State = {field: asked[field] or None for field in FIELDS if field in asked}
    whole = present | after
    if asked.get("establishment"):
        after["establishment"], place = desk.establishment(asked)
        after |= _where(place)
    elif asked.get("unit"):
        unit = desk.unit(asked, "unit", desk.today)
        after |= {"epoch": unit.epoch.value, "unit": unit.code}
    after |= {field: desk.day(asked, field).isoformat() for field in DAYS if asked.get(field)}
    whole = present | after
    _complete(desk, whole)
    after |= _due(desk, asked, whole, present)
    change = checked_edit("tip", id, {k: v for k, v in after.items() if present.get(k) != v}, present)
    if not change.body["set"]:
        raise Unclear("number", "Không có gì thay đổi.")
    if not asked.get("checked"):
        _look_over(after)
    return change


def _present(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    if not asked.get("tip"):
        return new_id(), {}
    id = text(asked, "tip")
    present = state_of(desk.conn, "tip", id) if is_id(id) else None
    if present is None:
        raise Unclear("tip", f"Không có tin báo mã “{id}”; xem lại mã.")
    return id, present


def _where(place: State) -> State:
    """Return the commune where a place stands last."""
    spans = [value for path, value in place.items() if path.startswith("place/") and value]
    last = max(spans, key=lambda span: str(span["from"]))
    return {"epoch": last["epoch"], "unit": last["unit"]}


def _complete(desk: Desk, whole: State) -> None:
    """Refuse a tip that says too little, or in an order in which nothing can have happened."""
    for field in ("number", "received_on", "channel"):
        text(whole, field)
    if not whole.get("unit"):
        raise Unclear("unit", "Chọn cơ sở, hoặc chọn xã và ghi địa chỉ.")
    if not whole.get("establishment") and not whole.get("address"):
        raise Unclear("address", "Chọn cơ sở, hoặc ghi địa chỉ hay tên biển hiệu.")
    received = str(whole["received_on"])
    for field in DAYS:
        if str(whole.get(field) or "") > desk.today.isoformat():
            raise Unclear(field, "Ngày ở sau hôm nay; xem lại ngày.")
        if str(whole.get(field) or received) < received:
            raise Unclear(field, "Ngày ở trước ngày tiếp nhận; xem lại ngày.")
    if bool(whole.get("verified")) != bool(whole.get("verified_on")):
        raise Unclear("verified_on", "Ghi cả kết quả và ngày xác minh.")
    if bool(whole.get("handled_on")) != bool(whole.get("result")):
        raise Unclear("result", "Ghi cả ngày và kết quả giải quyết.")
    visit = whole.get("inspection")
    if visit and not desk.conn.execute("SELECT 1 FROM visits WHERE id = ?", (visit,)).fetchone():
        raise Unclear("inspection", "Không có cuộc kiểm tra này trên máy chủ; xem lại mã.")


def _due(desk: Desk, asked: dict[str, Any], whole: State, present: State) -> State:
    """Return the deadline: the one that was given, else the rule's where what it follows from is new."""
    if asked.get("due_on"):
        return {"due_on": desk.day(asked, "due_on").isoformat()}
    same = all(present.get(field) == whole.get(field) for field in ("received_on", "classification"))
    if present and same:
        return {"due_on": present["due_on"]}
    rule = deadline(str(whole.get("classification") or ""))
    return {"due_on": rule.due(date.fromisoformat(str(whole["received_on"]))).isoformat()}


def _look_over(after: State) -> None:
    found = {field: pointed_out(str(after.get(field) or "")) for field in TEXTS}
    wrong = {field: " ".join(sentences) for field, sentences in found.items() if sentences}
    if wrong:
        raise Unclear.all(wrong)


def pointed_out(said: str) -> list[str]:
    """Return a sentence for each thing in a tip's text that looks like data about a person, the informer first."""
    tellers = informer(said)
    named = " ".join(tellers)
    return [*tellers, *(one.label for one in warnings(said) if one.text not in named)]
