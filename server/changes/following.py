"""What the office says of a visit after its minutes: a comment, an event of its paper, a duty that is done."""

from datetime import date
from typing import Any

from marshmallow import ValidationError

from schemas import duties
from schemas.fields import messages
from schemas.ids import new_id
from schemas.items import name_of
from schemas.office import EVENTS, Happening
from schemas.paper_events import lacking
from server.changes.desk import Desk, Unclear, only, person, text
from server.changes.visits import find_visit
from server.office import Change


def comment(desk: Desk, asked: dict[str, Any]) -> Change:
    """Write a word about a visit; it goes down to the laptops that have the visit."""
    only(asked, "inspection", "comment", "to")
    id, _ = find_visit(desk, asked)
    body: dict[str, Any] = {"inspection": id, "comment": text(asked, "comment"), "on": desk.today.isoformat()}
    body |= {"to": asked.get("to") or None, "by": person(desk)[:200]}
    return _checked("comment", body)


def paper(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say what happened to the paper of a visit's present revision; the day is today where none is given."""
    only(asked, "inspection", "happening", "on", "number", "original", "witness", "copies", "note")
    id, line = find_visit(desk, asked)
    given = {key: value for key, value in asked.items() if value not in ("", None)}
    body = {**given, "inspection": id, "item": name_of(line), "on": _day(desk, asked).isoformat()}
    text(asked, "happening")
    change = _checked("paper", body)
    if wrong := lacking(EVENTS["paper"].load(body)):
        raise Unclear.all(wrong)
    if body["happening"] == Happening.NUMBERED:
        body["number"] = body["number"].strip()
    return change


def duty(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say that a duty of a visit is done, or with `done` false that it is not after all; *note* names the paper."""
    only(asked, "inspection", "duty", "on", "done", "note")
    id, _ = find_visit(desk, asked)
    named = text(asked, "duty")
    if named not in {row.id for row in duties.rows()}:
        raise Unclear("duty", f"Không có việc “{named}”; ghi một trong: {', '.join(row.id for row in duties.rows())}.")
    body: dict[str, Any] = {"inspection": id, "duty": named, "on": _day(desk, asked).isoformat()}
    body |= {"done": asked.get("done", True), "note": asked.get("note") or ""}
    return _checked("duty", body)


def _day(desk: Desk, asked: dict[str, Any]) -> date:
    day = desk.day(asked, "on") if asked.get("on") else desk.today
    if day > desk.today:
        raise Unclear("on", f"Ngày {day:%d/%m/%Y} ở sau hôm nay; xem lại ngày.")
    return day


def _checked(kind: str, body: dict[str, Any]) -> Change:
    try:
        EVENTS[kind].load(body)
    except ValidationError as error:
        raise Unclear.all(messages(error)) from None
    return Change(kind, new_id(), body)
