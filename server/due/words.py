"""What the calendar says, in sentences."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schemas.plans import Report
from server import web
from server.due.lines import Line
from server.due.quarterly import source
from server.due.shape import SENT, Due, Standing
from server.pages.words import day, number
from server.plans.pages import REPORTS

STANDINGS = {
    Standing.OVERDUE: _l("Quá hạn"),
    Standing.DUE: _l("Sắp đến hạn"),
    Standing.TO_COME: _l("Chưa đến hạn"),
    Standing.NO_DAY: _l("Không có ngày hạn"),
    Standing.LATE_SENT: _l("Đã gửi, quá hạn"),
    Standing.SENT: _l("Đã gửi"),
    Standing.NOT_DONE: _l("Không làm"),
}
LOOKS = {Standing.OVERDUE: "bad", Standing.DUE: "warn", Standing.LATE_SENT: "warn", Standing.SENT: "good"}
_DONE = {Standing.SENT: _l("Đã xong"), Standing.LATE_SENT: _l("Đã xong, quá hạn")}
_QUARTERS = {"03": "I", "06": "II", "09": "III", "12": "IV"}
NO_DAY = {"request": _l("khi có yêu cầu"), "whole_year": _l("cả năm"), "regular": _l("định kỳ, không nêu ngày")}
SECTIONS = {"overdue": _l("Quá hạn"), "no_day": _l("Không có ngày hạn"), "sent": _l("Đã gửi, đã xong, không làm")}


def title(one: Due) -> str:
    """Name the report: as the plan does, else by its kind."""
    return (one.name if one.plan else _circular("name")) or str(REPORTS[one.report])


def caution(one: Due) -> str:
    """Say what is not sure of a source that is no plan."""
    return _circular("caution") if one.caution else ""


def _circular(what: str) -> str:
    said = source()
    return str(said[f"{what}_en" if web.spoken() == "en" else what])


def by(last_day: str, *, strict: bool) -> str:
    """Say the day as a plan says it, in the language of the page."""
    last = date.fromisoformat(last_day)
    named = last + timedelta(days=1) if strict else last
    text = f"{named.day}/{named.month}/{named.year}"
    return _("trước ngày %(day)s", day=text) if strict else _("chậm nhất ngày %(day)s", day=text)


def when(one: Due) -> str:
    """Say the day as the plan says it, or that it names none."""
    if one.report == Report.QUARTER and not one.before and one.cut_off:
        quarter = f"{_QUARTERS.get(one.cut_off[5:7], '')}/{one.cut_off[:4]}"
        return _("quý %(quarter)s, không nêu ngày", quarter=quarter)
    if one.last_day:
        return by(one.last_day, strict=one.strict)
    return str(NO_DAY.get(one.every, _l("không nêu ngày")))


def left(one: Due) -> str:
    """Say how long is left, or how long it is over; nothing of what was sent or has no day."""
    if one.days is None or not one.open:
        return ""
    if one.days < 0:
        return _("quá hạn %(days)s ngày", days=number(-one.days))
    return _("hôm nay là ngày cuối") if one.days == 0 else _("còn %(days)s ngày", days=number(one.days))


def standing(line: Line) -> str:
    """Say how a line stands: of one unit in a word, of several by how many have sent."""
    if len(line.dues) == 1:
        return standing_of_one(line.one)
    sent = sum(one.standing in SENT for one in line.dues)
    if line.one.report == Report.OTHER:
        return _("%(sent)s/%(all)s đơn vị đã xong", sent=number(sent), all=number(len(line.dues)))
    return _("%(sent)s/%(all)s đơn vị đã gửi", sent=number(sent), all=number(len(line.dues)))


def standing_of_one(one: Due) -> str:
    """Say how the deadline of one unit stands: what is no report is done, not sent."""
    said = _DONE.get(one.standing) if one.report == Report.OTHER else None
    return str(said or STANDINGS[one.standing])


def missing(line: Line) -> list[str]:
    """Say what is missing for it; of several units only what they still have to send."""
    if len(line.dues) > 1:
        silent = sum(any(each.what == "laptops" for each in one.missing) for one in line.waited_for)
        numbers = sum(any(each.what == "number" for each in one.missing) for one in line.dues)
        said = [_("%(count)s đơn vị có máy lâu chưa gửi số liệu", count=number(silent))] if silent else []
        return [*said, *([_("%(count)s báo cáo chưa có số", count=number(numbers))] if numbers else [])]
    return [_MISSING[each.what](number(each.count)) for each in line.one.missing]


_MISSING: dict[str, Any] = {
    "values": lambda count: _("%(count)s chỉ tiêu chưa nhập", count=count),
    "units": lambda count: _("%(count)s đơn vị cấp dưới chưa gửi", count=count),
    "laptops": lambda count: _("%(count)s máy lâu chưa gửi số liệu", count=count),
    "number": lambda count: _("chưa có số báo cáo"),
}


def clash(one: Due) -> str:
    """Say which other plan wants the same report sooner; empty where none does."""
    if one.clash is None:
        return ""
    said = {"plan": one.clash.plan_name, "before": by(one.clash.last_day, strict=one.clash.strict)}
    if one.compiles or one.unit == one.plan_unit:
        return _("%(plan)s yêu cầu cùng loại báo cáo này %(before)s: mỗi kế hoạch một báo cáo,"
                 " lập và gửi cả hai theo hạn sớm hơn đó.", **said)  # fmt: skip
    return _("Đơn vị tổng hợp phải gửi %(before)s theo %(plan)s: gửi sớm hơn ngày đó.", **said)


def days_of(one: Due) -> str:
    """Say which days the report covers."""
    if not one.cut_off:
        return ""
    return _("Số liệu từ %(first)s đến hết %(last)s", first=day(one.first), last=day(one.cut_off))
