"""Tips on pages: the list with the share handled in time, entering one, and carrying it on to its end."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.ids import is_id
from schemas.tips import CHANNELS, CLASSES, RESULTS, TEXTS, VERIFIED, deadline
from server import web
from server.access import may
from server.audit import Entry, note
from server.changes import apply_one
from server.changes.tips import FIELDS, pointed_out
from server.clock import local_day, now
from server.pages import typed
from server.pages.areas import inside, name, units_below, whole_communes
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.store import writing
from server.tables import Table, as_csv, as_xlsx
from server.tips.filters import STATES, Filters, read
from server.tips.lists import Tip, tips
from server.tips.one import OneTip, find
from server.tips.share import count
from server.tips.words import CLASS_WORDS, TIMING_WORDS, VERIFIED_WORDS

bp = Blueprint("tips", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
DAYS = ("received_on", "verified_on", "due_on", "handled_on")


@bp.get("/tin-bao")
@may("tips.see")
def page() -> tuple[str, int]:
    """Show the tips received in a period and the share of them that was handled in time."""
    tree, today = web.tree(), local_day(now())
    filters, errors = read(request.args, tree, my_area(), today)
    received = tips(web.db().conn, tree, filters.unit, filters.period(today))
    found, pages = [tip for tip in received if filters.take(tip)], Pages.read(request.args.get("trang", ""))
    return render_template(
        "tips.html", rows=found[pages.offset : pages.offset + pages.limit], pages=pages.of(len(found)),
        share=count(received), filters=filters, errors=errors, STATES=STATES, given=request.args,
        of=lambda state: replace(filters, state=state).query(), CLASS_WORDS=CLASS_WORDS, TIMING_WORDS=TIMING_WORDS,
        VERIFIED_WORDS=VERIFIED_WORDS, area=name(tree, filters.unit), units=units_below(tree, my_area()),
        commune=lambda key: name(tree, key),
    ), (422 if errors else 200)  # fmt: skip


@bp.get("/tin-bao.<ending>")
@may("tips.see")
def file(ending: str) -> Any:
    """Answer the list as a file: days and results, and none of the texts."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    tree, today = web.tree(), local_day(now())
    filters, _errors = read(request.args, tree, my_area(), today)
    received = tips(web.db().conn, tree, filters.unit, filters.period(today))
    return FILES[ending](_table(filters, [tip for tip in received if filters.take(tip)]))


def _table(filters: Filters, found: list[Tip]) -> Table:
    headings = [_("Số tin báo"), _("Ngày tiếp nhận"), _("Xã"), _("Mã cơ sở"), _("Phân loại"), _("Kết quả xác minh"),
                _("Hạn giải quyết"), _("Ngày giải quyết xong"), _("Tình trạng")]  # fmt: skip
    rows = [
        [tip.number, tip.received_on, name(web.tree(), tip.unit), tip.code,
         str(CLASS_WORDS.get(tip.classification, "")), str(VERIFIED_WORDS.get(tip.verified, "")), tip.due_on,
         tip.handled_on or "", str(TIMING_WORDS[tip.timing])]
        for tip in found
    ]  # fmt: skip
    title = _("Tin báo, tố giác – %(area)s", area=name(web.tree(), filters.unit))
    period = f"{day(filters.since)} – {day(filters.until)}"
    return Table("tin-bao", title, headings, rows, [(_("Tiếp nhận trong kỳ"), period)])


@bp.get("/tin-bao/moi")
@may("tips.edit")
def ask() -> str:
    """Show the empty form; a place named in the address stands in it."""
    given = {"received_on": day(local_day(now())), "establishment": request.args.get("co-so", "")}
    return _form(None, given, {})


@bp.post("/tin-bao/moi")
@may("tips.edit")
def enter() -> tuple[str, int] | Response:
    """Enter a tip, or show the form again with what to put right."""
    return _save(None)


@bp.get("/tin-bao/<id>")
@may("tips.see")
def one(id: str) -> str:
    """Show a tip with its words; that it was opened is noted."""
    tip = _mine(id)
    with writing(web.db()) as conn:
        note(conn, Entry("tip.open", g.user["id"], g.user["role"], f"tip:{id}", tip.unit), now())
    return _form(tip, _shown(tip), {})


@bp.post("/tin-bao/<id>")
@may("tips.edit")
def change(id: str) -> tuple[str, int] | Response:
    """Carry a tip on: classified, verified, handled, linked to a visit."""
    return _save(_mine(id))


def _mine(id: str) -> OneTip:
    tip = find(web.db().conn, id, local_day(now()).isoformat()) if is_id(id) else None
    if tip is None:
        raise NotFound(_("Không có tin báo này; mở lại từ trang Tin báo."))
    if not inside(web.tree(), my_area(), tip.unit):
        raise NotAllowed(_("Tin báo này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return tip


def _shown(tip: OneTip) -> dict[str, str]:
    """Return the fields as the form shows them: days as they are written by hand, a place by its code."""
    said = {field: str(tip.state.get(field) or "") for field in FIELDS}
    said |= {field: day(said[field]) for field in DAYS}
    return said | {"unit": tip.unit, "establishment": tip.code or said["establishment"]}


def _save(tip: OneTip | None) -> tuple[str, int] | Response:
    given = {field: request.form.get(field, "").strip() for field in (*FIELDS, "checked")}
    _in_area(given)
    answer = apply_one(web.db(), _asked(tip, given), author=g.user["id"], at=now())
    problems = answer["problems"]
    if answer["standing"] != "accepted":
        return _form(tip, given, problems), 422
    flash(_("Đã ghi tin báo."), "good")
    return redirect(url_for("tips.page"), code=303)


def _asked(tip: OneTip | None, given: dict[str, str]) -> dict[str, Any]:
    """Return the line of `apply` that the form says."""
    today = local_day(now())
    said: dict[str, Any] = {field: given[field] or None for field in FIELDS if field not in ("epoch", "unit")}
    said |= {field: typed.day(given[field], today, ahead=400 if field == "due_on" else 1) or None for field in DAYS}
    if given["unit"] and not given["establishment"]:
        said["epoch"], _sep, said["unit"] = given["unit"].partition(":")
    before = tip.state.get("due_on") if tip else None
    if said["due_on"] is None or said["due_on"] == before:
        del said["due_on"]  # the rule's day, which follows the classification
    return {"do": "tip"} | ({"tip": tip.id} if tip else {}) | said | {"checked": bool(given["checked"])}


def _in_area(given: dict[str, str]) -> None:
    """Refuse a place or a commune that lies elsewhere; one that is not there is for the form to say."""
    rows = (
        web.db()
        .conn.execute(
            "SELECT commune FROM establishments JOIN placements ON establishment = id WHERE id = ?1 OR code = ?1",
            (given["establishment"],),
        )
        .fetchall()
    )
    communes = {commune for (commune,) in rows} or {given["unit"]} - {""}
    if communes and communes.isdisjoint(whole_communes(web.tree(), my_area())):
        raise NotAllowed(_("Nơi này ngoài địa bàn của tài khoản; hỏi người quản trị."))


def _form(tip: OneTip | None, given: dict[str, str], errors: dict[str, str]) -> str:
    tree = web.tree()
    rule = deadline(given.get("classification", ""))
    communes = sorted(((key, name(tree, key)) for key in whole_communes(tree, my_area())), key=lambda one: one[1])
    found = {field: pointed_out(given.get(field, "")) for field in TEXTS if field in errors}
    looks = {field: " ".join(map(web.told, sentences)) for field, sentences in found.items() if sentences}
    return render_template(
        "tip.html", tip=tip, given=given, errors=errors | looks, CHANNELS=CHANNELS, CLASSES=CLASSES, VERIFIED=VERIFIED,
        RESULTS=RESULTS, rule=rule, communes=communes, TIMING_WORDS=TIMING_WORDS, area=name(tree, my_area()),
        person=bool(looks),
    )  # fmt: skip
