"""One return on its page: a draft to be written and sent, or what was sent, with what has changed since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.ids import is_id
from schemas.register import State
from server import web
from server.access import may
from server.changes import apply_one
from server.clock import local_day, now
from server.due.listing import Due, of_return
from server.due.words import clash
from server.office import state_of
from server.pages.areas import inside
from server.pages.asking import my_area
from server.pages.typed_days import day as typed_day
from server.problems import NotAllowed, NotFound
from server.returns import compiling, freezing, restating, words
from server.returns.draft import Content, Where, compose, glance
from server.returns.missing import Missing, missing
from server.returns.pages import words as list_words
from server.returns.sent import Return, find, replaced_by
from server.returns.sheets import MAIN
from server.rights import may as has_right
from server.store import reading

bp = Blueprint("return_one", __name__)
HEAD = {"trich-yeu": "title", "co-quan-tren": "issuer_above", "co-quan": "issuer", "ky-hieu": "symbol",
        "dia-danh": "place", "tham-quyen": "authority", "quyen-han": "signing", "chuc-vu": "role",
        "nguoi-ky": "signer", "noi-nhan": "receivers", "tu-ngay": "from", "den-ngay": "to"}  # fmt: skip
PART = ("text", "seen", "prefilled")


@dataclass(frozen=True)
class Shown:
    """A return as its page shows it; *restated*: of one that was sent, *missing*: of a draft."""

    row: Return
    state: State
    content: Content
    restated: tuple[restating.Line, ...] = ()
    missing: Missing | None = None


def where() -> Where:
    """Return where the returns of this server stand, today."""
    return Where(web.db().conn, web.tree(), web.settings().files, local_day(now()))


def shown(here: Where, id: str, put: Callable[[Where, str, State], Content] = compose) -> Shown:
    """Return a return that is there, a draft put together by *put*. Called within one read transaction."""
    row, state = find(here.conn, id), state_of(here.conn, "return", id)
    assert row is not None, "asked for after it was found"
    assert state is not None, "its row is folded from it"
    frozen = freezing.kept(here, id)
    if frozen:
        return Shown(row, state, frozen, restating.since_sent(here, frozen))
    content = put(here, id, state)
    return Shown(row, state, content, missing=missing(here, content))


def reached(id: str) -> Return:
    """Return a return of the area, or raise what a person must read."""
    found = find(web.db().conn, id) if is_id(id) else None
    if found is None:
        raise NotFound(_("Không có báo cáo này; mở lại danh sách báo cáo."))
    if not inside(web.tree(), my_area(), found.unit):
        raise NotAllowed(_("Báo cáo này của địa bàn khác; hỏi người quản trị."))
    return found


@bp.get("/bao-cao/<id>")
@may("returns.see")
def page(id: str) -> str:
    """Show a draft with its live figures, or what was sent with what has changed since."""
    reached(id)
    return _page(id, {}, {})


def _page(id: str, given: dict[str, str], errors: dict[str, str]) -> str:
    with reading(web.db()):
        one = shown(where(), id, glance)
    unit, kind = request.args.get("xa", ""), request.args.get("loai-hinh", "")
    figures = one.content.figures
    every = (figures.total, *figures.of_units, *figures.of_kinds, *figures.rows)
    row = next((row for row in every[1:] if (row.unit, row.kind) == (unit, kind)), figures.total)
    if not unit and kind:
        row = next((one for one in figures.of_kinds if one.kind == kind), figures.total)
    role = g.user["role"]
    return render_template(
        "return.html", one=one, row=one.row, content=one.content, figures=figures, chosen=row, given=given,
        errors=errors, code=freezing.code(one.row.document) if one.row.document else "", say=words,
        replaces=find(web.db().conn, one.row.replaces) if one.row.replaces else None,
        replaced=replaced_by(web.db().conn, id), sums=compiling.summed(one.content.below, compiling.added(figures)),
        deadline=_deadline(one.row), clash_of=clash, MAIN=MAIN,
        may_make=has_right(role, "returns.make"), may_number=has_right(role, "returns.number"),
        enter=_entered_at(one) if has_right(role, "indicators.enter") else "", **list_words(),
    )  # fmt: skip


def _entered_at(one: Shown) -> str:
    """Return where the figures of a return are entered; empty of one without a plan."""
    head = one.content.head
    days = f"{head['report']}:{head['from']}:{head['to']}"
    asked: dict[str, Any] = {"ke-hoach": head.get("plan"), "don-vi": one.row.unit, "ky": days}
    return url_for("indicators.unit", **asked) if asked["ke-hoach"] else ""


def _deadline(row: Return) -> Due | None:
    """Return what the calendar knows of a draft's deadline: another plan may want the same report sooner."""
    with reading(web.db()) as conn:
        of = row.plan, row.deadline, row.unit, row.until
        return of_return(conn, web.tree(), of, local_day(now())) if row.is_draft else None


@bp.post("/bao-cao/<id>/noi-dung")
@may("returns.make")
def write(id: str) -> Response | tuple[str, int]:
    """Write every part that was touched; or let the prefilled text of one stand again beside what else was typed."""
    reached(id)
    verb, _bar, again = request.form.get("do", "").partition("|")
    given: dict[str, str] = {}
    errors: dict[str, str] = {}
    saved = []
    for part in request.form.getlist("part"):
        text, seen, prefilled = (_lines(request.form.get(f"{name}-{part}", "")) for name in PART)
        fresh = "" if (verb, again) == ("prefilled", part) or text == prefilled else text  # that follows the figures
        if fresh == seen:
            continue
        asked = {"do": "return_part", "return": id, "part": part, "seen": seen, "text": fresh}
        answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
        if answer["problems"]:
            given[part], errors[part] = text, next(iter(answer["problems"].values()))
        else:
            saved.append(part)
    if errors:
        return _page(id, given, errors), 422
    if verb == "send":
        return redirect(url_for("return_one.ask_to_send", id=id), code=303)
    flash(_("Đã lưu nội dung.") if saved else _("Không có gì thay đổi."), "good" if saved else "warn")
    return redirect(url_for("return_one.page", id=id, _anchor="noi-dung"), code=303)


def _lines(text: str) -> str:
    """Return what a text field sends, with line ends as we write them."""
    return text.replace("\r\n", "\n").strip()


@bp.post("/bao-cao/<id>/dau")
@may("returns.make")
def head(id: str) -> Response | tuple[str, int]:
    """Write what stands around the text: who issues, who signs, who receives, which days."""
    reached(id)
    at, given = now(), {field: request.form.get(field, "").strip() for field in HEAD}
    asked: dict[str, Any] = {key: given[field] for field, key in HEAD.items()}
    asked |= {key: typed_day(asked[key], local_day(at)) for key in ("from", "to")}
    asked["receivers"] = _lines(given["noi-nhan"])
    return _done(id, {"do": "return", "return": id, **asked}, _("Đã lưu thể thức của báo cáo."), given)


def _done(id: str, asked: dict[str, Any], said: str, given: dict[str, str]) -> Response | tuple[str, int]:
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["problems"]:
        names = {key: field for field, key in HEAD.items()}
        return _page(id, given, {names.get(key, key): words for key, words in answer["problems"].items()}), 422
    flash(said, "good")
    return redirect(url_for("return_one.page", id=id), code=303)


@bp.get("/bao-cao/<id>/gui")
@may("returns.make")
def ask_to_send(id: str) -> str:
    """Ask once more before the figures are frozen; of one that was sent, show it."""
    if not reached(id).is_draft:
        return _page(id, {}, {})
    with reading(web.db()):
        one = shown(where(), id, glance)
    return render_template("return_send.html", one=one, row=one.row, content=one.content, say=words, **list_words())


@bp.post("/bao-cao/<id>/gui")
@may("returns.make")
def send(id: str) -> Response | tuple[str, int]:
    """Send a return: what it says is frozen."""
    reached(id)
    said = _("Đã gửi báo cáo, số liệu đã chốt. Văn thư ghi số vào báo cáo.")
    return _done(id, {"do": "freeze", "return": id}, said, {})


@bp.post("/bao-cao/<id>/so")
@may("returns.number")
def number(id: str) -> Response | tuple[str, int]:
    """Write down the number that the clerk gave, and the day it was signed."""
    reached(id)
    given = {"so": request.form.get("so", "").strip(), "ngay-ky": request.form.get("ngay-ky", "").strip()}
    asked = {"do": "return_number", "return": id, "number": given["so"],
             "on": typed_day(given["ngay-ky"], local_day(now()))}  # fmt: skip
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["problems"]:
        names = {"number": "so", "on": "ngay-ky"}
        return _page(id, given, {names.get(key, "so"): said for key, said in answer["problems"].items()}), 422
    flash(_("Đã ghi số báo cáo."), "good")
    return redirect(url_for("return_one.page", id=id), code=303)


@bp.post("/bao-cao/<id>/lan-moi")
@may("returns.make")
def again(id: str) -> Response | tuple[str, int]:
    """Open the next version of a return that was sent, with the reason."""
    reached(id)
    given = {"ly-do": request.form.get("ly-do", "").strip()}
    asked = {"do": "return", "replaces": id, "reason": given["ly-do"]}
    answer = apply_one(web.db(), asked, author=g.user["id"], at=now())
    if answer["problems"]:
        return _page(id, given, {"ly-do": next(iter(answer["problems"].values()))}), 422
    row = web.db().conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()
    flash(_("Đã mở bản nháp của lần mới, với các phần đã viết."), "good")
    return redirect(url_for("return_one.page", id=row[0]), code=303)


@bp.post("/bao-cao/<id>/bo")
@may("returns.make")
def drop(id: str) -> Response | tuple[str, int]:
    """Drop a draft that nobody goes on with; opened again, it is there with what was written."""
    reached(id)
    answer = apply_one(web.db(), {"do": "return", "return": id, "drop": True}, author=g.user["id"], at=now())
    if answer["problems"]:
        return _page(id, {}, {"bo": next(iter(answer["problems"].values()))}), 422
    flash(_("Đã bỏ bản nháp."), "good")
    return redirect(url_for("returns.page"), code=303)
