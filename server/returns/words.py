"""How returns are said on pages: reports, how far they have come, why a figure is another now."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server.pages.words import day, number
from server.returns.causes import Cause, Why
from server.returns.figures.under import Thing
from server.returns.restating import Line
from server.returns.sent import Column, Return
from server.returns.table import Cell
from server.returns.table import Column as FigureColumn

REPORT_WORDS = {
    "half_year": _l("Báo cáo 6 tháng"),
    "year": _l("Báo cáo năm"),
    "quarter": _l("Báo cáo quý"),
    "ad_hoc": _l("Báo cáo đột xuất"),
    "end_of_period": _l("Báo cáo tổng kết giai đoạn"),
}
STANDING_WORDS = {
    "draft": _l("Bản nháp"),
    "sent": _l("Đã gửi"),
    "replaced": _l("Đã có lần mới thay"),
    "dropped": _l("Đã bỏ"),
}
_WHY: dict[str, Callable[[Cause], str]] = {
    Why.LATE: lambda one: _("Cuộc kiểm tra ngày %(day)s tại %(name)s về sau khi chốt", day=day(one.day), name=one.name),
    Why.VOIDED: lambda one: _("Cuộc kiểm tra ngày %(day)s tại %(name)s đã hủy biên bản", day=day(one.day),
                              name=one.name),
    Why.CORRECTED: lambda one: _("Cuộc kiểm tra ngày %(day)s tại %(name)s đã đính chính", day=day(one.day),
                                 name=one.name),
    Why.REJECTED: lambda one: _("Cuộc kiểm tra ngày %(day)s tại %(name)s không tính vào kết quả", day=day(one.day),
                                name=one.name),
    Why.REVIEWED: lambda one: _("Cuộc kiểm tra ngày %(day)s tại %(name)s được duyệt sau khi chốt", day=day(one.day),
                                name=one.name),
    Why.CODED: lambda one: _("Vi phạm của cuộc kiểm tra ngày %(day)s tại %(name)s được ghi mã hành vi sau khi chốt",
                             day=day(one.day), name=one.name),
    Why.HANDED_OVER: lambda one: _("Việc chuyển hồ sơ của cuộc kiểm tra ngày %(day)s tại %(name)s ghi hoặc sửa"
                                   " sau khi chốt", day=day(one.day), name=one.name),
    Why.MERGED: lambda one: _("Hồ sơ %(name)s đã gộp vào hồ sơ khác", name=one.name),
    Why.UNMERGED: lambda one: _("Hồ sơ %(name)s đã tách lại", name=one.name),
    Why.REGISTER: lambda one: _("Hồ sơ cơ sở %(name)s nhập hoặc sửa sau khi chốt", name=one.name),
    Why.DECISION: lambda one: _("Quyết định %(name)s nhập hoặc sửa sau khi chốt", name=one.name),
    Why.TIP: lambda one: _("Tin báo %(name)s nhập hoặc sửa sau khi chốt", name=one.name),
    Why.VALUE: lambda one: _("Số liệu chỉ tiêu %(name)s nhập hoặc sửa sau khi chốt", name=one.name),
}  # fmt: skip
_LEADS = {"indicator_value": "/chi-tieu/so/",
          "inspection": "/cuoc-kiem-tra/", "establishment": "/co-so/", "decision": "/quyet-dinh/", "tip": "/tin-bao/",
          "visit": "/cuoc-kiem-tra/", "place": "/co-so/", "operator": "/chu-co-so/"}  # fmt: skip


def why(cause: Cause) -> str:
    """Say one cause in a sentence."""
    return _WHY[cause.why](cause)


def leads_to(cause: Cause) -> str:
    """Return the page of what a cause is about."""
    return f"{_LEADS[cause.thing]}{cause.id}"


def page_of(thing: Thing) -> str:
    """Return the page of what stands under a figure, empty where it is no more there."""
    return f"{_LEADS[thing.kind]}{thing.thing}" if thing.kind else ""


def figure(cell: Cell, column: FigureColumn) -> str:
    """Write the number of a cell: a share in percent with one decimal, “Không có cơ sở” where there is none."""
    if column.things:
        return number(cell.value or 0)
    return percent(cell.value) if cell.value is not None else _("Không có cơ sở")


def before(cell: Cell, column: FigureColumn) -> str:
    """Write the number of the same days of the year before."""
    if cell.before is None:
        return "–"
    return number(cell.before) if column.things else percent(cell.before)


def difference(cell: Cell, column: FigureColumn) -> str:
    """Write by how much it grew, with its sign."""
    if cell.difference is None:
        return "–"
    if not cell.difference:
        return "0"
    sign = "+" if cell.difference > 0 else "−"
    if column.things:
        return f"{sign}{number(abs(cell.difference))}"
    return _("%(share)s điểm %%", share=f"{sign}{percent(abs(cell.difference)).removesuffix(' %')}")


def percent(tenths: int) -> str:
    """Write tenths of a percent: 25,0 %."""
    whole, part = divmod(abs(tenths), 10)
    return f"{'−' if tenths < 0 else ''}{number(whole)},{part} %"


def reported(value: int | None) -> str:
    """Write a figure that was reported, or is known now."""
    return "–" if value is None else number(value)


def changed(line: Line) -> str:
    """Write by how much a figure is another now."""
    return signed(line.difference or 0)


def signed(by: int) -> str:
    """Write a difference with its sign."""
    return f"{'+' if by > 0 else '−' if by < 0 else ''}{number(abs(by))}"


def column_words(column: Column) -> str:
    """Name a column of the table of who has sent."""
    if column.quarter:
        return _("Quý %(number)s", number=("I", "II", "III", "IV")[column.quarter - 1])
    return str(REPORT_WORDS[column.report])


def due_words(due: str, *, strict: bool) -> str:
    """Write a deadline as the plan does: before the day, or to the end of it."""
    if not due:
        return ""
    year, month, day_ = due.split("-")
    named = f"{int(day_)}/{int(month)}/{year}"
    return _("trước ngày %(day)s", day=named) if strict else _("đến hết ngày %(day)s", day=named)


def due_name(name: str, report: str, cut_off: str) -> str:
    """Name what is due; of a quarter which one."""
    if report != "quarter":
        return name or str(REPORT_WORDS[report])
    quarter = ("I", "II", "III", "IV")[(int(cut_off[5:7]) - 1) // 3]
    return _("%(name)s, quý %(quarter)s", name=name or REPORT_WORDS[report], quarter=quarter)


def by(name: str) -> str:
    """Return who sent a return; what a program calls itself is said as people know it."""
    return _("dòng lệnh") if name == "command" else name


def due_of(one: Return) -> str:
    """Write the deadline of a return."""
    return due_words(one.due, strict=one.strict)
