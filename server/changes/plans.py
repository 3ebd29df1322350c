"""Plans: made by hand, or for other years out of one that is there; changed; closed before their time."""

from datetime import date
from typing import Any

from schemas.ids import new_id
from schemas.register import Kind, State
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.office import Change, state_of
from server.plans import renewing

_FIELDS = (
    "name", "number", "area", "epoch", "from", "to", "kinds", "targets", "period_percent", "period_cohort",
    "denominator", "denominator_on", "deadlines", "periods",
)  # fmt: skip
_AS_SAID = ("number", "period_percent", "period_cohort", "denominator", "denominator_on")
_REPLACING = ("counts", "names", "reason")
_GROUPS = {"deadlines": "deadline", "periods": "period"}
MOST = 100  # deadlines, or periods, of a plan


def plan(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a plan for an area and years, or change the one that is named; what is left out stays."""
    only(asked, "plan", *_FIELDS)
    id, present = found(desk, asked) if asked.get("plan") else (new_id(), {})
    after = _said(desk, asked, present)
    if not present:
        after = {path: value for path, value in after.items() if value is not None}
        _needs(after)
    _in_order(present | after)
    return checked_edit("plan", id, after or {"name": present["name"]}, present)


def renew_plan(desk: Desk, asked: dict[str, Any]) -> Change:
    """Make a plan for other years or another area out of one that is there: all is copied but what is said anew.

    Targets, deadlines of single years and the years in names move with the first year; codes stay. *counts*, *names*
    and *reason* replace units of counting and bodies that are no more.
    """
    only(asked, "plan", *_FIELDS, *_REPLACING)
    id, present = found(desk, asked)
    since = desk.any_day(asked, "from") if asked.get("from") else date.fromisoformat(present["from"])
    copied = renewing.moved(present, since.year - int(present["from"][:4]))
    said = _said(desk, asked, copied)
    after = {"from": present["from"], "to": present["to"], **copied, **said, "renews": id}
    after = {path: value for path, value in after.items() if value is not None}
    after = renewing.replaced(after, *_replacing(asked))
    if "targets" not in said:
        after["targets"] = renewing.within(copied["targets"], after["from"], after["to"])
    _needs(after)
    _in_order(after)
    return checked_edit("plan", new_id(), after, {})


def _replacing(asked: dict[str, Any]) -> tuple[dict[str, str], dict[str, str], str]:
    """Return which units of counting and which names are replaced by what, and why; the reason must be told."""
    for field in ("counts", "names"):
        said = asked.get(field) or {}
        if not isinstance(said, dict) or not all(isinstance(part, str) for pair in said.items() for part in pair):
            raise Unclear(field, 'Ghi dạng {"tên cũ": "tên mới"}.')
    counts, names = ({was: now.strip() for was, now in (asked.get(field) or {}).items() if now.strip()}
                     for field in ("counts", "names"))  # fmt: skip
    if (counts or names) and not asked.get("reason"):
        raise Unclear("reason", "Ghi lý do thay đơn vị tính, tên cơ quan.")
    return counts, names, text(asked, "reason") if asked.get("reason") else ""


def close_plan(desk: Desk, asked: dict[str, Any]) -> Change:
    """Say that a plan holds no longer, from a day on; asked with an empty day, it holds again."""
    only(asked, "plan", "on", "reason")
    id, present = found(desk, asked)
    if not asked.get("on"):
        return checked_edit("plan", id, {"closed_on": None, "closed_reason": None}, present)
    reason = text(asked, "reason") if asked.get("reason") else None
    on = desk.any_day(asked, "on").isoformat()
    return checked_edit("plan", id, {"closed_on": on, "closed_reason": reason}, present)


def _said(desk: Desk, asked: dict[str, Any], present: State) -> State:
    after: State = {}
    if asked.get("name"):
        after["name"] = text(asked, "name")
    if asked.get("area"):
        unit = desk.unit(asked, "area", desk.today)
        after |= {"epoch": unit.epoch.value, "area": unit.code}
    for field in ("from", "to"):
        if asked.get(field):
            after[field] = desk.any_day(asked, field).isoformat()
    if "kinds" in asked:
        after["kinds"] = _kinds(asked["kinds"])
    if asked.get("targets") is not None:
        after["targets"] = asked["targets"]
    after |= {field: asked[field] or None for field in _AS_SAID if field in asked}
    for name in _GROUPS:
        if name in asked:
            after |= _group(name, asked[name], present)
    return after


def _kinds(said: Any) -> list[str]:
    named = said.split() if isinstance(said, str) else said
    if not isinstance(named, list) or set(named) - set(Kind):
        raise Unclear("kinds", f"Ghi các loại hình trong: {', '.join(Kind)}.")
    return [kind.value for kind in Kind if kind in named]


def _group(name: str, said: Any, present: State) -> State:
    """Set what is said of each deadline, or period, known by its place or new; those not named any more go."""
    group = _GROUPS[name]
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said) or len(said) > MOST:
        raise Unclear(name, f"Nhập nhiều nhất {MOST} dòng.")
    before = {path: value for path, value in present.items() if path.startswith(f"{group}/") and value}
    after: State = dict.fromkeys(before)
    for one in said:
        path = f"{group}/{one.get('place')}"
        path = path if path in before else _new_path(group, one, before | after)
        after[path] = before.get(path, {}) | {field: value for field, value in one.items() if field != "place"}
    return {path: value for path, value in after.items() if value != before.get(path)}


def _new_path(group: str, said: dict[str, Any], taken: State) -> str:
    """Return where a new deadline stands: under its code, where it has one and no other has it."""
    path = f"{group}/{said.get('code')}"
    return path if said.get("code") and path not in taken else f"{group}/{new_id()}"


def _needs(after: State) -> None:
    words = {"name": "Nhập tên kế hoạch.", "area": "Chọn địa bàn.", "from": "Nhập ngày bắt đầu.",
             "to": "Nhập ngày kết thúc.", "targets": "Nhập chỉ tiêu của ít nhất một năm."}  # fmt: skip
    wrong = {field: sentence for field, sentence in words.items() if not after.get(field)}
    if wrong:
        raise Unclear.all(wrong)


def _in_order(state: State) -> None:
    """A plan ends after it begins, names each year once, and only its own."""
    first, last = date.fromisoformat(state["from"]), date.fromisoformat(state["to"])
    if last < first:
        raise Unclear("to", "Ngày kết thúc ở trước ngày bắt đầu; nhập lại.")
    years = [one.get("year") for one in state["targets"] if isinstance(one, dict)]
    if len(set(years)) < len(years):
        raise Unclear("targets", "Mỗi năm chỉ có một chỉ tiêu; xóa dòng thừa.")
    outside = [year for year in years if isinstance(year, int) and not first.year <= year <= last.year]
    if outside:
        raise Unclear("targets", f"Năm {outside[0]} ở ngoài thời gian của kế hoạch; sửa năm hoặc thời gian.")


def found(desk: Desk, asked: dict[str, Any]) -> tuple[str, State]:
    """Return the id and the state of the plan that a line names."""
    id = text(asked, "plan")
    present = state_of(desk.conn, "plan", id)
    if present is None:
        raise Unclear("plan", f"Không có kế hoạch mã “{id}”; xem mã ở trang Kế hoạch.")
    return id, present
