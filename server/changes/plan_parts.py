"""A plan as it was issued, made one of the register; and one indicator, deadline or task of a plan, changed alone."""

import re
from typing import Any

from schemas.ids import new_id
from schemas.register import GROUPS, State
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.changes.plans import found
from server.edits import edits
from server.office import Change, state_of
from server.plans.issuing import as_issued, known, made_from

PARTS = ("indicator", "deadline", "task")
MOST = 200  # of a kind in one plan
_CODE = re.compile(r"[^\s/]{1,40}")


def issued_plan(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a plan of the register out of one as it was issued; said again it changes nothing."""
    only(asked, "issued")
    named = text(asked, "issued")
    one = known(named)
    if one is None:
        raise Unclear("issued", f"Không có kế hoạch đã ban hành mang tên “{named}”.")
    there = made_from(desk.conn, named)
    if there:
        present = state_of(desk.conn, "plan", there) or {}
        return checked_edit("plan", there, {"name": present["name"]}, present)
    return checked_edit("plan", new_id(), as_issued(one), {})


def plan_part(desk: Desk, asked: dict[str, Any]) -> Change:
    """Change one indicator, deadline or task of a plan, known by its code; or add one; or, with `gone`, take it out.

    What is left out stays. A unit of counting is replaced with a reason, and what it was stays on record.
    """
    only(asked, "plan", "part", "code", "said", "gone")
    id, present = found(desk, asked)
    part, code = text(asked, "part"), text(asked, "code")
    if part not in PARTS:
        raise Unclear("part", f"Ghi một trong: {', '.join(PARTS)}.")
    path = _path(part, code, present)
    if asked.get("gone"):
        return checked_edit("plan", id, {path: None}, present)
    said = asked.get("said")
    if not isinstance(said, dict):
        raise Unclear("said", "Ghi các mục của chỉ tiêu, hạn báo cáo hoặc nhiệm vụ.")
    before = present.get(path) or {}
    after = {key: value for key, value in {**before, **said}.items() if value is not None}
    if part == "deadline":
        after.setdefault("code", code)
    _recount(before, after)
    _hold(part, after)
    if part == "indicator":
        _keep_hidden(desk, id, path, after)
    return checked_edit("plan", id, {path: after}, present)


def _path(part: str, code: str, present: State) -> str:
    """Return the path of a part: a new one stands under its code; a deadline may stand elsewhere, under its place."""
    there = {path for path, value in present.items() if path.startswith(f"{part}/") and value}
    if f"{part}/{code}" in there:
        return f"{part}/{code}"
    if not _CODE.fullmatch(code):
        raise Unclear("code", "Ký hiệu không có khoảng trống và dấu “/”, nhiều nhất 40 chữ.")
    if len(there) >= MOST:
        raise Unclear("code", f"Kế hoạch đã có {MOST} mục; xóa mục thừa trước.")
    of_code = (path for path in there if part == "deadline" and present[path].get("code") == code)
    return next(of_code, f"{part}/{code}")


def _recount(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Keep what an indicator counted before; replacing it needs a reason."""
    was = before.get("counts")
    if not was or was == after.get("counts"):
        return
    if not after.get("counts_note") or after.get("counts_note") == before.get("counts_note"):
        raise Unclear("counts_note", "Ghi lý do thay đơn vị tính.")
    after["counts_was"] = was


def _hold(part: str, after: dict[str, Any]) -> None:
    """Refuse what is wrong with a part, each sentence under its own field."""
    wrong = GROUPS["plan"][part].validate(after)
    if part == "indicator" and not wrong and (after.get("at_most") or 100) < (after.get("at_least") or 0):
        wrong = {"at_most": ["Nhiều nhất phải từ mức ít nhất trở lên; nhập lại."]}
    if wrong:
        raise Unclear.all({str(key): _first(said) for key, said in wrong.items()})


def _keep_hidden(desk: Desk, plan: str, path: str, after: dict[str, Any]) -> None:
    """Refuse to hide less than was ever asked for: what units entered under it would be shown."""
    said = (value for one in edits(desk.conn, "plan", plan) for at, *values in one.fields if at == path
            for value in values if value)  # fmt: skip
    least = max((value.get("small_cells") or 0 for value in said), default=0)
    if (after.get("small_cells") or 0) < least:
        raise Unclear("small_cells", f"Chỉ tiêu này đã ẩn số nhỏ hơn {least}; chỉ tăng được, không giảm.")


def _first(said: Any) -> str:
    while isinstance(said, (list, dict)):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return str(said)
