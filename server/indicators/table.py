"""The figures of the units as a file."""

import sqlite3
from datetime import date

from flask_babel import gettext as _

from schemas.units import UnitTree
from server.indicators.across import Row, across
from server.indicators.standing import target
from server.indicators.view import View
from server.indicators.words import STANDINGS, period_name
from server.pages.areas import name
from server.tables import Share, Table


def table(
    conn: sqlite3.Connection, tree: UnitTree, asked: View | None, area: str, today: date
) -> Table:  # fmt: skip
    """Return it, one row a unit and an indicator; called within one read transaction."""
    found = across(conn, tree, asked.plan, asked.unit, asked.period, area) if asked else []
    rows = [_cells(tree, row) for row in found]
    headings = [_("Đơn vị"), _("Ký hiệu"), _("Tên chỉ tiêu"), _("Chỉ tiêu"), _("Số đạt"), _("Trên tổng số"),
                _("Tỷ lệ (%%)"), _("Tình trạng"), _("Ngày"), _("Ghi chú")]  # fmt: skip
    facts = [(_("Tính đến ngày"), today.isoformat())]
    if asked:
        facts = [(_("Kế hoạch"), asked.plan.name), (_("Kỳ báo cáo"), period_name(asked.period)), *facts]
    title = _("Số liệu chỉ tiêu – %(area)s", area=name(tree, asked.unit if asked else area))
    return Table("chi-tieu", title, headings, rows, facts)


def _cells(tree: UnitTree, row: Row) -> list[object]:
    one = row.indicator
    share: object = ""
    if row.numerator is not None and row.denominator and one.measure != "growth":
        share = Share(row.numerator, row.denominator, one.at_least)
    note = _("không hiện vì số nhỏ") if row.hidden else ""
    if row.missing:
        note = _("%(count)s đơn vị chưa gửi", count=row.missing)
    numbers = ["" if value is None else value for value in (row.numerator, row.denominator)]
    return [name(tree, row.unit), one.code, one.name, target(one), *numbers, share, str(STANDINGS[row.standing]),
            row.on, note]  # fmt: skip
