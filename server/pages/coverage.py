"""The share inspected: the page, its files, the list still to inspect, and the same for programs."""

from dataclasses import dataclass, replace

from flask import Blueprint, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from schemas.units import epoch_on
from server import web
from server.access import may
from server.coverage.figures import Coverage
from server.coverage.remaining import Remaining
from server.pages import figures, files
from server.pages.areas import is_commune, name
from server.pages.asking import ask, ask_remaining, at_its_best, form, must_hold, read_filters
from server.pages.filters import Filters
from server.pages.lists import Lists, lists_of, present_communes
from server.pages.pages import Pages
from server.problems import NotFound
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("coverage", __name__)
TITLES = {
    "unit": _l("Đã kiểm tra và chưa kiểm tra, theo đơn vị"),
    "commune": _l("Đã kiểm tra và chưa kiểm tra, theo xã"),
    "kind": _l("Đã kiểm tra và chưa kiểm tra, theo loại hình"),
    "team": _l("Đã kiểm tra và chưa kiểm tra, theo đội"),
}
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class View:
    """What the page shows beside the answer itself."""

    unit: str
    lines: list[figures.Line]
    empty: list[figures.Line]
    kind_lines: list[figures.Line]
    first: str
    wide: bool
    chart: Markup
    chart_title: str
    chart_note: str
    pace: figures.Pace | None
    complete: str
    late: str
    lists: Lists
    kinds: str


@bp.get("/ty-le-kiem-tra")
@may("coverage.see")
def page() -> tuple[str, int]:
    """Show the share inspected, or the filters again with a sentence at the one that does not hold."""
    filters, asked = read_filters(request.args)
    if filters is None:
        return render_template("coverage.html", view=None, **form(None, asked)), 422
    filters = at_its_best(filters)
    answer = ask(filters)
    return render_template("coverage.html", view=view(filters, answer), answer=answer, **form(filters, asked)), 200


@bp.get("/ty-le-kiem-tra.<ending>")
@may("coverage.see")
def file(ending: str) -> AnyResponse:
    """Answer the same figures as a file: csv, xlsx or json."""
    filters = must_hold(request.args)
    answer = ask(filters)
    if ending == "json":
        return jsonify(answer.as_json())
    return _file(ending, files.of_shares(answer, _unit(filters), figures.lines(answer, filters, web.tree())))


@bp.get("/ty-le-kiem-tra/con-lai")
@may("coverage.see")
def remaining() -> tuple[str, int]:
    """Show the places that are still to inspect, a page at a time, or all of them to be printed."""
    filters, asked = read_filters(request.args)
    if filters is None:
        return render_template("remaining.html", answer=None, **form(None, asked)), 422
    pages = Pages.read(request.args.get("trang", ""))
    answer, places = ask_remaining(filters, pages.offset, pages.limit)
    shown = pages.of(answer.total.open - answer.total.inspected)
    return render_template(
        "remaining.html", answer=answer, places=places, names=_names(places), pages=shown, unit=_unit(filters),
        kinds=figures.kinds_in_words(answer.kinds), complete=figures.complete(answer), late=figures.late(answer),
        **form(filters, asked),
    ), 200  # fmt: skip


@bp.get("/ty-le-kiem-tra/con-lai.<ending>")
@may("coverage.see")
def remaining_file(ending: str) -> AnyResponse:
    """Answer the whole list as a file."""
    filters = must_hold(request.args)
    answer, places = ask_remaining(filters)
    return _file(ending, files.of_remaining(answer, _unit(filters), places, _names(places)))


def view(filters: Filters, answer: Coverage) -> View:
    """Prepare what the page, and the home page, show of an answer."""
    tree = web.tree()
    lines, empty = figures.split(figures.lines(answer, filters, tree))
    row_words = figures.row_words(answer.by, lines, tree)
    by_kind = replace(filters, by="kind")
    return View(
        unit=_unit(filters),
        lines=lines,
        empty=empty,
        kind_lines=[] if filters.by == "kind" else figures.lines(ask(by_kind), by_kind, tree),
        first=str(files.FIRST[row_words]),
        wide=figures.is_wide(lines),
        chart=figures.chart(lines, figures.Line(answer.total, _unit(filters))),
        chart_title=str(TITLES[row_words]),
        chart_note=figures.chart_note(lines, answer.by),
        pace=figures.pace(answer.total, answer.year, answer.as_of),
        complete=figures.complete(answer),
        late=figures.late(answer),
        lists=lists_of(web.db().conn, tree, filters.unit, year=answer.year, in_force=epoch_on(answer.as_of)),
        kinds=figures.kinds_in_words(answer.kinds),
    )


def _unit(filters: Filters) -> str:
    return name(web.tree(), filters.unit)


def _names(places: list[Remaining]) -> list[str]:
    """Name the commune of each place, or say that it is not known."""
    tree = web.tree()
    stand = present_communes(web.db().conn, [place.id for place in places if not is_commune(tree, place.unit)])
    communes = [stand.get(place.id, place.unit) for place in places]
    return [name(tree, key) if is_commune(tree, key) else _("Chưa xác định xã") for key in communes]


def _file(ending: str, table: Table) -> AnyResponse:
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    return FILES[ending](table)
