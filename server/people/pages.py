"""Signing in and out, in one step or two."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from schemas.qr import svg
from server import web
from server.access import EVERYBODY, SIGNED_IN, caller, knock, throttle
from server.audit import Entry, note
from server.clock import now
from server.people import lockout, second, sessions, totp
from server.people.machine import machine
from server.people.users import SignedIn
from server.people.users import sign_in as find
from server.store import writing

bp = Blueprint("people", __name__)
EVERYBODY_TOGETHER = 600  # tries in ten minutes: each costs a scrypt
Doors = tuple[tuple[str, lockout.Patience], ...]


@bp.route("/dang-nhap", methods=["GET"])
@knock(EVERYBODY)
def sign_in() -> str:
    """Show the form."""
    return render_template("sign_in.html", given={}, error="")


@bp.post("/dang-nhap")
@knock(EVERYBODY)
def try_sign_in() -> AnyResponse:
    """Sign in, or show the form again with what was typed and one sentence.

    A try counts as failed until the password has proved right, so that many at once are not free.
    """
    web.csrf.protect()
    name, password = request.form.get("name", "").strip()[:80], request.form.get("password", "")
    at, doors = now(), _doors(name)
    throttle("sign-in", tries=EVERYBODY_TOGETHER, seconds=600)
    wait = _shut(doors, at)
    if wait:
        return _again(_locked(wait), wait)
    found = find(web.db(), name, password)
    if found is None:
        wait = _failed(name, doors, at)
        return _again(_locked(wait) if wait else _("Tên đăng nhập hoặc mật khẩu không đúng; nhập lại."), wait)
    return _let_in(found, doors, at)


def _doors(name: str) -> Doors:
    return ((lockout.account(name), lockout.OF_ACCOUNT), (lockout.address(caller()), lockout.OF_ADDRESS))


def _shut(doors: Doors, at: datetime) -> timedelta:
    """Return how long the doors stay shut; where they are open, count this try until it proves right."""
    with writing(web.db()) as conn:
        wait = lockout.waits(conn, tuple(door for door, _ in doors), at)
        if not wait:
            for door, patience in doors:
                lockout.failed(conn, door, patience, at)
    return wait


def _failed(name: str, doors: Doors, at: datetime) -> timedelta:
    """Note a failed try, and the lock that it brought; return how long that lasts."""
    with writing(web.db()) as conn:
        wait = lockout.waits(conn, tuple(door for door, _ in doors), at)
        where = {"name": name, "address": caller()}
        note(conn, Entry("sign_in_failed", "", detail=where), at)
        if wait:
            note(conn, Entry("locked_out", "", detail={**where, "minutes": _minutes(wait)}), at)
    return wait


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))


def _locked(wait: timedelta) -> str:
    words = _("Nhập sai nhiều lần; chờ %(num)s phút rồi thử lại, hoặc nhờ người quản trị mở khóa.", num=_minutes(wait))
    return str(words)


def _again(error: str, wait: timedelta) -> Response:
    answer = Response(render_template("sign_in.html", given=request.form, error=error), status=429 if wait else 422)
    if wait:
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return answer


def _let_in(found: SignedIn, doors: Doors, at: datetime) -> AnyResponse:
    required = second.is_required(found.account, found.account["role"])
    more = required or second.of_user(web.db().conn, found.id) is not None
    browser = sessions.Browser(machine(request.headers.get("User-Agent", "")), caller())
    with writing(web.db()) as conn:
        for door, _patience in doors:
            lockout.take_back(conn, door)
        if not more:
            lockout.forget(conn, doors[0][0])
            note(conn, _entry("sign_in", found.id, found.account), at)
        token = sessions.begin(conn, found.id, at, browser)
    session.clear()
    session.permanent = True
    session["token"] = token
    onward = _onward(request.args.get("next", ""))
    return redirect(url_for("people.second_step", next=onward) if more else onward, code=303)


def _entry(what: str, user: str, account: dict[str, Any], **detail: Any) -> Entry:
    unit = f"{account['epoch']}:{account['area']}"
    return Entry(what, user, account["role"], f"user:{user}", unit, detail={"address": caller(), **detail})


def _onward(wanted: str) -> str:
    """Return where to go after signing in: the page that was asked for, if it is one of ours."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and not parts.netloc
    return wanted if ours else url_for("home.home")


@bp.get("/dang-nhap/ma")
@knock(EVERYBODY)
def second_step() -> AnyResponse | str:
    """Ask for the code of the phone; whoever has none set up sets it up now."""
    if not g.half:
        return redirect(_onward(request.args.get("next", "")))
    if second.of_user(web.db().conn, g.half["id"]) is None:
        return _set_up_page("")
    return render_template("second_step.html", error="")


@bp.post("/dang-nhap/ma")
@knock(EVERYBODY)
def take_second_step() -> AnyResponse | str:
    """Take the code of the phone, a recovery code, or the first code of a phone that is set up now."""
    web.csrf.protect()
    if not g.half:
        return redirect(url_for("people.sign_in"), code=303)
    me, at, given = g.half, now(), request.form.get("code", "").strip()[:40]
    doors, is_new = _doors(me["name"]), second.of_user(web.db().conn, me["id"]) is None
    wait = _shut(doors, at)
    if wait:
        return _code_again(is_new, _locked(wait), wait)
    codes: tuple[str, ...] = ()
    with writing(web.db()) as conn:
        if is_new:
            codes = second.set_up(conn, web.keys(), me["id"], given, at)
        passed = ("set_up" if codes else "") if is_new else second.passes(conn, web.keys(), me["id"], given, at)
        if passed:
            _passed(conn, passed, doors, at)
    if not passed:
        wait = _failed(me["name"], doors, at)
        return _code_again(is_new, _locked(wait) if wait else wrong_code(), wait)
    onward = _onward(request.args.get("next", ""))
    return render_template("recovery_codes.html", codes=codes, onward=onward) if codes else redirect(onward, code=303)


def _passed(conn: sqlite3.Connection, how: str, doors: Doors, at: datetime) -> None:
    me = g.half
    sessions.took_second(conn, g.session.hash)
    lockout.forget(conn, doors[0][0])
    lockout.take_back(conn, doors[1][0])
    if how == "set_up":
        note(conn, _entry("second_set_up", me["id"], me), at)
    note(conn, _entry("sign_in", me["id"], me, second=how), at)


def wrong_code() -> str:
    """Return what is said of a code that does not fit."""
    return _("Mã không đúng hoặc đã dùng; chờ mã mới trên điện thoại rồi nhập lại.")


def _code_again(is_new: bool, error: str, wait: timedelta) -> Response:
    page = _set_up_page(error) if is_new else render_template("second_step.html", error=error)
    answer = Response(page, status=429 if wait else 422)
    if wait:
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
    return answer


def _set_up_page(error: str) -> str:
    return render_template("second_set_up.html", error=error, bare=True, **to_set_up(g.half))


def to_set_up(me: dict[str, Any]) -> dict[str, Any]:
    """Return what a person needs to set up a phone: the square, and the secret to type."""
    with writing(web.db()) as conn:
        secret = second.new_secret(conn, web.keys(), me["id"])
    square = svg(totp.link(secret, me["name"]), _("Mã vuông để quét bằng điện thoại"))
    return {"square": square, "secret": totp.in_text(secret), "name": me["name"]}


@bp.post("/dang-xuat")
@knock(SIGNED_IN)
def sign_out() -> AnyResponse:
    """End the session."""
    with writing(web.db()) as conn:
        sessions.end(conn, g.session.user, g.session.hash[:16])
        note(conn, _entry("sign_out", g.session.user, g.user), now())
    session.clear()
    return redirect(url_for("people.sign_in"), code=303)
