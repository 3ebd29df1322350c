"""How figures of indicators are said on pages and in files."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server import web
from server.indicators.periods import Asked
from server.indicators.standing import Standing
from server.pages.words import day, number
from server.plans.listing import Indicator

STANDINGS = {
    "": _l("Chưa nhập"),
    "entered": _l("Đã nhập, chưa gửi"),
    "sent": _l("Chờ duyệt"),
    "returned": _l("Đã trả lại"),
    "accepted": _l("Đã chấp nhận"),
    "summed": _l("Cộng từ đơn vị dưới"),
}
PILLS = {"sent": "warn", "returned": "bad", "accepted": "good"}
STATES = {
    "to_review": _l("Có số chờ duyệt"),
    "returned": _l("Có số bị trả lại"),
    "missing": _l("Còn thiếu"),
    "accepted": _l("Đã chấp nhận đủ"),
}
STATE_PILLS = {"to_review": "warn", "returned": "bad", "accepted": "good"}
REPORTS = {
    "half_year": _l("Báo cáo 6 tháng"),
    "year": _l("Báo cáo năm"),
    "quarter": _l("Báo cáo quý"),
    "ad_hoc": _l("Báo cáo đột xuất"),
    "end_of_period": _l("Báo cáo tổng kết giai đoạn"),
    "other": _l("Việc khác"),
}


def period_name(one: Asked) -> str:
    """Say which report a period is of: its kind and its days."""
    return str(_("%(report)s (%(first)s – %(last)s)", report=REPORTS[one.report], first=day(one.first),
                 last=day(one.last)))  # fmt: skip


def name_of(one: Indicator) -> str:
    """Return what an indicator is called in the language of this request."""
    return one.english if one.english and web.spoken() == "en" else one.name


def percent(tenths: int | None) -> str:
    """Return tenths of a percent as they are read; empty for none."""
    if tenths is None:
        return ""
    sign, tenths = ("−" if tenths < 0 else ""), abs(tenths)
    return f"{sign}{tenths // 10},{tenths % 10} %"


def figure(one: Standing) -> str:
    """Say a figure in one line: 12/60 (20,0 %); this year's and last year's count of a growth."""
    if one.hidden:
        return str(_("không hiện vì số nhỏ"))
    if one.numerator is None or one.denominator is None:
        return ""
    if one.indicator.measure == "growth":
        change = percent(one.growth_tenths)
        said = _("%(now)s, năm trước %(before)s", now=number(one.numerator), before=number(one.denominator))
        return f"{said} ({change})" if change else str(said)
    share = percent(one.share_tenths) or _("không tính tỷ lệ")
    return f"{number(one.numerator)}/{number(one.denominator)} ({share})"
