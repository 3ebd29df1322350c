"""Accounts of the office and who acts for whom: made, changed, disabled, ended."""

from datetime import timedelta
from typing import Any

from schemas.ids import new_id
from schemas.register import State
from schemas.text import nfc
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of, things
from server.rights import ADMIN

LONGEST_DEPUTY = timedelta(days=366)


def user(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make an account, or change the one that is named; who holds it sets the password by invitation."""
    only(asked, "user", "name", "role", "area", "epoch", "team", "disabled")
    id, present = _user(desk, asked, "user") if asked.get("user") else (new_id(), {})
    after: State = {}
    if not present or asked.get("name"):
        after["name"] = _free_name(desk, text(asked, "name"), id)
    if not present or asked.get("role"):
        after["role"] = text(asked, "role")
    if not present or asked.get("area"):
        unit = desk.unit(asked, "area", desk.today)
        after |= {"epoch": unit.epoch.value, "area": unit.code}
    if "team" in asked:
        after["team"] = _team(desk, asked)
    if "disabled" in asked:
        after["disabled"] = asked["disabled"]
    _an_admin_is_left(desk, id, present | after)
    return checked_edit("user", id, after or {"name": present["name"]}, present)


def _free_name(desk: Desk, name: str, id: str) -> str:
    name = nfc(name)
    if any(one["name"] == name and other != id for other, one in things(desk.conn, "user").items()):
        raise Unclear("name", f"Đã có tài khoản {name}; chọn tên khác.")
    return name


def _team(desk: Desk, asked: dict[str, Any]) -> str | None:
    named: str | None = asked["team"] or None
    if named and state_of(desk.conn, "team", named) is None:
        raise Unclear("team", "Không có đội này; chọn lại đội.")
    return named


def _an_admin_is_left(desk: Desk, id: str, after: State) -> None:
    """Refuse what would leave nobody who may let others in."""
    users = things(desk.conn, "user")
    if id not in users or users[id].get("role") != ADMIN or users[id].get("disabled"):
        return
    others = [one for other, one in users.items() if other != id and one["role"] == ADMIN and not one.get("disabled")]
    if not others and (after.get("disabled") or after.get("role") != ADMIN):
        field = "disabled" if after.get("disabled") else "role"
        raise Unclear(field, "Đây là tài khoản quản trị cuối cùng còn dùng; lập tài khoản quản trị khác trước.")


def deputy(desk: Desk, asked: dict[str, Any]) -> Change:
    """Let a user act for another, with the other's role and area, from a day to the end of a day."""
    only(asked, "user", "acts_for", "from", "to", "paper")
    who, _ = _user(desk, asked, "user")
    whom, other = _user(desk, asked, "acts_for")
    if who == whom:
        raise Unclear("user", "Người làm thay phải là tài khoản khác.")
    if other.get("disabled"):
        raise Unclear("acts_for", "Tài khoản này đã ngừng dùng, không có gì để làm thay.")
    since, until = desk.day(asked, "from"), desk.day(asked, "to")
    if until < since:
        raise Unclear("to", "Ngày kết thúc ở trước ngày bắt đầu; nhập lại.")
    if until < desk.today:
        raise Unclear("to", "Ngày kết thúc đã qua; nhập lại.")
    if until - since > LONGEST_DEPUTY:
        raise Unclear("to", "Làm thay nhiều nhất một năm một lần; rút ngắn lại.")
    after: State = {"user": who, "acts_for": whom, "from": since.isoformat(), "to": until.isoformat()}
    if asked.get("paper"):
        after["paper"] = text(asked, "paper")
    return checked_edit("deputy", new_id(), after, {})


def end_deputy(desk: Desk, asked: dict[str, Any]) -> Change:
    """End before its day that a user acts for another."""
    only(asked, "deputy")
    id = text(asked, "deputy")
    present = state_of(desk.conn, "deputy", id)
    if present is None:
        raise Unclear("deputy", "Không có việc làm thay này; tải lại trang.")
    return checked_edit("deputy", id, {"withdrawn": True}, present)


def _user(desk: Desk, asked: dict[str, Any], field: str) -> tuple[str, State]:
    """Return the id and present state of the account that a line names by its id or its name."""
    given = text(asked, field)
    for id, state in things(desk.conn, "user").items():
        if given in (id, state["name"]):
            return id, state
    raise Unclear(field, f"Không có tài khoản “{given}”; xem danh sách ở trang Người dùng.")
