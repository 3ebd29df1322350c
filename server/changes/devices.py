"""Changes of laptops: locked by the office, or no longer in use."""

from typing import Any

from schemas.register import State
from server.changes.desk import Desk, Unclear, checked_edit, only, person, text
from server.office import Change, state_of, things
from server.people.deputies import account_of
from server.store import get_meta


def revoke_device(desk: Desk, asked: dict[str, Any]) -> Change:
    """Lock a laptop: nothing goes down to it any more, and what comes up is kept aside."""
    only(asked, "device", "reason", "by")
    id, present = _laptop(desk, asked)
    reason = _short(asked, "reason", 300)
    if present.get("revoked_on"):
        raise Unclear("device", f"Máy “{present['name']}” đã khóa rồi; muốn mở thì cấp mã đăng ký mới.")
    after = {"revoked_on": desk.today.isoformat(), "revoked_reason": reason, "revoked_by": _named(desk, asked)}
    return checked_edit("device", id, after, present)


def retire_device(desk: Desk, asked: dict[str, Any]) -> Change:
    """Take a laptop out of use: *by* has made sure that nothing unsent is on it, and it holds no figure back."""
    only(asked, "device", "by")
    id, present = _laptop(desk, asked)
    if present.get("retired_on"):
        raise Unclear("device", f"Máy “{present['name']}” đã ngừng dùng từ trước.")
    by = _named(desk, asked)
    if not by:
        raise Unclear("by", "Ghi họ tên người đã xác nhận trên máy không còn hồ sơ chưa gửi.")
    return checked_edit("device", id, {"retired_on": desk.today.isoformat(), "retired_by": by}, present)


def device_team(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say which team a laptop goes with; none, where the team is left empty."""
    only(asked, "device", "team")
    id, present = _laptop(desk, asked)
    team = asked.get("team") or None
    if team and state_of(desk.conn, "team", str(team)) is None:
        raise Unclear("team", "Không có đội này; chọn lại đội.")
    return checked_edit("device", id, {"team": team}, present)


def _named(desk: Desk, asked: dict[str, Any]) -> str:
    """Return who is named, else the account that makes the change; a program alone is nobody."""
    if asked.get("by"):
        return _short(asked, "by", 120)
    return person(desk) if account_of(desk.conn, desk.author) else ""


def _short(asked: dict[str, Any], field: str, limit: int) -> str:
    found = text(asked, field)
    if len(found) > limit:
        raise Unclear(field, f"Dài quá {limit} ký tự; rút ngắn lại.")
    return found


def _laptop(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    """Return the id and present state of the laptop that a line names by its id, or by a name that is its alone."""
    named, office = text(asked, "device"), get_meta(desk.conn, "office_device")
    laptops = {id: state for id, state in things(desk.conn, "device").items() if id != office}
    found = [id for id, state in laptops.items() if named in (id, state.get("name"))]
    if len(found) > 1:
        raise Unclear("device", f"Có nhiều máy tên “{named}”; ghi mã định danh của máy.")
    if not found:
        raise Unclear("device", f"Không có máy “{named}”; xem danh sách ở trang Máy tính của đội.")
    return found[0], laptops[found[0]]
