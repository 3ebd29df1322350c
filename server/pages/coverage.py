"""The share inspected: the page, and its files."""

from dataclasses import dataclass, replace

from flask import Blueprint, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from schemas.units import epoch_on
from server import web
from server.access import may
from server.coverage.answer import Answer
from server.pages import figures, files
from server.pages.areas import name
from server.pages.asking import ask, ask_all, at_its_best, form, must_hold, read_filters
from server.pages.filters import Filters
from server.pages.links import Links
from server.pages.lists import Lists, lists_of

bp = Blueprint("coverage", __name__)
TITLES = {
    "unit": _l("Đã kiểm tra và chưa kiểm tra, theo đơn vị"),
    "commune": _l("Đã kiểm tra và chưa kiểm tra, theo xã"),
    "kind": _l("Đã kiểm tra và chưa kiểm tra, theo loại hình"),
    "basis": _l("Đã kiểm tra và chưa kiểm tra, theo hình thức kiểm tra"),
    "team": _l("Đã kiểm tra và chưa kiểm tra, theo đội"),
}


@dataclass(frozen=True)
class View:
    """What the page shows beside the answer itself."""

    unit: str
    lines: list[figures.Line]
    empty: list[figures.Line]
    kind_lines: list[figures.Line]
    total: figures.Line
    links: Links
    first: str
    wide: bool
    chart: Markup
    chart_title: str
    chart_note: str
    need: str
    full: Answer
    trend: Markup
    complete: str
    late: str
    lists: Lists
    kinds: str
    filters: Filters  # of the whole period of the plan, where there is one


@bp.get("/ty-le-kiem-tra")
@may("coverage.see")
def page() -> tuple[str, int]:
    """Show the share inspected, or the filters again with a sentence at the one that does not hold."""
    filters, asked = read_filters(request.args)
    if filters is None:
        return render_template("coverage.html", view=None, **form(None, asked)), 422
    filters = at_its_best(filters)
    full = ask_all(filters)
    shown = view(filters, full)
    return render_template("coverage.html", view=shown, answer=full.now, **form(filters, asked)), 200


@bp.get("/ty-le-kiem-tra.<ending>")
@may("coverage.see")
def file(ending: str) -> AnyResponse:
    """Answer the same figures as a file: csv, xlsx or json."""
    filters = must_hold(request.args)
    full = ask_all(filters)
    if ending == "json":
        return jsonify(full.as_json())
    lines = figures.lines(full.now, filters, web.tree(), full.before)
    return files.answered(ending, files.of_shares(full, name(web.tree(), filters.unit), lines))


def view(filters: Filters, full: Answer) -> View:
    """Prepare what the page, and the home page, show of an answer."""
    tree, answer, unit = web.tree(), full.now, name(web.tree(), filters.unit)
    lines, empty = figures.split(figures.lines(answer, filters, tree, full.before))
    row_words = figures.row_words(answer.by, lines, tree)
    by_kind = replace(filters, by="kind")
    total = figures.Line(answer.total, unit, before=full.before.total if full.before else None)
    return View(
        unit=unit,
        lines=lines,
        empty=empty,
        kind_lines=[] if filters.by == "kind" else figures.lines(ask(by_kind), by_kind, tree),
        total=total,
        links=Links(filters),
        first=str(files.FIRST[row_words]),
        wide=figures.is_wide(lines),
        chart=figures.chart(lines, total),
        chart_title=str(TITLES[row_words]),
        chart_note=figures.chart_note(lines, answer.by),
        need=figures.need(full.outlook, answer.total.remaining or 0),
        full=full,
        trend=figures.trend_chart(full.years, total) if full.years else Markup(),
        complete=figures.complete(answer),
        late=figures.late(answer),
        lists=lists_of(web.db().conn, tree, filters.unit, year=answer.year, in_force=epoch_on(answer.as_of)),
        kinds=figures.kinds_in_words(answer.kinds),
        filters=replace(filters, period=full.period.period) if full.period else filters,
    )
