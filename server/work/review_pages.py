"""Pages of the yearly review: what was found commune by commune, the list confirmed at once, what is proposed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from schemas.ids import is_id
from schemas.text import sort_key
from schemas.work import Asks, Decided
from server import web
from server.access import may
from server.office import state_of
from server.pages import meanwhile
from server.pages.areas import inside, name, whole_communes
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.pages.words import day
from server.problems import NotAllowed, NotFound
from server.register.reach import my_communes
from server.store import reading
from server.tables import Table, as_csv, as_xlsx
from server.work.asked import Asked, asked, write
from server.work.history import history
from server.work.model import Proposal, Review
from server.work.proposals import proposal, proposals
from server.work.reviews import places_in, reviews, windows_of
from server.work.words import ASKS, DECIDED

bp = Blueprint("list_reviews", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
NEW = {"kien-nghi": "asks", "noi-dung": "text", "co-so": "establishment", "van-ban": "paper"}
DONE, OPEN = "da-chot", "chua-chot"


@bp.get("/viec-trong-nam/ra-soat")
@may("work.see")
def page() -> str:
    """Show the reviews of the communes, those without a confirmed list first, and the proposals."""
    return _page(asked(), {}, {})


def _page(asking: Asked, given: dict[str, str], errors: dict[str, str]) -> str:
    tree, pages = web.tree(), Pages.read(request.args.get("trang", ""))
    with reading(web.db()) as conn:
        communes, done = _communes(asking)
        pages = pages.of(len(communes))
        rows = reviews(conn, communes[pages.offset :][: pages.limit], asking.year, asking.today)
        said = proposals(conn, tree, asking.unit, asking.year)
    return render_template(
        "list_reviews.html", rows=rows, pages=pages, said=said, every=len(whole_communes(tree, asking.unit)),
        done=done, given=given, errors=errors, ASKS=ASKS, DECIDED=DECIDED, Decided=Decided, DONE=DONE, OPEN=OPEN,
        chosen=request.args.get("tinh-trang", ""), communes=_named(asking), kept=_query(asking),
        turn=lambda **more: _query(asking) | more,
        waiting=[one for one in said if one.standing is Decided.PROPOSED], **asking.words(),
    )  # fmt: skip


def _query(asking: Asked) -> dict[str, Any]:
    standing = request.args.get("tinh-trang", "").strip()
    return asking.query | ({"tinh-trang": standing} if standing else {})


def _communes(asking: Asked) -> tuple[list[str], int]:
    """Return the communes that the filter leaves, and how many of all have a confirmed list.

    Those with places and without a confirmed list come first, those without any place last.
    """
    tree, standing = web.tree(), request.args.get("tinh-trang", "").strip()
    every = whole_communes(tree, asking.unit)
    windows, places = windows_of(web.db().conn, every, asking.year, asking.today), places_in(web.db().conn, every)
    chosen = [one for one, window in windows.items() if standing not in (DONE, OPEN)
              or bool(window.on) == (standing == DONE)]  # fmt: skip
    order = sorted(chosen, key=lambda one: (not places[one], bool(windows[one].on), sort_key(name(tree, one))))
    return order, sum(bool(window.on) for window in windows.values())


def _named(asking: Asked) -> list[tuple[str, str]]:
    tree = web.tree()
    found = [(key, name(tree, key)) for key in whole_communes(tree, asking.unit)]
    return sorted(found, key=lambda pair: sort_key(pair[1]))


@bp.get("/viec-trong-nam/ra-soat.<ending>")
@may("work.see")
def file(ending: str) -> Response:
    """Answer the reviews of all communes as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asking, tree = asked(), web.tree()
    with reading(web.db()) as conn:
        found = reviews(conn, _communes(asking)[0], asking.year, asking.today)
    headings = [_("Xã"), _("Số cơ sở"), _("Chốt lần trước"), _("Chốt ngày"), _("Người chốt"), _("Mới đưa vào"),
                _("Tạm ngừng, ngừng hoạt động"), _("Gộp vì trùng"), _("Sửa thông tin"), _("Chưa rõ loại hình"),
                _("Sửa sau khi chốt"), _("Kiến nghị"), _("Chờ trả lời")]  # fmt: skip
    rows = [[name(tree, one.commune), *_cells(one)] for one in found]
    words = asking.words()
    title = _("Rà soát danh sách cơ sở năm %(year)s – %(unit)s", year=str(asking.year), unit=words["unit_name"])
    return FILES[ending](Table("ra-soat", title, headings, rows, [(_("Đơn vị"), words["unit_name"])]))


def _cells(one: Review) -> list[Any]:
    return [one.places, day(one.since), day(one.on), one.by, one.new, one.closed, one.merged, one.changed, one.no_kind,
            one.later, one.proposals, one.waiting]  # fmt: skip


@bp.get("/viec-trong-nam/kien-nghi.<ending>")
@may("work.see")
def proposals_file(ending: str) -> Response:
    """Answer the proposals as a file."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asking, tree = asked(), web.tree()
    with reading(web.db()) as conn:
        found = proposals(conn, tree, asking.unit, asking.year)
    headings = [_("Xã"), _("Kiến nghị"), _("Nội dung"), _("Cơ sở"), _("Ngày đề xuất"), _("Số văn bản"), _("Kết quả"),
                _("Ngày quyết định"), _("Lý do")]  # fmt: skip
    rows = [[name(tree, one.unit), str(ASKS[Asks(one.asks)]), one.text, one.place_name, day(one.proposed_on), one.paper,
             str(DECIDED[one.standing]), day(one.decided_on), one.reason] for one in found]  # fmt: skip
    words = asking.words()
    title = _("Kiến nghị sau rà soát năm %(year)s – %(unit)s", year=str(asking.year), unit=words["unit_name"])
    return FILES[ending](Table("kien-nghi", title, headings, rows, [(_("Đơn vị"), words["unit_name"])]))


@bp.post("/viec-trong-nam/ra-soat/chot")
@may("register.confirm")
def confirm() -> Response | tuple[str, int]:
    """Confirm the list of one commune as of today, by who is signed in: the same event as on the page of lists."""
    asking, commune = asked(), request.form.get("xa", "").strip()
    if not commune:
        return _page(asking, {}, {"chot": _("Chọn xã.")}), 422
    if commune not in my_communes():
        raise NotAllowed(_("Xã này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    epoch, _colon, code = commune.partition(":")
    problems = write({"do": "confirm_list", "unit": code, "epoch": epoch, "on": asking.today.isoformat()})
    if problems:
        return _page(asking, {}, {"chot": next(iter(problems.values()))}), 422
    said = _("Đã ghi: %(commune)s chốt danh sách ngày %(day)s.", commune=name(web.tree(), commune),
             day=day(asking.today))  # fmt: skip
    flash(said, "good")
    return redirect(url_for("list_reviews.page", **asking.query), code=303)


@bp.post("/viec-trong-nam/ra-soat")
@may("work.do")
def propose() -> Response | tuple[str, int]:
    """Write down a proposal of a commune, or show the form again with what to put right."""
    asking = asked()
    given = {field: request.form.get(field, "").strip() for field in ("xa", *NEW, "checked")}
    if given["xa"] and given["xa"] not in my_communes():
        raise NotAllowed(_("Xã này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    errors = {} if given["xa"] else {"xa": _("Chọn xã.")}
    epoch, _colon, code = given["xa"].partition(":")
    said: dict[str, Any] = {name_: given[field] for field, name_ in NEW.items() if given[field]}
    said |= {"do": "list_proposal", "unit": code, "epoch": epoch, "year": asking.year}
    if given["checked"]:
        said["checked"] = "1"
    back = {name_: field for field, name_ in NEW.items()} | {"unit": "xa"}
    errors = errors or {back.get(key, key): words for key, words in (_elsewhere(given) or write(said)).items()}
    if errors:
        return _page(asking, given, errors), 422
    flash(_("Đã ghi kiến nghị."), "good")
    return redirect(url_for("list_reviews.page", **asking.query), code=303)


def _elsewhere(given: dict[str, str]) -> dict[str, str]:
    """Say that the place that was named stands in another commune: who proposes may not look beyond its own."""
    if not given["co-so"]:
        return {}
    conn = web.db().conn
    rows = conn.execute(
        "SELECT id FROM establishments JOIN placements ON placements.establishment = establishments.id"
        " WHERE (code = ? OR id = ?) AND commune = ?",
        (given["co-so"], given["co-so"], given["xa"]),
    ).fetchall()
    return {} if rows else {"establishment": _("Xã này không có cơ sở mang mã đó; xem mã ở danh sách cơ sở.")}


@bp.get("/viec-trong-nam/kien-nghi/<id>")
@may("work.see")
def one(id: str) -> str:
    """Show one proposal, and the form that decides it for who stands above the commune."""
    found = _mine(id)
    given = {"ket-qua": found.standing.value, "ngay": day(found.decided_on), "ly-do": found.reason}
    return _one(found, given, {})


def _one(found: Proposal, given: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "list_proposal.html", one=found, given=given, errors=errors, ASKS=ASKS, DECIDED=DECIDED, Decided=Decided,
        unit_name=name(web.tree(), found.unit), above=found.unit != my_area(),
        edits=history(web.db().conn, "list_proposal", found.id),
        seen=meanwhile.shown(meanwhile.mark("list_proposal", found.id)),
    )  # fmt: skip


def _mine(id: str) -> Proposal:
    state = state_of(web.db().conn, "list_proposal", id) if is_id(id) else None
    if state is None:
        raise NotFound(_("Không có kiến nghị này; mở lại danh sách."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['unit']}"):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; hỏi người quản trị."))
    return proposal(web.db().conn, id)


@bp.post("/viec-trong-nam/kien-nghi/<id>")
@may("work.do")
def decide(id: str) -> Response | tuple[str, int]:
    """Decide a proposal; a commune does not decide its own."""
    found = _mine(id)
    if found.unit == my_area():
        raise NotAllowed(_("Kiến nghị của xã do cấp trên trả lời."))
    given = {field: request.form.get(field, "").strip() for field in ("ket-qua", "ly-do")}
    late = meanwhile.overtaken(meanwhile.mark("list_proposal", id))
    said = {"do": "list_proposal", "proposal": id, "standing": given["ket-qua"], "reason": given["ly-do"],
            "checked": request.form.get("checked") or None}  # fmt: skip
    problems = {"seen": late} if late else write(said)
    problems.pop("", None)
    if problems:
        back = {"standing": "ket-qua", "reason": "ly-do"}
        return _one(found, given, {back.get(key, key): words for key, words in problems.items()}), 422
    flash(_("Đã ghi trả lời kiến nghị."), "good")
    return redirect(url_for("list_reviews.page", nam=found.year), code=303)
