"""The page of what needs a look in the register, "Dữ liệu cần rà soát": counted, listed, the fix one click away."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import local_day, now
from server.pages.areas import name, offered, whole_communes
from server.pages.asking import labelled, my_area
from server.pages.pages import Pages
from server.pages.words import day, number
from server.problems import NotFound
from server.register.flaw_words import FLAWS
from server.register.quality import OF_VISITS, Area, Line, count, filled, lines
from server.register.reach import unit_asked
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("quality", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}


def area_of(unit: str) -> Area:
    """Return where a unit is asked about."""
    tree = web.tree()
    return Area(tuple(whole_communes(tree, unit)), frozenset(tree.scope(unit)), local_day(now()))


@bp.get("/co-so/du-lieu-can-ra-soat")
@may("register.see")
def page() -> str:
    """Show how many things need a look, and those of one problem, a page at a time."""
    unit, pages = unit_asked(), Pages.read(request.args.get("trang", ""))
    tree, area = web.tree(), area_of(unit)
    with reading(web.db()) as conn:
        quality = count(conn, tree, area)
        problem = _problem() or next((key for key, many in quality.counts.items() if many and key != "duplicate"), "")
        found = lines(conn, tree, area, problem) if problem and problem != "duplicate" else []
        shown = filled(conn, found[pages.offset : pages.offset + pages.limit])
    kept = {"don-vi": unit} if unit != my_area() else {}
    return render_template(
        "quality.html", unit=unit, unit_name=name(tree, unit), units=labelled(offered(tree, my_area(), unit)),
        quality=quality, problem=problem, rows=[(one, said(one), links(one)) for one in shown], FLAWS=FLAWS,
        pages=pages.of(len(found)), kept=kept, parts=lambda **more: kept | {"loai": problem} | more,
    )  # fmt: skip


def _problem() -> str:
    asked = request.args.get("loai", "")
    return asked if asked in FLAWS else ""


@bp.get("/co-so/du-lieu-can-ra-soat.<ending>")
@may("register.see")
def file(ending: str) -> Response:
    """Answer everything of an area that needs a look, or one problem, as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    unit, asked = unit_asked(), _problem()
    tree, area = web.tree(), area_of(unit)
    rows: list[list[Any]] = []
    with reading(web.db()) as conn:
        for problem in [asked] if asked else [key for key in FLAWS if key != "duplicate"]:
            found = filled(conn, lines(conn, tree, area, problem))
            rows += [[str(FLAWS[problem].title), one.code, one.name, said(one)] for one in found]
    title, facts = _("Dữ liệu cần rà soát"), [(_("Địa bàn"), name(tree, unit))]
    return FILES[ending](Table("du-lieu-can-ra-soat", title, [str(one) for one in HEADINGS], rows, facts))


HEADINGS = (_l("Cần rà soát"), _l("Mã cơ sở"), _l("Tên cơ sở"), _l("Đang ghi"))


def said(one: Line) -> str:
    """Say what stands there now."""
    if one.problem in OF_VISITS:
        return str(_("Cuộc kiểm tra ngày %(day)s", day=day(one.day)))
    if one.problem == "violation_gone":
        return str(_("Quyết định số %(number)s ngày %(day)s", number=one.said, day=day(one.day)))
    if one.problem == "expired":
        return str(_("Hết hạn từ %(day)s", day=day(one.day)))
    if one.problem == "team":
        return str(_("Hết thời hạn %(last)s, còn %(n)s cuộc kiểm tra sau đó, gần nhất %(day)s",
                     last=day(one.code), n=number(int(one.said)), day=day(one.day)))  # fmt: skip
    return one.said


def links(one: Line) -> tuple[str, str]:
    """Return where a line is put right, and where what it is about is shown; empty where there is no page."""
    place = url_for("place.page", id=one.place) if one.place else ""
    if one.problem == "team":
        return "/doi", ""
    if one.problem == "violation_gone":
        return f"/quyet-dinh/{one.id}", place
    if one.problem == "split":
        return url_for("split.page", tim=one.name), place
    at = FLAWS[one.problem].at
    fix = place + f"#{at}" if at.startswith("step-") else url_for("edit_place.page", id=one.place, _anchor=at)
    return fix, f"/cuoc-kiem-tra/{one.id}" if one.problem in OF_VISITS else place
