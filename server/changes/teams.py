"""Teams: made and changed as their decision says, renewed for another year by a copy, closed."""

from datetime import date
from itertools import count
from typing import Any

from schemas.ids import new_id
from schemas.register import State
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of

_PLAIN = ("name", "decision", "valid_from", "valid_to", "members", "area", "epoch")
MOST_MEMBERS = 60


def team(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a team in an area, or change the one that is named; *members* says all of them, or is left out."""
    only(asked, "team", *_PLAIN)
    id, present = _team(desk, asked) if asked.get("team") else (new_id(), {})
    after = _said(desk, asked, present)
    if not present or asked.get("area"):
        unit = desk.unit(asked, "area", desk.today)
        after |= {"epoch": unit.epoch.value, "area": unit.code, "level": unit.level.value}
    if not present and not asked.get("name"):
        raise Unclear("name", "Nhập tên đội.")
    _in_order(present | after)
    return checked_edit("team", id, after or {"name": present["name"]}, present)


def renew_team(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make the team of another decision out of one that is there: name, area and members are copied."""
    only(asked, "team", "name", "decision", "valid_from", "valid_to", "members")
    id, present = _team(desk, asked)
    kept = ("name", "level", "epoch", "area")
    copied: State = {path: present[path] for path in kept}
    if "members" not in asked:
        copied |= {path: value for path, value in present.items() if path.startswith("member/") and value}
    after = copied | {"renews": id} | _said(desk, asked, {})
    for field in ("valid_from", "valid_to"):
        if not after.get(field):
            raise Unclear(field, "Ghi thời hạn của quyết định mới.")
    _in_order(after)
    return checked_edit("team", new_id(), {path: value for path, value in after.items() if value is not None}, {})


def close_team(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say that a team has stopped, from a day on; asked with an empty day, it goes on."""
    only(asked, "team", "on", "reason")
    id, present = _team(desk, asked)
    if not asked.get("on"):
        return checked_edit("team", id, {"closed_on": None, "closed_reason": None}, present)
    reason = text(asked, "reason") if asked.get("reason") else None
    return checked_edit("team", id, {"closed_on": desk.day(asked, "on").isoformat(), "closed_reason": reason}, present)


def _said(desk: Desk, asked: dict[str, Any], present: State) -> State:
    """Return what a line says of the fields; what it leaves out stays."""
    after: State = {}
    if asked.get("name"):
        after["name"] = text(asked, "name")
    if "decision" in asked:
        after["decision"] = asked["decision"] or None
    for field in ("valid_from", "valid_to"):
        if field in asked:
            after[field] = desk.any_day(asked, field).isoformat() if asked[field] else None
    return after | _members(asked, present)


def _members(asked: dict[str, Any], present: State) -> State:
    """Set each member that is named, known by the path or new, and take away those that are not named any more."""
    if "members" not in asked:
        return {}
    named = asked["members"]
    if not isinstance(named, list) or not all(isinstance(one, dict) for one in named) or len(named) > MOST_MEMBERS:
        raise Unclear("members", f"Nhập nhiều nhất {MOST_MEMBERS} thành viên.")
    before = {path: value for path, value in present.items() if path.startswith("member/") and value}
    after: State = dict.fromkeys(before)
    seats = (path.partition("/")[2] for path in present if path.startswith("member/"))
    free = count(1 + max((int(seat) for seat in seats if seat.isdigit()), default=0))
    for one in named:
        path = f"member/{one.get('seat')}"
        after[path if path in before else f"member/{next(free)}"] = {
            field: value for field, value in one.items() if field != "seat"
        }
    return {path: value for path, value in after.items() if value != before.get(path)}


def _in_order(state: State) -> None:
    first, last = state.get("valid_from"), state.get("valid_to")
    if first and last and date.fromisoformat(last) < date.fromisoformat(first):
        raise Unclear("valid_to", "Ngày hết hạn ở trước ngày có hiệu lực; nhập lại.")


def _team(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    id = text(asked, "team")
    present = state_of(desk.conn, "team", id)
    if present is None:
        raise Unclear("team", f"Không có đội mã “{id}”; xem mã ở trang Đội kiểm tra.")
    return id, present
