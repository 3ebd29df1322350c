"""How the board says what it shows: met or not, more or less than a year before, how old."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from server import web
from server.boards.board import Direction, Line, Verdict
from server.boards.units import Cell
from server.pages.words import day, number
from server.shares import tenths_of

VERDICTS = {
    Verdict.MET: _l("Đạt chỉ tiêu"),
    Verdict.NOT_MET: _l("Chưa đạt chỉ tiêu"),
    Verdict.NO_FIGURE: _l("Chưa có số"),
    Verdict.HIDDEN: _l("Không hiện vì số nhỏ"),
    Verdict.TOLD: _l("Đã báo cáo"),
}
PILLS = {Verdict.MET: "good", Verdict.NOT_MET: "warn", Verdict.TOLD: "good"}


def tenths(value: int) -> str:
    """Write tenths of a percent: 20,0 % ; in English 20.0 %."""
    sign, value = ("−" if value < 0 else ""), abs(value)
    return f"{sign}{value // 10}{'.' if web.spoken() == 'en' else ','}{value % 10} %"


def big(line: Line) -> str:
    """Return the figure that is read from afar; a dash where there is none."""
    one = line.now
    if line.verdict in (Verdict.HIDDEN, Verdict.NO_FIGURE, Verdict.TOLD):
        return "–"
    return tenths((one.growth_tenths if one.indicator.measure == "growth" else one.share_tenths) or 0)


def parts(line: Line) -> str:
    """Return the two numbers under the figure; never a percent alone."""
    one = line.now
    if one.hidden or one.numerator is None:
        return ""
    if one.denominator is None:
        return number(one.numerator)
    if one.indicator.measure == "growth":
        return str(_("%(now)s, năm trước %(before)s", now=number(one.numerator), before=number(one.denominator)))
    return f"{number(one.numerator)}/{number(one.denominator)}"


def direction(line: Line) -> str:
    """Say how the figure stands against the same days of the year before, with a sign and in words."""
    if line.direction is Direction.UNKNOWN:
        return "" if line.now.numerator is None else str(_("– chưa có số cùng kỳ"))
    if line.direction is Direction.SAME:
        return str(_("= như cùng kỳ"))
    points = tenths(abs(line.change or 0)).removesuffix(" %")
    if line.direction is Direction.UP:
        return str(_("▲ tăng %(points)s điểm so với cùng kỳ", points=points))
    return str(_("▼ giảm %(points)s điểm so với cùng kỳ", points=points))


def age(line: Line) -> str:
    """Say how old the figure is, and how many have not sent."""
    one, missing = line.now, len(line.now.missing_units)
    if one.source == "computed":
        return str(_("số liệu đến %(day)s", day=day(one.as_of)))
    if not one.source:
        return str(_("%(n)s đơn vị chưa gửi", n=missing) if missing else _("chưa ai báo cáo"))
    days = one.data_age or 0
    if missing:
        return str(_("số %(days)s ngày trước; thiếu %(n)s nơi", days=days, n=missing))
    return str(_("số %(days)s ngày trước", days=days))


def cell(one: Cell | None) -> str:
    """Say a figure of a unit in a table: 12/60 (20,0 %)."""
    if one is not None and one.hidden:
        return str(_("số nhỏ"))
    if one is None or one.numerator is None:
        return "–"
    if not one.denominator:
        return number(one.numerator) if one.denominator is None else f"{number(one.numerator)}/0"
    share = tenths_of(one.numerator, one.denominator, one.target)
    return f"{number(one.numerator)}/{number(one.denominator)} ({tenths(share)})"


def mark(one: Cell | None) -> str:
    """Return the sign beside a figure of a unit: met or not, not by colour alone."""
    if one is None or one.met is None:
        return ""
    return "✓" if one.met else "✗"
