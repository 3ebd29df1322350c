"""From the answer of coverage to what a page shows: lines, the chart, the pace, and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from schemas.register import Kind
from schemas.text import sort_key
from schemas.units import UnitTree
from server import web
from server.charts import Bar, Legend, bars, columns
from server.coverage.figures import Coverage, Row
from server.pages.areas import is_commune, name
from server.pages.filters import Filters
from server.pages.words import KINDS, day, number, share

MOST_BARS = 36  # more rows than these are drawn as thin columns
FEW = 10  # units without a place that stand among the others; more of them stand below
LISTED = 4  # names in a sentence; the rest are counted


@dataclass(frozen=True)
class Line:
    """A row of the table: its name, and where it leads."""

    row: Row
    name: str
    href: str = ""


@dataclass(frozen=True)
class Pace:
    """Whether the work keeps up with the calendar, and what is needed each week from here on."""

    in_time: bool
    need: str


def lines(answer: Coverage, asked: Filters, tree: UnitTree) -> list[Line]:
    """Return the rows in the order of a dictionary, what is not known last; a unit leads to its own page."""
    found = [_line(row, answer.by, asked, tree) for row in answer.rows]
    if answer.by == "kind":
        return found
    return sorted(found, key=lambda line: (answer.by != "team" and not line.row.unit, sort_key(line.name)))


def _line(row: Row, by: str, asked: Filters, tree: UnitTree) -> Line:
    if by in ("kind", "team"):
        return Line(row, web.told(row.name))
    leads = row.unit and row.key != asked.unit
    href = url_for("coverage.page", **replace(asked, unit=row.key, by="unit").query()) if leads else ""
    return Line(row, name(tree, row.key) if row.unit else web.told(row.name), href)


def chart(found: Sequence[Line], total: Line) -> Markup:
    """Draw the lines: a bar each while they fit on a page, thin columns beyond. *total* is what it says as a whole."""
    target = total.row.target
    goal = _("Chỉ tiêu %(percent)s %%", percent=target) if target else ""
    legend = Legend(in_words(total), _("Đã kiểm tra"), _("Chưa được kiểm tra"), goal)
    drawn = [_bar(line) for line in found]
    return columns(drawn, legend, target) if is_wide(found) else bars(drawn, legend)


def split(found: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Part what has figures from the units that have none; a few empty ones stay where they are."""
    empty = [line for line in found if _is_empty(line.row)]
    if len(empty) <= FEW:
        return list(found), []
    return [line for line in found if not _is_empty(line.row)], empty


def _is_empty(row: Row) -> bool:
    return bool(row.unit) and not (row.open or row.visits or row.not_counted)


def row_words(by: str, found: Sequence[Line], tree: UnitTree) -> str:
    """Say what the lines are: units that are all communes are called so."""
    communes = all(is_commune(tree, line.row.key) for line in found if line.row.unit)
    return "commune" if by == "unit" and communes else by


def is_wide(found: Sequence[Line]) -> bool:
    """Say whether there are so many lines that the chart takes the whole width."""
    return len(found) > MOST_BARS


def _bar(line: Line) -> Bar:
    row = line.row
    figures = _("Không có cơ sở")
    if row.open:
        figures = f"{number(row.inspected)}/{number(row.open)} ({share(row.inspected, row.open, row.target)})"
    return Bar(
        line.name, row.open, row.inspected, row.required, in_words(line), figures, _state(row), line.href
    )  # fmt: skip


def _state(row: Row) -> str:
    if row.met is None:
        return ""
    return _("đạt") if row.met else _("còn %(count)s", count=number(row.remaining or 0))


def in_words(line: Line) -> str:
    """Say a line as one sentence, for whoever points at it or listens to it."""
    row = line.row
    if not row.open:
        return _("%(name)s: không có cơ sở", name=line.name)
    found = _(
        "%(name)s: %(inspected)s/%(open)s cơ sở được kiểm tra (%(share)s)",
        name=line.name, inspected=number(row.inspected), open=number(row.open),
        share=share(row.inspected, row.open, row.target),
    )  # fmt: skip
    if row.met is None:
        return found
    left = _("đạt chỉ tiêu") if row.met else _("còn phải kiểm tra %(count)s", count=number(row.remaining or 0))
    return f"{found}, {left}"


def chart_note(found: Sequence[Line], by: str) -> str:
    """Say under the chart what the eye should know: how many have reached the target, or how kinds are counted."""
    if by == "kind":
        return _("Cơ sở có hai loại hình được tính một lần ở mỗi loại hình và một lần ở dòng tổng.")
    if by == "team":
        return _(
            "Mỗi đội: cơ sở trong địa bàn của đội và cơ sở đội kiểm tra ở nơi khác; dòng tổng tính mỗi cơ sở một lần."
        )
    met = [line.row.met for line in found]
    said = []
    if any(value is not None for value in met):
        said.append(_("%(yes)s đơn vị đạt chỉ tiêu, %(no)s chưa đạt.", yes=met.count(True), no=met.count(False)))
    if is_wide(found):
        said.append(_("Mỗi cột là một đơn vị, xếp từ tỷ lệ thấp đến cao; chỉ vào cột để xem số liệu."))
    return " ".join(said)


def pace(total: Row, year: int, as_of: date) -> Pace | None:
    """Compare what is done with the part of the year that has passed; None when nothing is left to do, or no time."""
    last = date(year, 12, 31)
    left = (last - as_of).days
    if not total.remaining or total.required is None or left <= 0:
        return None
    in_time = total.inspected * last.timetuple().tm_yday >= total.required * as_of.timetuple().tm_yday
    need = -(-total.remaining * 7 // left)
    if left < 7:
        return Pace(in_time, _("cần %(count)s cơ sở trong %(days)s ngày còn lại", count=total.remaining, days=left))
    return Pace(in_time, _("cần %(count)s cơ sở mỗi tuần đến 31/12/%(year)s", count=number(need), year=str(year)))


def late(answer: Coverage) -> str:
    """Name the laptops that hold the figures back: “còn 2 máy chưa gửi từ 03/11”; empty when all have reported."""
    held = answer.holding_back
    if not held or (answer.total.complete_to and answer.total.complete_to >= answer.as_of):
        return ""
    names = _some([laptop.name for laptop in held])
    if answer.total.complete_to is None:
        return _("còn %(count)s máy chưa gửi lần nào: %(names)s", count=len(held), names=names)
    since = f"{answer.total.complete_to:%d/%m}"
    return _("còn %(count)s máy chưa gửi từ %(day)s: %(names)s", count=len(held), day=since, names=names)


def complete(answer: Coverage) -> str:
    """Say up to which day everything has been received."""
    if answer.total.complete_to:
        return day(answer.total.complete_to)
    return _("Chưa xác định") if answer.holding_back else _("Chưa có máy tính nào của đội trong địa bàn")


def kinds_in_words(kinds: Sequence[str], words: Mapping[Kind, object] = KINDS) -> str:
    """Name the kinds that are counted."""
    return ", ".join(str(label).lower() for kind, label in words.items() if kind.value in kinds) or _("mọi loại hình")


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:LISTED])
    return _("%(names)s và %(more)s máy nữa", names=shown, more=len(names) - LISTED) if len(names) > LISTED else shown
