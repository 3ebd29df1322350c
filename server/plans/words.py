"""How what a plan orders is said: targets, how a figure is measured, what is counted, by when."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server import web
from server.pages.typed_days import show_month_day
from server.plans.listing import Deadline, Indicator

MEASURES = {
    "share": _l("tỷ lệ phần trăm"),
    "months": _l("số tháng có thực hiện"),
    "growth": _l("tăng so với năm trước"),
    "text": _l("nội dung, không có số"),
}
SPANS = {"year": _l("mỗi năm"), "to_end": _l("cả kỳ kế hoạch")}
COUNTS = {
    "commune": _l("xã, phường, thị trấn"),
    "district": _l("huyện, thị xã, thành phố"),
    "establishments": _l("cơ sở"),
    "persons": _l("người (chỉ ghi số lượng)"),
    "tips": _l("tin báo"),
    "crimes": _l("tội phạm"),
    "months": _l("tháng"),
}
SOURCES = {"computed": _l("tính từ hồ sơ kiểm tra, tin báo"), "entered": _l("đơn vị báo cáo nhập")}
KNOWN = {
    "inspected_in_year": _l("cơ sở được kiểm tra trong năm"),
    "inspected_in_period": _l("cơ sở được kiểm tra trong kỳ"),
    "tips_in_time": _l("tin báo giải quyết đúng hạn"),
    "workers_informed": _l("người lao động được tuyên truyền khi kiểm tra"),
}
EVERY = {
    "year": _l("hằng năm"), "once": _l("một lần"), "request": _l("khi có yêu cầu"), "regular": _l("định kỳ"),
    "whole_year": _l("cả năm"),
}  # fmt: skip


def target(one: Indicator) -> str:
    """Say what an indicator asks for: a percent, a growth, or a narrative."""
    if one.at_least is None:
        return _("nội dung")
    if one.measure == "growth":
        most = one.at_most or one.at_least
        return _("tăng %(least)s–%(most)s %%", least=one.at_least, most=most)
    if one.measure == "months" and one.at_least == 100:
        return _("mỗi tháng ít nhất một lần")
    if one.strives:
        return _("phấn đấu %(least)s %%", least=one.at_least)
    return "100 %" if one.at_least == 100 else _("ít nhất %(least)s %%", least=one.at_least)


def called(one: Indicator) -> str:
    """Return the indicator's name in the language of the page."""
    return one.english if one.english and web.spoken() == "en" else one.name


def due(one: Deadline) -> str:
    """Say by when, as the plan does: before a day, to the end of one, on request."""
    if not one.due:
        return str(EVERY.get(one.every, "–"))
    day = show_month_day(one.due) + (f"/{one.year}" if one.year else "")
    return _("trước ngày %(day)s", day=day) if one.strict else _("đến hết ngày %(day)s", day=day)
