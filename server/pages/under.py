"""The list under a number of the share inspected: its places or visits, a page at a time, and as files."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.coverage.figures import Coverage, Row
from server.coverage.under import PLACES, Listing, What
from server.pages import figures, files
from server.pages.areas import is_commune, name
from server.pages.asking import ask_under, form, must_hold, read_filters
from server.pages.filters import Filters
from server.pages.links import HEADINGS, read_under, why
from server.pages.lists import present_communes
from server.pages.pages import Pages
from server.problems import NotFound
from server.rights import may as role_may
from server.store import reading
from server.tables import Table

bp = Blueprint("under", __name__)


@dataclass(frozen=True)
class View:
    """One list as the page and its files show it."""

    what: What
    heading: str
    row: str  # the name of the row it is under; empty: the whole
    answer: Coverage
    line: Row
    unit: str
    items: Sequence[Any]
    communes: Sequence[str]
    pages: Pages


@bp.get("/ty-le-kiem-tra/danh-sach")
@may("coverage.see")
def page() -> tuple[str, int]:
    """Show what stands under a number, a page at a time, or all of it to be printed."""
    filters, asked = read_filters(request.args)
    if filters is None:
        return render_template("under.html", view=None, **form(None, asked)), 422
    pages = Pages.read(request.args.get("trang", ""))
    shown = _view(filters, pages)
    kept = {word: request.args[word] for word in ("muc", "dong") if request.args.get(word)}
    return render_template(
        "under.html", view=shown, why=why, may_see_visits=role_may(g.user["role"], "visits.see"), kept=kept,
        kinds=figures.kinds_in_words(shown.answer.kinds),
        complete=figures.complete(shown.answer), late=figures.late(shown.answer), **form(filters, asked),
    ), 200  # fmt: skip


@bp.get("/ty-le-kiem-tra/danh-sach.<ending>")
@may("coverage.see")
def file(ending: str) -> Response:
    """Answer the whole list as a file."""
    shown = _view(must_hold(request.args), None)
    title = ", ".join(filter(None, (shown.heading, shown.row)))
    found = list(zip(shown.items, shown.communes, strict=True))
    return files.answered(ending, _table_of(shown.what)(shown.answer, shown.unit, title, found))


def _table_of(what: What) -> Callable[[Coverage, str, str, Any], Table]:
    if what is What.NOT_COUNTED:
        return files.of_not_counted
    return files.of_places if what in PLACES else files.of_visits


def _view(filters: Filters, pages: Pages | None) -> View:
    under = read_under(request.args, filters)
    if under is None:
        raise NotFound(_("Không có danh sách này; mở lại từ trang tỷ lệ cơ sở được kiểm tra."))
    with reading(web.db()) as conn:
        answer, listing = ask_under(conn, filters, under)
        row = next((row for row in answer.rows if row.label == under.row), None)
        if under.row and row is None:
            raise NotFound(_("Không có dòng này trong bảng; mở lại từ trang tỷ lệ cơ sở được kiểm tra."))
        items = _page(listing, pages)
        communes = _communes(items)
    return View(
        what=under.what,
        heading=str(HEADINGS[under.what]),
        row=_row_name(row) if row else "",
        answer=answer,
        line=row or answer.total,
        unit=name(web.tree(), filters.unit),
        items=items,
        communes=communes,
        pages=(pages or Pages(0)).of(listing.total),
    )


def _page(listing: Listing, pages: Pages | None) -> Sequence[Any]:
    what = listing.under.what
    page = listing.places if what in PLACES else listing.visits
    if what is What.NOT_COUNTED:
        page = listing.not_counted  # type: ignore[assignment]
    return page(pages.offset, pages.limit) if pages else page()


def _row_name(row: Row) -> str:
    if row.kind is None and row.basis is None and row.team is None and row.unit:
        return name(web.tree(), row.key)
    return row.name if row.team else web.told(row.name)


def _communes(items: Iterable[Any]) -> list[str]:
    """Name the commune of each item, or say that it is not known."""
    tree = web.tree()
    known = [(str(getattr(item, "place", None) or getattr(item, "id", "")), str(item.unit)) for item in items]
    stand = present_communes(web.db().conn, [place for place, unit in known if place and not is_commune(tree, unit)])
    communes = [stand.get(place, unit) for place, unit in known]
    return [name(tree, key) if is_commune(tree, key) else _("Chưa xác định xã") for key in communes]
