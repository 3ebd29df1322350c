"""From the answer of coverage to what a page shows: lines, the chart, the pace, and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from schemas.register import Kind
from schemas.text import sort_key
from schemas.units import UnitTree
from server import web
from server.charts import Bar, Legend, bars, columns
from server.coverage.compare import Before, Year, change_in_tenths
from server.coverage.figures import Brief, Coverage, Row
from server.coverage.outlook import Outlook
from server.pages.areas import is_commune, name
from server.pages.filters import Filters
from server.pages.words import KINDS, day, number, share
from server.trends import Point, Words, line

MOST_BARS = 36  # more rows than these are drawn as thin columns
FEW = 10  # units without a place that stand among the others; more of them stand below
LISTED = 4  # names in a sentence; the rest are counted


@dataclass(frozen=True)
class Line:
    """A row of the table: its name, where it leads, and how it stood in the same period of the year before."""

    row: Row
    name: str
    href: str = ""
    before: Brief | None = None

    @property
    def change(self) -> str:
        """How the share rose or fell, in words; empty where there is nothing to compare."""
        return change_in_words(self.row, self.before)


def lines(answer: Coverage, asked: Filters, tree: UnitTree, before: Before | None = None) -> list[Line]:
    """Return the rows in the order of a dictionary, what is not known last; a unit leads to its own page."""
    found = [_line(row, answer.by, asked, tree) for row in answer.rows]
    if before:
        found = [replace(line, before=before.rows.get(line.row.label)) for line in found]
    if answer.by in ("kind", "basis"):
        return found
    return sorted(found, key=lambda line: (answer.by != "team" and not line.row.unit, sort_key(line.name)))


def _line(row: Row, by: str, asked: Filters, tree: UnitTree) -> Line:
    if by in ("kind", "basis", "team"):
        more = {"team": row.team} if by == "team" else {"basis": row.basis} if by == "basis" else {}
        href = url_for("coverage.page", **replace(asked, by="unit", **more).query()) if more else ""  # type: ignore[arg-type]
        return Line(row, web.told(row.name) if by != "team" else row.name, href)
    leads = row.unit and row.key != asked.unit
    href = url_for("coverage.page", **replace(asked, unit=row.key, by="unit").query()) if leads else ""
    return Line(row, name(tree, row.key) if row.unit else web.told(row.name), href)


def chart(found: Sequence[Line], total: Line) -> Markup:
    """Draw the lines: a bar each while they fit on a page, thin columns beyond. *total* is what it says as a whole."""
    target = total.row.target
    goal = _("Chỉ tiêu %(percent)s %%", percent=target) if target else ""
    legend = Legend(in_words(total), _("Đã kiểm tra"), _("Chưa được kiểm tra"), goal)
    drawn = [_bar(line) for line in _briefly(found)]
    return columns(drawn, legend, target) if is_wide(found) else bars(drawn, legend)


def _briefly(found: Sequence[Line]) -> Sequence[Line]:
    """Leave out the words that the names of all teams begin with: there is little room beside a bar."""
    names = [line.name.split() for line in found]
    if len(names) < 2 or found[0].row.team is None:
        return found
    least, most = min(names), max(names)
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(least[:-1], most[:-1], strict=False))
    same = sum(1 for _ in alike)
    return [replace(line, name=" ".join(name[same:])) for line, name in zip(found, names, strict=True)]


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
    if by not in ("unit", "across"):
        return by
    return "commune" if all(is_commune(tree, line.row.key) for line in found if line.row.unit) else "unit"


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
    if by == "basis":
        return _("Cơ sở được kiểm tra theo nhiều hình thức được tính ở mỗi hình thức và một lần ở dòng tổng.")
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


def need(ahead: Outlook, remaining: int) -> str:
    """Say how much is needed from here on to reach the target in time; empty where nothing is, or no time is left."""
    if ahead.each_week is None:
        return ""
    until = day(ahead.deadline)
    if ahead.days_left < 7:
        return _("cần %(count)s cơ sở trong %(days)s ngày còn lại", count=number(remaining), days=ahead.days_left)
    return _("cần %(count)s cơ sở mỗi tuần đến %(day)s", count=number(ahead.each_week), day=until)


def change_in_words(now: Row, before: Brief | None) -> str:
    """Say how a share rose or fell since the same period of the year before; empty where nothing can be compared."""
    tenths = change_in_tenths(now, before)
    if tenths is None:
        return ""
    points = tenth_points(abs(tenths))
    if tenths == 0:
        return _("không đổi")
    return _("tăng %(points)s", points=points) if tenths > 0 else _("giảm %(points)s", points=points)


def tenth_points(tenths: int) -> str:
    """Write tenths of a percent point: 3,1; in English 3.1."""
    return f"{tenths // 10}{'.' if web.spoken() == 'en' else ','}{tenths % 10}"


def trend_chart(years: Sequence[Year], total: Line) -> Markup:
    """Draw the share of each year, all of it and up to the same day, with the targets there were."""
    points = [
        Point(
            str(one.year), one.whole.share, _year_in_words(one.year, one.whole, one.as_of), one.to_same_day.share,
            _year_in_words(one.year, one.to_same_day, one.same_day), one.whole.target,
        )
        for one in years
    ]  # fmt: skip
    goal = _("Chỉ tiêu") if any(point.target for point in points) else ""
    words = Words(_("Tỷ lệ qua các năm – %(name)s", name=total.name), _("Cả năm"), _("Cùng kỳ"), goal)
    return line(points, words)


def trend_rows(years: Sequence[Year]) -> list[tuple[str, str]]:
    """Return the trend as names and values, for the notes of a file."""
    return [
        (_("Tỷ lệ năm %(year)s", year=str(one.year)), _year_in_words(one.year, one.whole, one.as_of)) for one in years
    ]


def _year_in_words(year: int, row: Brief, as_of: date) -> str:
    return _(
        "Năm %(year)s, tính đến ngày %(day)s: %(inspected)s/%(open)s cơ sở được kiểm tra (%(share)s)",
        year=str(year), day=day(as_of), inspected=number(row.inspected), open=number(row.open),
        share=share(row.inspected, row.open, row.target) if row.open else _("không có cơ sở"),
    )  # fmt: skip


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
