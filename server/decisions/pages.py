"""The pages of sanction decisions: the list and its files, one decision, the form that enters or edits one."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.repeat import sentence
from schemas.violations import CatalogueRow
from schemas.whose import operator_on
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.decisions import form, words
from server.decisions.listing import Filter, State, authorities, decisions_in, in_area
from server.decisions.one import Found, decision
from server.law.answers import ANSWERS
from server.law.catalogue import current
from server.law.choosing import Visit, places_like, undecided, visit
from server.office import state_of
from server.pages.areas import name, whole_communes
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.tables import as_csv, as_xlsx

bp = Blueprint("decisions", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
STATES = {
    "dang-thi-hanh": State.OPEN, "da-chap-hanh": State.DONE, "chua-ro": State.UNKNOWN, "khieu-nai": State.COMPLAINT,
    "tron-tranh": State.EVASION, "da-huy": State.CANCELLED,
}  # fmt: skip


@bp.get("/quyet-dinh")
@may("decisions.see")
def page() -> str:
    """Show the decisions of the area, the newest first."""
    asked, pages = _filter(), Pages.read(request.args.get("trang", ""))
    with reading(web.db()) as conn:
        found = decisions_in(conn, _communes(), asked, local_day(now()), offset=pages.offset, limit=pages.limit)
        names = authorities(conn)
    query = {key: value for key, value in request.args.items() if key in {"co-quan", "nam", "tinh-trang", "so"}}
    return render_template(
        "decisions.html", found=found, pages=pages.of(found.total), authorities=names, words=words, query=query,
        STATES=STATES, area=name(web.tree(), my_area()),
    )  # fmt: skip


@bp.get("/quyet-dinh.<ending>")
@may("decisions.see")
def file(ending: str) -> Any:
    """Answer the whole list as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    with reading(web.db()) as conn:
        found = decisions_in(conn, _communes(), _filter(), local_day(now()))
    return FILES[ending](words.table(found, name(web.tree(), my_area())))


def _filter() -> Filter:
    said = {key: value.strip() for key, value in request.args.items()}
    year = int(said["nam"]) if re.fullmatch(r"20[0-9]{2}", said.get("nam", "")) else None
    return Filter(said.get("co-quan", ""), year, STATES.get(said.get("tinh-trang", "")), said.get("so", "")[:80])


def _communes() -> list[str]:
    return whole_communes(web.tree(), my_area())


@bp.get("/quyet-dinh/<id>")
@may("decisions.see")
def one(id: str) -> str:
    """Show one decision: what was decided, each part, the days on which it makes an act a repeat, its history."""
    found = _found(id)
    return render_template(
        "decision.html", one=found, words=words, answers=ANSWERS, lack_words=sentence, visit=_visit_of(found)
    )


def _found(id: str) -> Found:
    """Return a decision of the person's area, or raise NotFound or NotAllowed."""
    with reading(web.db()) as conn:
        found = decision(conn, id, local_day(now()))
        if found is None:
            raise NotFound(_("Không có quyết định này; mở lại danh sách."))
        if not in_area(conn, found.state["operator"], str(found.state.get("establishment") or ""), _communes()):
            raise NotAllowed(_("Quyết định này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return found


def _visit_of(found: Found) -> Visit | None:
    return visit(web.db().conn, str(found.state.get("inspection") or ""))


@bp.get("/quyet-dinh/moi")
@may("decisions.edit")
def new() -> str:
    """Choose what a new decision is about, or show its form once that is chosen."""
    given = {key: request.args.get(key, "").strip() for key in ("cuoc-kiem-tra", "co-so", "chu-co-so", "tim")}
    if given["cuoc-kiem-tra"] or given["chu-co-so"]:
        about = _about(given["cuoc-kiem-tra"], given["co-so"], given["chu-co-so"])
        return _form(about | {"sanction": "fine"}, {"ordered": ["main"], "violations": _all(about)}, {})
    conn = web.db().conn
    places = places_like(conn, _communes(), given["tim"]) if given["tim"] else []
    visits = {one.establishment: undecided(conn, one.establishment) for one in places}
    return render_template("decision_about.html", given=given, places=places, visits=visits)


def _about(inspection: str, establishment: str, operator: str) -> dict[str, str]:
    """Return whom and what a decision is about, all of it in the person's area."""
    conn = web.db().conn
    if inspection:
        found = visit(conn, inspection)
        if found is None:
            raise NotFound(_("Không có cuộc kiểm tra này trên máy chủ; tìm lại cơ sở."))
        establishment = found.establishment
        committed = max((act.committed_on for act in found.acts), default=found.date)
        operator = operator_on(found.state, date.fromisoformat(committed)) or ""
    elif state_of(conn, "operator", operator) is None:
        raise NotFound(_("Không có chủ cơ sở này; tìm lại cơ sở."))
    if not in_area(conn, operator, establishment, _communes()):
        raise NotAllowed(_("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return {"inspection": inspection, "establishment": establishment, "operator": operator}


def _all(about: dict[str, str]) -> list[str]:
    found = visit(web.db().conn, about["inspection"]) if about["inspection"] else None
    return [act.id for act in found.acts] if found else []


@bp.post("/quyet-dinh/moi")
@may("decisions.edit")
def enter() -> tuple[str, int] | Response:
    """Enter a decision, or show the form again with what to put right."""
    given, lists = _given()
    _about(given.get("inspection", ""), given.get("establishment", ""), given.get("operator", ""))
    asked, conn = form.asked_of(given, lists, local_day(now())), web.db().conn
    there = conn.execute(
        "SELECT id FROM decisions WHERE number = ? AND authority = ?", (asked["number"], asked["authority"])
    ).fetchone()
    if there:
        error = _("Cơ quan này đã có quyết định mang số đó; tìm trong danh sách để sửa.")
        return _form(given, lists, {"number": error}), 422
    return _kept(given, lists, asked)


@bp.get("/quyet-dinh/<id>/sua")
@may("decisions.edit")
def edit(id: str) -> str:
    """Show the form of a decision as it stands."""
    found = _found(id)
    seen = _visit_of(found)
    lists = form.ticked(found.state)
    if seen and "violations" not in found.state:  # it was entered by codes alone
        lists["violations"] = [act.id for act in seen.acts if act.code in found.codes]
    brought = {act.code for act in seen.acts if act.id in lists["violations"]} if seen else set()
    own = [code for code in found.codes if code not in brought]
    given = form.filled(found.state, own) | {"decision": id, "seen": str(found.seen)}
    return _form(given, lists, {})


@bp.post("/quyet-dinh/<id>/sua")
@may("decisions.edit")
def change(id: str) -> tuple[str, int] | Response:
    """Change a decision, or show the form again; what somebody else wrote meanwhile is not written over."""
    found = _found(id)
    given, lists = _given()
    given |= {"decision": id, "operator": str(found.state["operator"])}
    if given.get("seen") != str(found.seen):
        error = _("Nơi khác vừa sửa quyết định này; mở lại trang, xem rồi ghi lại.")
        return _form(given, lists, {"": error}), 422
    return _kept(given, lists, form.asked_of(given, lists, local_day(now())))


def _given() -> tuple[dict[str, Any], dict[str, list[str]]]:
    lists = {field: request.form.getlist(field) for field in ("ordered", "violations", "suspended")}
    return {key: value for key, value in request.form.items() if key not in {"csrf_token", *lists}}, lists


def _kept(given: dict[str, Any], lists: dict[str, list[str]], asked: dict[str, Any]) -> tuple[str, int] | Response:
    answer = apply_one(web.db(), {"do": "decision", **asked}, author=g.user["id"], at=now())
    if answer["standing"] != "accepted":
        errors = form.errors_of(answer["problems"]) or {"": _("Chưa ghi được; tải lại trang rồi ghi lại.")}
        return _form(given, lists, errors), 422
    row = web.db().conn.execute(
        "SELECT id FROM decisions WHERE number = ? AND authority = ?", (asked["number"], asked["authority"])
    ).fetchone()
    flash(_("Đã ghi quyết định."), "good")
    return redirect(url_for("decisions.one", id=given.get("decision") or row[0]), code=303)


def _form(given: dict[str, Any], lists: dict[str, list[str]], errors: dict[str, str]) -> str:
    conn = web.db().conn
    operator = state_of(conn, "operator", given.get("operator", "")) or {}
    place = state_of(conn, "establishment", given.get("establishment", "")) or {}
    return render_template(
        "decision_form.html", given=given, lists=lists, errors=errors, words=words, SUSPENDED=words.SUSPENDED,
        operator_name=operator.get("name", ""), place=place.get("name", ""),
        visit=visit(conn, given.get("inspection", "")), rows=_rows(), authorities=authorities(conn, 100),
    )  # fmt: skip


def _rows() -> list[CatalogueRow]:
    """Return the rows of the catalogue to choose from: every code once, its newest row."""
    newest = {row.code: row for row in current(web.db().conn).rows}
    return sorted(newest.values(), key=lambda row: row.code)
