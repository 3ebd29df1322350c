"""The own account: password, the phone for the second step, where one is signed in, for whom one acts."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from server import web
from server.access import SIGNED_IN, caller, knock
from server.audit import Entry, note
from server.clock import local_day, now
from server.office import state_of
from server.pages.areas import name as unit_name
from server.people import deputies, lockout, passwords, second, sessions
from server.people.joining import wrong_password
from server.people.pages import to_set_up, wrong_code
from server.people.users import keep_password
from server.store import writing

bp = Blueprint("mine", __name__)


@bp.get("/tai-khoan")
@knock(SIGNED_IN)
def page() -> str:
    """Show the own account."""
    return _page({})


def _me() -> tuple[str, dict[str, Any]]:
    """Return the own id and account, also where one acts for another."""
    id = g.session.user
    return id, state_of(web.db().conn, "user", id) or {}


def _page(errors: dict[str, str]) -> str:
    conn, at = web.db().conn, now()
    id, state = _me()
    own = [one for one in deputies.every(conn) if id in (one.user, one.acts_for) and not one.withdrawn]
    today = local_day(at)
    return render_template(
        "account.html", state=state, errors=errors, sessions=sessions.of_user(conn, id, at), here=g.session.hash,
        second=second.of_user(conn, id), required=second.is_required(state, state["role"]), me=id,
        deputies=[one for one in own if one.until >= today.isoformat()], today=today,
        called=lambda who: deputies.called(conn, who),
        unit=unit_name(web.tree(), f"{state['epoch']}:{state['area']}"),
    )  # fmt: skip


def _again(errors: dict[str, str]) -> Response:
    return Response(_page(errors), status=422)


@bp.post("/tai-khoan/mat-khau")
@knock(SIGNED_IN)
def password() -> AnyResponse:
    """Change the own password: the old one is asked for, and sessions elsewhere end."""
    id, state = _me()
    old, new = request.form.get("cu", ""), request.form.get("mat-khau", "")
    wrong = _wrong_old(id, state, old) or wrong_password(new, request.form.get("nhap-lai", ""), state["name"])
    if wrong:
        return _again(wrong)
    keep_password(web.db(), id, passwords.hashed(new), but=g.session.hash)
    _note("password_set")
    flash(_("Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."), "good")
    return redirect(url_for("mine.page"), code=303)


def _wrong_old(id: str, state: dict[str, Any], old: str) -> dict[str, str]:
    """Check the old password; guesses count like failed sign-ins."""
    at, door = now(), lockout.account(state["name"])
    row = web.db().conn.execute("SELECT hash FROM passwords WHERE user = ?", (id,)).fetchone()
    if not lockout.waits(web.db().conn, (door,), at) and passwords.is_right(row and row[0], old):
        return {}
    with writing(web.db()) as conn:
        lockout.failed(conn, door, lockout.OF_ACCOUNT, at)
    return {"cu": _("Mật khẩu đang dùng không đúng; nhập lại.")}


def _note(what: str, **detail: Any) -> None:
    id, state = _me()
    unit = f"{state['epoch']}:{state['area']}"
    with writing(web.db()) as conn:
        note(conn, Entry(what, id, state["role"], f"user:{id}", unit, detail={"address": caller(), **detail}), now())


@bp.get("/tai-khoan/ma")
@knock(SIGNED_IN)
def ask_for_second() -> AnyResponse | str:
    """Show how a phone is set up; who has one takes it away first, on the page of the account."""
    id, state = _me()
    if second.of_user(web.db().conn, id):
        return render_template("second_change.html", errors={}, required=second.is_required(state, state["role"]))
    return _set_up("")


def _set_up(error: str) -> str:
    id, state = _me()
    return render_template("second_set_up.html", error=error, bare=False, **to_set_up({**state, "id": id}))


@bp.post("/tai-khoan/ma")
@knock(SIGNED_IN)
def set_second() -> AnyResponse | str:
    """Take the first code of a phone; or, with one that is good, take the phone away or make fresh recovery codes."""
    id, state = _me()
    given, at = request.form.get("code", "").strip()[:40], now()
    if second.of_user(web.db().conn, id):
        return _change_second(id, state, given)
    with writing(web.db()) as conn:
        codes = second.set_up(conn, web.keys(), id, given, at)
        if codes:
            sessions.took_second(conn, g.session.hash)
    if not codes:
        return Response(_set_up(wrong_code()), status=422)
    _note("second_set_up")
    return render_template("recovery_codes.html", codes=codes, onward=url_for("mine.page"))


def _change_second(id: str, state: dict[str, Any], given: str) -> AnyResponse | str:
    door, at, do = lockout.account(state["name"]), now(), request.form.get("do", "")
    required = second.is_required(state, state["role"])
    codes: tuple[str, ...] = ()
    with writing(web.db()) as conn:
        shut = lockout.waits(conn, (door,), at)
        passed = "" if shut else second.passes(conn, web.keys(), id, given, at)
        if not passed:
            lockout.failed(conn, door, lockout.OF_ACCOUNT, at)
        elif do == "codes":
            codes = second.new_recovery_codes(conn, web.keys(), id)
        else:
            second.remove(conn, id)
            sessions.end_all(conn, id, but=g.session.hash)
    if not passed:
        page = render_template("second_change.html", errors={"code": wrong_code()}, required=required)
        return Response(page, status=422)
    if codes:
        _note("recovery_codes_made")
        return render_template("recovery_codes.html", codes=codes, onward=url_for("mine.page"))
    _note("second_removed")
    return redirect(url_for("mine.ask_for_second" if required or do == "move" else "mine.page"), code=303)


@bp.post("/tai-khoan/dang-nhap")
@knock(SIGNED_IN)
def end() -> AnyResponse:
    """End one session of one's own, or all but this one."""
    id, which = g.session.user, request.form.get("session", "")
    with writing(web.db()) as conn:
        if which:
            sessions.end(conn, id, which)
        else:
            sessions.end_all(conn, id, but=g.session.hash)
    _note("sessions_ended")
    flash(_("Đã kết thúc lần đăng nhập.") if which else _("Đã kết thúc mọi lần đăng nhập khác."), "good")
    return redirect(url_for("mine.page"), code=303)


@bp.post("/tai-khoan/lam-thay")
@knock(SIGNED_IN)
def act() -> AnyResponse:
    """Act for another from now on in this browser, or for oneself again."""
    id, state = _me()
    conn, at = web.db().conn, now()
    chosen = deputies.in_force(conn, request.form.get("deputy", ""), id, local_day(at))
    other = state_of(conn, "user", chosen.acts_for) if chosen else None
    if other and second.is_required(state, other["role"]) and not g.session.second:
        flash(_("Vai trò của người được làm thay cần mã 6 số; cài mã rồi chọn lại."), "warn")
        return redirect(url_for("mine.ask_for_second"), code=303)
    with writing(web.db()) as conn:
        sessions.act_as(conn, g.session.hash, chosen.id if chosen else "")
    _note("acting_begun" if chosen else "acting_ended", **({"for": chosen.acts_for} if chosen else {}))
    return redirect(url_for("home.home"), code=303)
