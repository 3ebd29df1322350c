"""Whoever holds an invitation sets the password of the account, once."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from server import web
from server.access import EVERYBODY, caller, knock, throttle
from server.audit import Entry, note
from server.clock import now
from server.office import state_of
from server.people import invitations, lockout, passwords
from server.people.passwords import BadPassword
from server.people.users import keep_password
from server.store import writing

bp = Blueprint("joining", __name__)


@bp.get("/loi-moi")
@knock(EVERYBODY)
def page() -> str:
    """Show the form: the code of the slip, and the password twice."""
    return _form(request.args.get("ma", "")[:40], {})


@bp.post("/loi-moi")
@knock(EVERYBODY)
def join() -> AnyResponse:
    """Set the password, or show the form again with what is wrong."""
    web.csrf.protect()
    throttle(f"invitation {caller()}", tries=30, seconds=600)
    code, password = request.form.get("ma", "").strip()[:40], request.form.get("mat-khau", "")
    conn, at = web.db().conn, now()
    user = invitations.invited(conn, code, at)
    state = state_of(conn, "user", user) if user else None
    if user is None or state is None or state.get("disabled"):
        return _again(code, {"ma": _("Mã lời mời không đúng, đã dùng hoặc quá hạn; xin người quản trị lời mời mới.")})
    wrong = wrong_password(password, request.form.get("nhap-lai", ""), state["name"])
    if wrong:
        return _again(code, wrong)
    keep_password(web.db(), user, passwords.hashed(password))
    with writing(web.db()) as conn:
        lockout.forget(conn, lockout.account(state["name"]))
        unit = f"{state['epoch']}:{state['area']}"
        note(conn, Entry("password_set", user, state["role"], f"user:{user}", unit, detail={"address": caller()}), at)
    flash(_("Đã đặt mật khẩu cho %(name)s. Đăng nhập bằng tên này và mật khẩu mới.", name=state["name"]))
    return redirect(url_for("people.sign_in"), code=303)


def wrong_password(password: str, again: str, name: str) -> dict[str, str]:
    """Return what is wrong with a new password that was typed twice, at its field."""
    try:
        passwords.check_rules(password, name)
    except BadPassword as bad:
        return {"mat-khau": str(bad)}
    return {} if password == again else {"nhap-lai": _("Hai lần nhập không giống nhau; nhập lại cả hai.")}


def _again(code: str, errors: dict[str, str]) -> Response:
    return Response(_form(code, errors), status=422)


def _form(code: str, errors: dict[str, str]) -> str:
    user = invitations.invited(web.db().conn, code, now()) if code else None
    state = state_of(web.db().conn, "user", user) if user else None
    name = "" if not state or state.get("disabled") else state["name"]
    return render_template("join.html", code=code, errors=errors, name=name)
