"""The board as files: its indicators, its units, and where two plans differ."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from schemas.units import UnitTree
from server.boards import words
from server.boards.board import Board, Line
from server.boards.shown import Shown
from server.boards.units import Cell
from server.indicators.words import period_name
from server.pages.areas import name
from server.pages.words import day
from server.plans import words as plan_words
from server.plans.listing import Indicator
from server.plans.part_form import REPORTS
from server.tables import Share, Table


def indicators(tree: UnitTree, shown: Shown) -> Table:
    """Return a row an indicator: target, where it stands, a year before, how old."""
    headings = [_("Ký hiệu"), _("Chỉ tiêu"), _("Yêu cầu"), _("Số đạt"), _("Trên tổng số"), _("Tỷ lệ"), _("Kết quả"),
                _("Cùng kỳ, số đạt"), _("Cùng kỳ, trên tổng số"), _("So với cùng kỳ"), _("Số liệu đến ngày"),
                _("Đơn vị chưa gửi")]  # fmt: skip
    rows = [_line(line) for line in shown.board.lines]
    return Table("bang-theo-doi", _title(tree, shown.board), headings, rows, _facts(tree, shown.board))


def _line(line: Line) -> tuple[Any, ...]:
    one, old = line.now, line.before
    before = (old.numerator, old.denominator) if old else (None, None)
    return (one.indicator.code, plan_words.called(one.indicator), plan_words.target(one.indicator), one.numerator,
            one.denominator, _share(one.indicator, one.numerator, one.denominator),
            str(words.VERDICTS[line.verdict]), *before, words.direction(line),
            day(one.as_of) if one.source else "", len(one.missing_units))  # fmt: skip


def _share(of: Indicator, numerator: int | None, denominator: int | None) -> Share | None:
    if numerator is None or not denominator:
        return None
    return Share(numerator - denominator if of.measure == "growth" else numerator, denominator, of.at_least)


def units(tree: UnitTree, shown: Shown) -> Table:
    """Return a row a unit, three columns an indicator."""
    columns = shown.units.indicators
    headings = [_("Đơn vị")]
    for one in columns:
        headings += [f"{one.code} – {_('Số đạt')}", f"{one.code} – {_('Trên tổng số')}", f"{one.code} – {_('Tỷ lệ')}"]
    rows = [
        (name(tree, row.unit) if row.unit else _("Chưa xác định xã"),
         *(part for one in columns for part in _cell(one, row.cells.get(one.code))))
        for row in shown.units.rows
    ]  # fmt: skip
    return Table("theo-don-vi", _title(tree, shown.board), headings, rows, _facts(tree, shown.board))


def _cell(of: Indicator, one: Cell | None) -> tuple[Any, ...]:
    if one is None or one.hidden:
        return (_("số nhỏ"), "", "") if one else ("", "", "")
    return one.numerator, one.denominator, _share(of, one.numerator, one.denominator)


def compared(tree: UnitTree, shown: Shown) -> Table:
    """Return a row for each indicator and deadline in which the two plans differ."""
    found = shown.beside
    headings = [_("Mục"), shown.board.plan.name, found.other.name if found else ""]
    rows = []
    if found:
        rows = [(ours.name, asked_for(ours), asked_for(theirs)) for ours, theirs in found.indicators]
        rows += [(str(REPORTS[one.report]), plan_words.due(one.ours), plan_words.due(one.theirs))
                 for one in found.deadlines if one.ours and one.theirs]  # fmt: skip
    return Table("hai-ke-hoach", _title(tree, shown.board), headings, rows, _facts(tree, shown.board))


def asked_for(one: Any) -> str:
    """Say what an indicator asks for, of what, for which time."""
    span = plan_words.SPANS.get(one.period, one.period)
    return f"{one.code}: {plan_words.target(one)}; {span}; {plan_words.COUNTS.get(one.counts, one.counts)}"


def _title(tree: UnitTree, board: Board) -> str:
    return str(_("Bảng theo dõi chỉ tiêu – %(unit)s", unit=name(tree, board.unit)))


def _facts(tree: UnitTree, board: Board) -> list[tuple[str, str]]:
    return [(_("Kế hoạch"), board.plan.name), (_("Đơn vị"), name(tree, board.unit)),
            (_("Kỳ báo cáo"), period_name(board.period)), (_("Cùng kỳ"), period_name(board.before)),
            (_("Đã nhận đủ số liệu đến ngày"), day(board.complete_to) or _("Chưa xác định"))]  # fmt: skip


TABLES: dict[str, Callable[[UnitTree, Shown], Table]] = {
    "chi-tieu": indicators, "don-vi": units, "so-sanh": compared,
}  # fmt: skip
