"""What the office adds beside the register: a confirmed list, a check by another body, that two records are two."""

from typing import Any

from schemas.fields import messages
from schemas.findings import found_on
from schemas.ids import new_id
from schemas.items import read
from schemas.office import EVENTS, How
from schemas.units import unit_key
from server.changes.desk import Desk, Unclear, only, person, text
from server.changes.visits import find_visit
from server.office import Change


def confirm_list(desk: Desk, asked: dict[str, Any]) -> Change:
    """Confirm that a commune has gone through its list of establishments."""
    only(asked, "unit", "epoch", "on", "by")
    on = desk.day(asked, "on")
    unit = desk.unit(asked, "unit", on)
    by = text(asked, "by") if asked.get("by") else person(desk)
    body = {"epoch": unit.epoch.value, "unit": unit.code, "on": on.isoformat(), "by": by}
    return Change("confirm_list", unit_key(unit.epoch, unit.code), body)


def outside_check(desk: Desk, asked: dict[str, Any]) -> Change:
    """Enter a check that another body made, as its paper shows."""
    only(asked, "establishment", "agency", "date", "paper")
    id, _ = desk.establishment(asked)
    day = desk.day(asked, "date")
    if day > desk.today:
        raise Unclear("date", f"Ngày {day:%d/%m/%Y} ở sau hôm nay; xem lại ngày.")
    agency, paper = text(asked, "agency"), text(asked, "paper") if asked.get("paper") else ""
    if len(agency) > 200 or len(paper) > 200:
        raise Unclear("agency" if len(agency) > 200 else "paper", "Dài quá 200 ký tự; rút ngắn lại.")
    return Change(
        "outside_check", new_id(), {"establishment": id, "agency": agency, "date": day.isoformat(), "paper": paper}
    )


def resolve(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say that a finding of a visit is resolved, as the office saw it on papers or at the place."""
    only(asked, "inspection", "finding", "on", "how", "seen")
    id, line = find_visit(desk, asked)
    finding, on = text(asked, "finding"), desk.day(asked, "on")
    visit = read(line).body
    if finding not in {one.key for one in found_on(visit)}:
        raise Unclear("finding", "Cuộc kiểm tra này không có tồn tại đó; ghi mã mục không đạt hoặc mã của vi phạm.")
    if on > desk.today:
        raise Unclear("on", f"Ngày {on:%d/%m/%Y} ở sau hôm nay; xem lại ngày.")
    if on.isoformat() < visit["date"]:
        raise Unclear("on", "Ngày khắc phục ở trước cuộc kiểm tra; xem lại ngày.")
    how = text(asked, "how") if asked.get("how") else How.PAPERS.value
    body = {"inspection": id, "finding": finding, "on": on.isoformat(), "how": how, "seen": text(asked, "seen")}
    problems = messages(EVENTS["resolution"].validate(body))
    if problems:
        raise Unclear.all(problems)
    return Change("resolution", new_id(), body)


def distinct(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say that two establishments, or two operators, are not one: they are not offered as such again."""
    only(asked, "establishment", "operator", "other")
    if ("establishment" in asked) == ("operator" in asked):
        raise Unclear("establishment", "Ghi một trong hai: establishment hoặc operator.")
    kind = "establishment" if "establishment" in asked else "operator"
    one, _ = getattr(desk, kind)(asked)
    other, _ = getattr(desk, kind)(asked, "other")
    if one == other:
        raise Unclear("other", "Hai hồ sơ phải khác nhau.")
    return Change("distinct", new_id(), {"kind": kind, "one": one, "other": other})
