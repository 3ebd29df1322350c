"""The list of returns: what is due, what is written, who of the units below has sent; and opening one."""

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.plans import Report
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.due.listing import Due, due
from server.due.shape import SENT
from server.pages.areas import inside, name, offered
from server.pages.asking import labelled, my_area, typed_of
from server.pages.pages import Pages
from server.pages.typed_days import day as typed_day
from server.pages.words import day
from server.plans.listing import Plan, all_plans, in_order
from server.problems import NotAllowed, NotFound
from server.returns.sent import Asked, Column, Return, UnitRow, returns, table, years
from server.returns.words import REPORT_WORDS, STANDING_WORDS, by, column_words, due_name, due_of
from server.rights import may as has_right
from server.store import reading
from server.tables import Table, as_csv, as_xlsx

bp = Blueprint("returns", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
FILTERS = ("don-vi", "nam", "loai", "tinh-trang")
FIELDS = {"don-vi": "unit", "ke-hoach": "plan", "loai": "report", "nam": "year", "quy": "quarter", "tu-ngay": "from",
          "den-ngay": "to"}  # fmt: skip


@bp.get("/bao-cao")
@may("returns.see")
def page() -> str:
    """Show the returns of a year: what is due, those there are, and who of the units below has sent."""
    asked, today = _asked(), local_day(now())
    with reading(web.db()) as conn:
        found = returns(conn, web.tree(), asked)
        every = found if not (asked.report or asked.standing) else returns(
            conn, web.tree(), Asked(asked.unit, asked.year))  # fmt: skip
        open_ones = [one for one in _due(conn, asked) if one.unit == asked.unit]
    columns, rows = table(web.tree(), asked.unit, every, asked.report)
    pages = Pages.read(request.args.get("trang", "")).of(len(rows))
    return render_template(
        "returns.html", rows=found, columns=columns, due=open_ones, pages=pages, filters=_Query(),
        below=rows[pages.offset : pages.offset + pages.limit], sent=_counts(columns, rows), asked=asked,
        years=years(web.db().conn, today), units=labelled(offered(web.tree(), my_area(), asked.unit)),
        query=typed_of(*FILTERS), may_make=has_right(g.user["role"], "returns.make"), column_words=column_words,
        **words(),
    )  # fmt: skip


class _Query:
    """The filters of the page as they stand in an address."""

    def query(self, **other: Any) -> dict[str, Any]:
        """Return them, with *other* words."""
        return {**typed_of(*FILTERS), **other}


def _counts(columns: tuple[Column, ...], rows: tuple[UnitRow, ...]) -> list[tuple[Column, int, int]]:
    """Return how many units have sent each report, of how many."""
    return [(column, sum(bool(row.returns[at] and row.returns[at].sent_on) for row in rows), len(rows))  # type: ignore[union-attr]
            for at, column in enumerate(columns)]  # fmt: skip


def words() -> dict[str, Any]:
    """Return what templates say returns with."""
    return {"due_name": due_name, "by": by, "REPORT_WORDS": REPORT_WORDS, "STANDING_WORDS": STANDING_WORDS,
            "due_of": due_of, "unit_name": lambda unit: name(web.tree(), unit)}  # fmt: skip


def _due(conn: Any, asked: Asked) -> list[Due]:
    """Return what the unit itself has to send in the year and has not: reports only."""
    today = local_day(now())
    first, last = today.replace(year=asked.year, month=1, day=1), today.replace(year=asked.year, month=12, day=31)
    found = due(conn, web.tree(), asked.unit, first, last, today)
    return [one for one in found if one.report in REPORT_WORDS and one.cut_off and one.standing not in SENT]


def _asked() -> Asked:
    unit = request.args.get("don-vi", "").strip() or my_area()
    if web.tree().get(unit) is None or not inside(web.tree(), my_area(), unit):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    year = request.args.get("nam", "").strip()
    report, standing = request.args.get("loai", ""), request.args.get("tinh-trang", "")
    return Asked(
        unit, int(year) if year.isascii() and year.isdigit() and len(year) == 4 else local_day(now()).year,
        report if report in REPORT_WORDS else "", standing if standing in STANDING_WORDS else "",
    )  # fmt: skip


@bp.get("/bao-cao.<ending>")
@may("returns.see")
def file(ending: str) -> Response:
    """Answer the same list as a file: csv, xlsx, json."""
    asked = _asked()
    found = returns(web.db().conn, web.tree(), asked)
    if ending == "json":
        return jsonify({"unit": asked.unit, "year": asked.year, "returns": [vars(one) for one in found]})
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv, xlsx hoặc json."))
    title = _("Báo cáo năm %(year)s – %(area)s", year=str(asked.year), area=name(web.tree(), asked.unit))
    return FILES[ending](Table("bao-cao", title, _headings(), [_line(one) for one in found]))


def _headings() -> list[str]:
    return [_("Đơn vị"), _("Loại báo cáo"), _("Từ ngày"), _("Chốt số liệu hết ngày"), _("Hạn"), _("Tình trạng"),
            _("Ngày gửi"), _("Người gửi"), _("Số"), _("Ngày ký"), _("Lần")]  # fmt: skip


def _line(one: Return) -> list[Any]:
    return [name(web.tree(), one.unit), str(REPORT_WORDS[one.report]), one.since, one.until, due_of(one),
            str(STANDING_WORDS[one.standing]), one.sent_on, one.sent_by, one.number, one.signed_on,
            one.version]  # fmt: skip


@bp.get("/bao-cao/lap")
@may("returns.make")
def ask() -> str:
    """Show the form that opens a return; what the address names stands in it."""
    given = {field: request.args.get(field, "").strip() for field in FIELDS}
    given |= {"don-vi": given["don-vi"] or my_area(), "nam": given["nam"] or str(local_day(now()).year)}
    return _form(given, {})


def _form(given: dict[str, str], errors: dict[str, str]) -> str:
    tree, area = web.tree(), my_area()
    unit = given["don-vi"] if inside(tree, area, given["don-vi"]) else area
    plans = [(one.id, _plan_words(one)) for one in _plans(area, unit, given["ke-hoach"])]
    return render_template(
        "return_open.html", given=given, errors=errors, units=labelled(offered(tree, area, unit)),
        plans=plans, reports=list(REPORT_WORDS.items()),
        ready=not errors and bool(given["loai"]) and bool(given["ke-hoach"] or given["quy"]),
    )  # fmt: skip


def _plans(area: str, unit: str, named: str) -> list[Plan]:
    """Return the plans that a return may be of, past ones too: the last report is written when a plan is over.

    They are those of units in the area, those whose area holds it or the unit, and the one that is *named*.
    """
    tree, scope = web.tree(), web.tree().scope(area)

    def is_offered(one: Plan) -> bool:
        if one.id == named and one.unit in scope:
            return True
        return inside(tree, area, one.unit) or inside(tree, one.unit, area) or inside(tree, one.unit, unit)

    return in_order(filter(is_offered, all_plans(web.db().conn, local_day(now()))))


def _plan_words(one: Plan) -> str:
    return f"{one.name} ({day(one.since)} – {day(one.until)})"


@bp.post("/bao-cao/lap")
@may("returns.make")
def make() -> Response | tuple[str, int]:
    """Open a return, or the draft that is there already, and go to it."""
    at, given = now(), {field: request.form.get(field, "").strip() for field in FIELDS}
    if not inside(web.tree(), my_area(), given["don-vi"]):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    asked: dict[str, Any] = {key: given[field] for field, key in FIELDS.items() if given[field]}
    if given["loai"] == Report.QUARTER:
        asked.pop("plan", None)
    asked |= {key: typed_day(str(asked[key]), local_day(at)) for key in ("from", "to") if key in asked}
    answer = apply_one(web.db(), {"do": "return", **asked}, author=g.user["id"], at=at)
    if answer["problems"]:
        names = {key: field for field, key in FIELDS.items()}
        return _form(given, {names.get(key, "loai"): said for key, said in answer["problems"].items()}), 422
    row = web.db().conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()
    flash(_("Đã mở bản nháp báo cáo."), "good")
    return redirect(url_for("return_one.page", id=row[0]), code=303)
