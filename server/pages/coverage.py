"""The share inspected: the page, its files, the list still to inspect, and the same for programs."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from schemas.units import Epoch
from server import web
from server.access import SIGNED_IN, knock
from server.clock import local_day, now
from server.coverage.ask import coverage
from server.coverage.figures import Coverage, Row
from server.pages import figures, files
from server.pages.areas import name, offered
from server.pages.filters import BY, Asked, Filters, read
from server.pages.words import day
from server.problems import InvalidInput, NotFound
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("coverage", __name__)
IN_ENGLISH = {"nam": "year", "tinh-den": "as_of", "don-vi": "unit", "loai-hinh": "kind", "theo": "by"}
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class View:
    """All that the page shows beside the answer itself."""

    unit: str
    total: Row
    lines: list[figures.Line]
    kind_lines: list[figures.Line]
    chart: Markup
    chart_note: str
    pace: figures.Pace | None


@bp.get("/ty-le-kiem-tra")
@knock(SIGNED_IN)
def page() -> tuple[str, int] | str:
    """Show the share inspected, or the filters again with a sentence at the one that does not hold."""
    filters, asked = _read(request.args)
    if filters is None:
        return render_template("coverage.html", view=None, **_form(None, asked)), 422
    answer = ask(filters)
    return render_template("coverage.html", view=_view(filters, answer), answer=answer, **_form(filters, asked))


@bp.get("/ty-le-kiem-tra.<ending>")
@knock(SIGNED_IN)
def file(ending: str) -> Response:
    """Answer the same figures as a file: csv, xlsx or json."""
    filters = _must_hold(request.args)
    if ending == "json":
        return jsonify(ask(filters).as_json())
    answer = ask(filters)
    return _file(ending, files.of_shares(answer, filters, figures.lines(answer, filters, web.tree())))


@bp.get("/api/v1/coverage")
@knock(SIGNED_IN)
def api() -> Response:
    """Answer the figures to a program: year, as_of, unit (epoch:code), kind, by; or the names of the page."""
    asked = MultiDict(request.args)
    for ours, theirs in IN_ENGLISH.items():
        if theirs in asked and ours not in asked:
            asked.setlist(ours, asked.getlist(theirs))
    by = {meaning: word for word, meaning in BY.items()}
    asked["theo"] = by.get(asked.get("theo", ""), asked.get("theo", ""))
    return jsonify(ask(_must_hold(asked)).as_json())


def ask(filters: Filters, by: str = "") -> Coverage:
    """Return the answer of the one function that every figure comes from."""
    with reading(web.db()) as conn:
        return coverage(
            conn, tree=web.tree(), epoch=Epoch(filters.unit.partition(":")[0]), year=filters.year,
            as_of=filters.as_of, unit=filters.unit, kinds=filters.kinds, by=by or filters.by,
        )  # fmt: skip


def _read(query: MultiDict[str, str]) -> tuple[Filters | None, Asked]:
    return read(query, web.tree(), g.user["unit"], local_day(now()))


def _must_hold(query: MultiDict[str, str]) -> Filters:
    """Return the filters of an address that has no form to come back to, or raise InvalidInput."""
    filters, asked = _read(query)
    if filters is None:
        raise InvalidInput(next(iter(asked.errors.values()), ""), errors=asked.errors)
    return filters


def _file(ending: str, table: Table) -> Response:
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    return FILES[ending](table)


def _view(filters: Filters, answer: Coverage) -> View:
    tree = web.tree()
    lines = figures.lines(answer, filters, tree)
    kinds = [] if filters.by == "kind" else figures.lines(ask(filters, "kind"), filters, tree)
    return View(
        unit=name(tree, filters.unit),
        total=answer.total,
        lines=lines,
        kind_lines=kinds,
        chart=figures.chart(lines, answer.total, _("Tỷ lệ cơ sở được kiểm tra")),
        chart_note=figures.chart_note(lines, answer.by),
        pace=figures.pace(answer.total, filters.year, answer.as_of),
    )


def _form(filters: Filters | None, asked: Asked) -> dict[str, Any]:
    """Return the filters for the form: as they hold, or as they were typed."""
    tree, area = web.tree(), g.user["unit"]
    unit = filters.unit if filters else asked.typed["don-vi"]
    unit = unit if unit and tree.get(unit) else area
    return {
        "asked": asked,
        "filters": filters,
        "year": filters.year if filters else asked.typed["nam"],
        "as_of": day(filters.as_of) if filters else asked.typed["tinh-den"],
        "chosen": "" if "don-vi" in asked.errors else unit,
        "units": offered(tree, area, unit),
    }
