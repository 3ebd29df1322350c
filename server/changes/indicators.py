"""A unit's figure for an indicator: entered, sent up, returned with a comment, accepted."""

from datetime import date
from typing import Any

from schemas.indicators import ValueStanding, value_id
from schemas.plans import Report
from schemas.register import State
from server.arrivals.world import unit_tree
from server.changes.desk import Desk, Unclear, checked_edit, only, text
from server.changes.tips import pointed_out
from server.indicators.asked import agency_of, asked, says_yes
from server.indicators.checks import problems
from server.indicators.keeping import is_here
from server.indicators.reviewing import has_a_part
from server.office import Change, state_of
from server.pages.areas import inside
from server.people.deputies import account_of
from server.plans.listing import Indicator, Plan, plan

SAID = ("numerator", "denominator", "text", "note", "file", "file_name")
WORDS = ("text", "note")
_KEYS = ("plan", "indicator", "unit", "epoch", "agency", "report", "from", "to")
_REVIEWS = (ValueStanding.RETURNED, ValueStanding.ACCEPTED)


def indicator_value(desk: Desk, said: dict[str, Any]) -> Change:
    """Enter a figure, or carry the one of this plan, indicator, unit, agency and period on; what is left out stays.

    *standing*: `entered` (where nothing is said), `sent`, or what the unit above decides: `returned` with a *comment*,
    `accepted`. An accepted figure is not changed until it was returned.
    """
    only(said, *_KEYS, *SAID, "standing", "comment", "checked")
    keys, indicator, unit = _named(desk, said)
    id = value_id(keys["plan"], indicator.code, unit, keys["agency"], (keys["from"], keys["to"]))
    present = state_of(desk.conn, "indicator_value", id) or {}
    standing = _standing(said)
    if standing in _REVIEWS:
        after = _decided(desk, said, standing, present, (id, unit))
    else:
        after = _entered(desk, said, indicator, present, unit) | {"standing": standing.value}
    changed = {path: value for path, value in (keys | after).items() if present.get(path) != value}
    if not changed:
        raise Unclear("numerator", "Không có gì thay đổi.")
    return checked_edit("indicator_value", id, changed | {"on": desk.today.isoformat()}, present)


def _named(desk: Desk, said: dict[str, Any]) -> tuple[State, Indicator, str]:
    """Return what names the figure: its plan, indicator, unit, agency, report and days."""
    of = _plan(desk, text(said, "plan"))
    indicator = next((one for one in of.indicators if one.code == text(said, "indicator")), None)
    if indicator is None:
        raise Unclear("indicator", "Kế hoạch này không có chỉ tiêu đó; xem ký hiệu ở trang Kế hoạch.")
    unit = desk.unit(said, "unit", date.fromisoformat(of.since))
    if not asked(indicator, unit_tree(desk.conn), of.unit, unit.key):
        raise Unclear("unit", "Kế hoạch không yêu cầu đơn vị này nhập chỉ tiêu này.")
    first, last = desk.any_day(said, "from"), desk.any_day(said, "to")
    if last < first:
        raise Unclear("to", "Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.")
    if last.isoformat() < of.since or first.isoformat() > of.until:
        raise Unclear("to", "Kỳ báo cáo ở ngoài thời gian của kế hoạch; nhập lại.")
    report = text(said, "report")
    if report not in list(Report):
        raise Unclear("report", f"Ghi một trong: {', '.join(Report)}.")
    agency = agency_of(indicator, of.unit, unit.key, str(said.get("agency") or ""))
    keys = {"plan": of.id, "indicator": indicator.code, "epoch": unit.epoch.value, "unit": unit.code,
            "agency": agency, "report": report, "from": first.isoformat(), "to": last.isoformat()}  # fmt: skip
    return keys, indicator, unit.key


def _plan(desk: Desk, id: str) -> Plan:
    if state_of(desk.conn, "plan", id) is None:
        raise Unclear("plan", f"Không có kế hoạch mã “{id}”; xem mã ở trang Kế hoạch.")
    return plan(desk.conn, id, desk.today)


def _standing(said: dict[str, Any]) -> ValueStanding:
    try:
        return ValueStanding(said.get("standing") or ValueStanding.ENTERED)
    except ValueError:
        raise Unclear("standing", f"Ghi một trong: {', '.join(ValueStanding)}.") from None


def _entered(desk: Desk, said: dict[str, Any], indicator: Indicator, present: State, unit: str) -> State:
    """Return what the unit says, or raise what is wrong with it."""
    if present.get("standing") == ValueStanding.ACCEPTED:
        raise Unclear("standing", "Số này đã được chấp nhận; đơn vị cấp trên phải trả lại thì mới sửa được.")
    after: State = {field: _or_none(said[field]) for field in SAID if field in said}
    if says_yes(indicator, unit_tree(desk.conn), unit):
        after |= _yes_or_no(after, present)
    whole = present | after
    words = [str(whole.get(field) or "") for field in WORDS]
    wrong = problems(indicator, _number(whole, "numerator"), _number(whole, "denominator"), *words)
    if not said.get("checked"):
        for field in WORDS:
            told = str(after.get(field) or "")
            if told != (present.get(field) or "") and (found := pointed_out(told)):
                wrong[field] = " ".join(found)
    sha256 = after.get("file")
    if sha256 and sha256 != present.get("file") and not is_here(desk.conn, sha256):
        wrong["file"] = "Máy chủ không còn tệp này; đính kèm lại ở trang Chỉ tiêu."
    if wrong:
        raise Unclear.all(wrong)
    return after


def _or_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _number(whole: State, field: str) -> int | None:
    value = whole.get(field)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise Unclear(field, "Nhập một số nguyên từ 0 trở lên.")


def _yes_or_no(after: State, present: State) -> State:
    """Return the figure of a unit that is itself what is counted: 1 of 1, or 0 of 1."""
    said = after.get("numerator", present.get("numerator"))
    if said is not None and said not in (0, 1):
        raise Unclear("numerator", "Ghi 1 nếu đơn vị đã thực hiện, 0 nếu chưa.")
    return {"numerator": said, "denominator": None if said is None else 1}


def _decided(
    desk: Desk, said: dict[str, Any], standing: ValueStanding, present: State, what: tuple[str, str]
) -> State:  # fmt: skip
    """Return what the unit above decides of a figure that was sent."""
    if present.get("standing") not in (ValueStanding.SENT, ValueStanding.ACCEPTED):
        raise Unclear("standing", "Số này chưa được gửi lên; đơn vị gửi rồi mới chấp nhận hoặc trả lại được.")
    if not _answers(desk, present, *what):
        raise Unclear("standing", "Đơn vị cấp trên chấp nhận hoặc trả lại số này, không phải người đã nhập, gửi nó.")
    extra = [field for field in SAID if field in said]
    if extra:
        raise Unclear(extra[0], "Người duyệt không sửa số của đơn vị; trả lại để đơn vị sửa.")
    comment = str(said.get("comment") or "").strip()
    if standing is ValueStanding.RETURNED and not comment:
        raise Unclear("comment", "Ghi lý do trả lại để đơn vị sửa.")
    if found := pointed_out(comment):
        raise Unclear("comment", " ".join(found))
    return {"standing": standing.value, "comment": comment or None}


def _answers(desk: Desk, present: State, id: str, unit: str) -> bool:
    """Say whether who decides answers for the unit above, or for the unit whose body sent it; never who sent it."""
    account = account_of(desk.conn, desk.author)
    if account is None:
        return True
    if has_a_part(desk.conn, id, desk.author):
        return False
    above = f"{account['epoch']}:{account['area']}"
    if above == unit:
        return bool(present.get("agency"))
    return inside(unit_tree(desk.conn), above, unit)
