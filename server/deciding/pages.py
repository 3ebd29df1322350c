"""The pages of what is not plainly in the truth: the list, each side by side, and the decision of a person."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.changes.desk import Desk, Unclear
from server.changes.lines import BUILDERS
from server.clock import local_day, now
from server.deciding.mending import corrects_the_truth, mended
from server.deciding.shown import Shown, laptop_name, shown, title
from server.deciding.waiting import GROUPS, Waiting, find, lies_in, line_of, unreadable, waiting
from server.office import Change, make
from server.pages.areas import whole_communes
from server.pages.asking import my_area
from server.pages.words import moment
from server.problems import InvalidInput, NotAllowed, NotFound
from server.store import reading

bp = Blueprint("deciding", __name__)
TITLES = {
    "conflict": _l("Có hai bản khác nhau – chờ đối chiếu"),
    "right": _l("Chờ văn phòng quyết định: máy gửi không có quyền ghi"),
    "content": _l("Cần sửa"),
    "held": _l("Chờ hồ sơ liên quan"),
    "ours": _l("Chờ nâng cấp chương trình của máy chủ"),
}
STEPS = {"conflict": _l("Đối chiếu"), "right": _l("Quyết định"), "content": _l("Mở để sửa")}


@bp.get("/can-duyet")
@may("arrivals.decide")
def page() -> str:
    """Show what waits for a person in the area, the earliest first in each group."""
    conn = web.db().conn
    with reading(web.db()):
        found = in_my_area()
        rows = {
            group: [(one, title(conn, line_of(conn, one.item)), laptop_name(conn, one.device), moment(one.at))
                    for one in found if one.group == group]
            for group in GROUPS
        }  # fmt: skip
        lost = [(hash, laptop_name(conn, device), moment(at)) for hash, device, at in unreadable(conn, _area()[1])]
    return render_template("deciding.html", rows=rows, total=len(found), titles=TITLES, steps=STEPS, lost=lost)


def in_my_area() -> list[Waiting]:
    """Return what waits in the area of who is signed in."""
    return waiting(web.db().conn, *_area())


def _area() -> tuple[frozenset[str], frozenset[str]]:
    tree, area = web.tree(), my_area()
    return frozenset(whole_communes(tree, area)), tree.scope(area)


@bp.get("/can-duyet/<name>")
@may("arrivals.decide")
def one(name: str) -> str:
    """Show one item beside what stands, with what can be done."""
    return _page(_shown(name), {}, {})


@bp.post("/can-duyet/<name>")
@may("arrivals.decide")
def decide(name: str) -> Response | tuple[str, int]:
    """Carry out what was decided; what does not hold comes back at its field, with everything typed still there."""
    found = _shown(name)
    do = request.form.get("do", "")
    if do not in {"mine", "theirs", "both", "release", "decline", "point", "mend"}:
        raise InvalidInput(_("Trang đã cũ; tải lại trang rồi chọn lại."))
    try:
        for change in _changes(found, do):
            _make(change)
    except Unclear as unclear:
        return _page(found, unclear.problems, request.form), 422
    flash(_SAID[do] % {"title": found.title}, "good")
    return redirect(url_for("deciding.page"), code=303)


_SAID = {
    "mine": _l("Đã giữ bản của máy gửi: %(title)s."),
    "theirs": _l("Đã giữ bản trên máy chủ: %(title)s."),
    "both": _l("Đã giữ cả hai: %(title)s."),
    "release": _l("Đã nhận vào kết quả: %(title)s."),
    "decline": _l("Không tính vào kết quả: %(title)s."),
    "point": _l("Đã chuyển sang cơ sở khác: %(title)s."),
    "mend": _l("Đã đính chính: %(title)s."),
}


def _shown(name: str) -> Shown:
    conn = web.db().conn
    with reading(web.db()):
        found = find(conn, name)
        if found is None:
            raise NotFound(_("Hồ sơ này không còn chờ quyết định; mở lại danh sách."))
        if not lies_in(conn, found, *_area()):
            raise NotAllowed(_("Hồ sơ này ngoài địa bàn của tài khoản; hỏi người quản trị."))
        return shown(conn, web.tree(), found)


def _changes(found: Shown, do: str) -> list[Change]:
    """Return what is to be made, each once the one before it is accepted."""
    conn, at = web.db().conn, now()
    desk = Desk(conn, g.user["id"], local_day(at))
    item, reason = found.waiting.item, request.form.get("reason", "")
    if do == "mend":
        given = {field.path: request.form.get(f"at:{field.path}", "") for field in found.fields}
        wrong = line_of(conn, item)
        right = mended(desk, wrong, given, reason)
        if not corrects_the_truth(desk, wrong):
            return [right]
        # Said again from the truth, it does not name the wrong one, and so does not take it out by itself.
        return [right, BUILDERS["decline"](desk, {"item": item, "reason": reason})]
    if do in {"mine", "theirs", "both"}:
        asked = {"item": item, "keep": do, "with": request.form.get("with") or None, "reason": reason}
        return [BUILDERS["settle"](desk, asked)]
    asked = {"item": item, "to": request.form.get("to", "")} if do == "point" else {"item": item, "reason": reason}
    return [BUILDERS[do](desk, asked)]


def _make(change: Change) -> None:
    """Make the change that `apply` would, or raise why it could not be."""
    receipt = make(web.db(), [change], author=g.user["id"], at=now())[0]
    if receipt.standing == "quarantined":
        problems = (receipt.detail or {}).get("problems") or {}
        raise Unclear.all({"": next(iter(problems.values()), _("Máy chủ chưa ghi được; thử lại sau ít phút."))})
    if receipt.standing != "accepted":
        raise Unclear("", _("Nơi khác vừa sửa hồ sơ này; tải lại trang rồi đối chiếu lại."))


def _page(found: Shown, problems: dict[str, str], given: object) -> str:
    loose = [sentence for path, sentence in problems.items() if path not in _places(found)]
    return render_template("deciding_one.html", found=found, one=found.waiting, problems=problems, given=given,
                           loose=loose, heading=TITLES[found.waiting.group])  # fmt: skip


def _places(found: Shown) -> set[str]:
    """Return the fields of the form that can show a problem themselves."""
    return {"reason", "to", *(field.path for field in found.fields)}
