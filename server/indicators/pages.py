"""The pages of figures: which units have sent what, and the figures of one unit, entered, sent up and reviewed."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from schemas.ids import is_id
from schemas.indicators import ValueStanding
from server import web
from server.access import may
from server.changes.desk import Desk, Unclear
from server.changes.indicators import indicator_value
from server.clock import local_day, now
from server.files.keeping import path_of
from server.indicators import form as forms
from server.indicators import keeping, words
from server.indicators.asked import agencies, is_police
from server.indicators.entry import Entry, Who, entries
from server.indicators.history import changes, told
from server.indicators.listing import next_to_review, progress
from server.indicators.table import table
from server.indicators.view import View, view
from server.office import Change, make, state_of
from server.pages import meanwhile
from server.pages.areas import inside, name
from server.pages.asking import my_area
from server.pages.pages import Pages
from server.problems import NotAllowed, NotFound
from server.rights import POLICE
from server.rights import may as may_do
from server.store import reading
from server.tables import as_csv, as_xlsx

bp = Blueprint("indicators", __name__)
FILES = {"csv": as_csv, "xlsx": as_xlsx}
Errors = dict[str, str]


def _view() -> View | None:
    found = view(web.db().conn, web.tree(), request.args, my_area(), local_day(now()))
    if found and g.user["role"] == POLICE and "co-quan" not in request.args and found.unit == found.plan.unit:
        mine = [body for body in agencies(found.plan.indicators) if is_police(body)]
        return replace(found, agency=mine[0]) if mine else found  # their own indicators first; all are one choice away
    return found


def _no_plan() -> str:
    return render_template("indicators.html", view=None, rows=())


def _who() -> Who:
    return Who(g.user["role"], my_area(), g.user["id"])


@bp.get("/chi-tieu")
@may("indicators.see")
def page() -> str:
    """Show which units have sent which figures of a report, and what waits for review."""
    asked = _view()
    if asked is None:
        return _no_plan()
    with reading(web.db()) as conn:
        rows = progress(conn, web.tree(), asked.plan, asked.unit, asked.period)
    way = [key for key in (*reversed(web.tree().ancestors(asked.unit)), asked.unit)
           if inside(web.tree(), my_area(), key) and key in web.tree().descendants(asked.plan.unit)]  # fmt: skip
    state, pages = request.args.get("tinh-trang", ""), Pages.read(request.args.get("trang", ""))
    wanted = [row for row in rows if state in ("", row.state)]
    return render_template(
        "indicators.html", view=asked, rows=wanted[pages.offset : pages.offset + pages.limit], way=way, state=state,
        first=_first_to_review(rows, asked), unsent=sum(bool(row.missing) for row in rows), pages=pages.of(len(wanted)),
        **_words(),
    )  # fmt: skip


def _first_to_review(rows: Any, asked: View) -> str:
    if not may_do(g.user["role"], "indicators.review"):
        return ""
    return next((row.unit for row in rows if row.sent and row.unit != my_area()), "")


def _words() -> dict[str, Any]:
    return {"words": words, "unit_name": lambda key: name(web.tree(), key), "area": my_area(),
            "has_below": lambda key: bool(web.tree().children(key))}  # fmt: skip


@bp.get("/chi-tieu.<ending>")
@may("indicators.see")
def file(ending: str) -> Response:
    """Answer the figures of the units as a file, one row a unit and an indicator; small numbers stay hidden."""
    if ending not in FILES:
        raise NotFound(_("Không có tệp dạng này; chọn csv hoặc xlsx."))
    asked = _view()
    with reading(web.db()) as conn:
        found = table(conn, web.tree(), asked, my_area(), local_day(now()))
    return FILES[ending](found)


@bp.get("/chi-tieu/nhap")
@may("indicators.see")
def unit() -> str:
    """Show the figures of one unit for a report, to be entered or reviewed."""
    asked = _view()
    if asked is None:
        return _no_plan()
    found = _entries(asked)
    return _form(asked, found, forms.written(found), {})


def _entries(asked: View) -> tuple[Entry, ...]:
    with reading(web.db()) as conn:
        return entries(conn, web.tree(), asked.plan, asked.unit, asked.period, local_day(now()), _who(), asked.agency)


def _form(asked: View, found: tuple[Entry, ...], typed: forms.Typed, errors: Errors) -> str:
    tree = web.tree()
    enters = any(one.may_enter for one in found)
    reviews = _reviews(asked, found, request.args.get("nhap", ""))
    with reading(web.db()) as conn:
        above = tree.ancestors(asked.unit)
        up = above[0] if above and inside(tree, my_area(), above[0]) and asked.unit != asked.plan.unit else asked.unit
        rows = progress(conn, tree, asked.plan, up, asked.period) if reviews else []
    return render_template(
        "indicator_values.html", view=asked, entries=found, typed=typed, errors=errors, enters=enters and not reviews,
        reviews=reviews, may_switch=enters and asked.unit != my_area(), up=up,
        next=next_to_review(rows, asked.unit) if reviews else "", accepted=keeping.ACCEPTED,
        bodies=agencies(asked.plan.indicators) if asked.unit == asked.plan.unit else [],
        kept=_kept_name, seen=lambda one: (errors and typed[one.indicator.code].get("seen")) or _seen(one),
        draft=_draft(asked), **_words(),
    )  # fmt: skip


def _draft(asked: View) -> str:
    """Return the draft of a return that these figures are for, where it is opened."""
    row = web.db().conn.execute(
        "SELECT id FROM returns WHERE plan = ? AND unit = ? AND report = ? AND until = ? AND standing = 'draft'",
        (asked.plan.id, asked.unit, asked.period.report, asked.period.last.isoformat()),
    ).fetchone()
    return row[0] if row and may_do(g.user["role"], "returns.make") else ""


def _reviews(asked: View, found: tuple[Entry, ...], wanted: str) -> bool:
    """Say whether the page is for reviewing: of units below it is, of the own unit's bodies where that is asked for."""
    if asked.unit == my_area():
        return wanted == "duyet" and any(one.to_review for one in found)
    return any(one.may_review for one in found) and not wanted


def _seen(one: Entry) -> str:
    return meanwhile.mark("indicator_value", one.id) or "0"


@bp.post("/chi-tieu/nhap")
@may("indicators.enter")
def save() -> Response | tuple[str, int]:
    """Take what was typed for a unit, or what was decided of it; or show the page again with what to put right."""
    asked = _view()
    if asked is None:
        return _no_plan(), 422
    found = _entries(asked)
    verb, _bar, code = request.form.get("do", "save").partition("|")
    typed, errors = forms.read(request.form, found), Errors()
    if verb in ("accept", "return"):
        wanted = [one for one in found if one.to_review and code in ("", one.indicator.code)]
        changes = _decided(asked, wanted, verb, typed, errors)
    else:
        changes = _entered(asked, found, verb, typed, errors)
    if errors:
        return _form(asked, found, typed, errors), 422
    if changes:
        make(web.db(), changes, author=g.user["id"], at=now())
    flash(_done(verb, len(changes)), "good" if changes else "warn")
    query = asked.query(nhap=request.args.get("nhap", ""))
    return redirect(url_for("indicators.unit", **query) + (f"#{code}" if code else ""), code=303)  # type: ignore[arg-type]


def _done(verb: str, count: int) -> str:
    if not count:
        return str(_("Không có gì thay đổi."))
    if verb == "send":
        return str(_("Đã ghi và gửi lên %(count)s chỉ tiêu.", count=count))
    if verb == "accept":
        return str(_("Đã chấp nhận %(count)s chỉ tiêu.", count=count))
    if verb == "return":
        return str(_("Đã trả lại để đơn vị sửa."))
    return str(_("Đã ghi %(count)s chỉ tiêu.", count=count))


def _decided(asked: View, wanted: list[Entry], verb: str, typed: forms.Typed, errors: Errors) -> list[Change]:
    standing = ValueStanding.ACCEPTED if verb == "accept" else ValueStanding.RETURNED
    changes: list[Change] = []
    for one in wanted:
        said = forms.names(asked.plan.id, asked.unit, asked.period)
        said |= {"indicator": one.indicator.code, "agency": one.agency, "standing": standing.value}
        said |= {"comment": typed[one.indicator.code]["comment"]} if verb == "return" else {}
        _add(changes, one, said, typed, errors)
    return changes


def _entered(asked: View, found: tuple[Entry, ...], verb: str, typed: forms.Typed, errors: Errors) -> list[Change]:
    changes: list[Change] = []
    for one in found:
        fresh = typed[one.indicator.code]
        uploaded = request.files.get(f"file-{one.indicator.code}")
        new = forms.changed(one, fresh) or bool(uploaded and uploaded.filename)
        up = verb == "send" and one.state.get("standing") in (ValueStanding.ENTERED, ValueStanding.RETURNED)
        if not one.may_enter or not (new or up):
            continue
        said = forms.line(one, fresh, forms.names(asked.plan.id, asked.unit, asked.period))
        said["standing"] = (ValueStanding.SENT if verb == "send" else ValueStanding.ENTERED).value
        _take_file(one, said, fresh, errors)
        _add(changes, one, said, typed, errors)
    return changes


def _add(changes: list[Change], one: Entry, said: dict[str, Any], typed: forms.Typed, errors: Errors) -> None:
    """Add the change that a line says, or what is wrong with it at its field."""
    code = one.indicator.code
    if typed[code]["seen"] not in ("", _seen(one)):
        errors[f"seen-{code}"] = _("Người khác vừa sửa mục này; mở lại trang, xem rồi ghi lại.")
        return
    try:
        changes.append(indicator_value(Desk(web.db().conn, g.user["id"], local_day(now())), said))
    except Unclear as unclear:
        errors.update({f"{field}-{code}": sentence for field, sentence in unclear.problems.items()})
        if "file" in unclear.problems:
            typed[code]["kept"] = ""


def _take_file(one: Entry, said: dict[str, Any], typed: dict[str, str], errors: Errors) -> None:
    """Keep the file that was chosen now, or take the one that was kept when the page came back."""
    code, uploaded = one.indicator.code, request.files.get(f"file-{one.indicator.code}")
    try:
        if uploaded and uploaded.filename:
            kept = keeping.take_in(web.db(), web.settings().files, uploaded.read(), uploaded.filename, now())
            typed["kept"] = str(_serializer().dumps([kept.sha256, kept.name]))
        if typed["kept"]:
            said["file"], said["file_name"] = _serializer().loads(typed["kept"])
    except keeping.Unfit as unfit:
        errors[f"file-{code}"] = str(unfit)
    except BadData:
        errors[f"file-{code}"] = _("Chọn lại tệp.")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="indicator-file")


def _kept_name(typed: dict[str, str]) -> str:
    try:
        return str(_serializer().loads(typed["kept"])[1]) if typed.get("kept") else ""
    except BadData:
        return ""


@bp.get("/chi-tieu/so/<id>")
@may("indicators.see")
def history(id: str) -> str:
    """Show what became of one figure: entered, sent, returned, accepted, by whom and when."""
    state = _mine(id)
    one = next((one for one in _entries_of(state) if one.id == id), None)
    if one is None or one.hidden:
        raise NotAllowed(_("Số này không hiện ở đây vì là số nhỏ của đơn vị khác."))
    unit = f"{state['epoch']}:{state['unit']}"
    found = changes(web.db().conn, id, one.indicator, beyond=unit != my_area())
    return render_template(
        "indicator_value.html", state=state, one=one, edits=told(found), unit=unit, **_words(),
    )  # fmt: skip


def _entries_of(state: dict[str, Any]) -> tuple[Entry, ...]:
    key = f"{state['report']}:{state['from']}:{state['to']}"
    query = {"ke-hoach": state["plan"], "don-vi": f"{state['epoch']}:{state['unit']}", "ky": key,
             "co-quan": state.get("agency") or ""}  # fmt: skip
    asked = view(web.db().conn, web.tree(), query, my_area(), local_day(now()))
    return _entries(asked) if asked else ()


def _mine(id: str) -> dict[str, Any]:
    state = state_of(web.db().conn, "indicator_value", id) if is_id(id) else None
    if state is None:
        raise NotFound(_("Không có số liệu này; mở lại từ trang Chỉ tiêu."))
    if not inside(web.tree(), my_area(), f"{state['epoch']}:{state['unit']}"):
        raise NotAllowed(_("Đơn vị này ngoài địa bàn của tài khoản; chọn đơn vị khác, hoặc hỏi người quản trị."))
    return state


@bp.get("/chi-tieu/tep/<id>")
@may("indicators.see")
def attachment(id: str) -> Response:
    """Hand out the file that stands beside a figure."""
    state = _mine(id)
    if next((one.hidden for one in _entries_of(state) if one.id == id), True):
        raise NotAllowed(_("Số này không hiện ở đây vì là số nhỏ của đơn vị khác."))
    sha256 = state.get("file") or ""
    row = web.db().conn.execute("SELECT type FROM files WHERE sha256 = ?", (sha256,)).fetchone()
    path = path_of(web.settings().files, sha256 or "0" * 64)
    if row is None or not path.exists():
        raise NotFound(_("Không có tệp kèm theo số liệu này."))
    answer: Response = send_file(path.resolve(), row[0], as_attachment=True,
                                 download_name=state.get("file_name") or sha256[:8])  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


