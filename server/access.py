"""Who is calling, and whether the view lets them in: the marks for views. Who may do what is in server/rights.py."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, g, request, session

from schemas.fields import instant_text
from server import tokens, web
from server.clock import local_day, now
from server.office import state_of
from server.people import deputies, second, sessions
from server.problems import (
    BadToken,
    NotAllowed,
    RevokedDevice,
    SecondStepFirst,
    SignInFirst,
    TooManyTries,
    UnknownDevice,
)
from server.rights import OF_THE_WHOLE, RIGHTS
from server.store import Busy, get_meta, writing, writing_unless_busy
from sync.revocation import Revocation

EVERYBODY = "everybody"
DEVICE = "device"
SIGNED_IN = "signed in"
View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Put the door in front of every view of *app*."""
    app.before_request(check_who_is_calling)


def knock(*who: str) -> Callable[[View], View]:
    """Say who may call a view: roles, or one of EVERYBODY, DEVICE, SIGNED_IN."""

    def mark(view: View) -> View:
        view.knock = frozenset(who)  # type: ignore[attr-defined]
        return view

    return mark


def may(act: str) -> Callable[[View], View]:
    """Say that a view is for those who may do *act* of server/rights.py."""

    def mark(view: View) -> View:
        view.knock = RIGHTS[act]  # type: ignore[attr-defined]
        view.act = act  # type: ignore[attr-defined]
        return view

    return mark


def check_who_is_calling() -> None:
    """Let nobody in whom the view does not name; a view that names nobody is open to nobody."""
    if request.endpoint is None or request.endpoint.endswith("static"):
        return
    view = current_app.view_functions[request.endpoint]
    allowed: frozenset[str] = getattr(view, "knock", frozenset())
    if getattr(view, "takes_tokens", False) and "Authorization" in request.headers:
        check_token(allowed)
        _check_reach(view)
        return
    check(allowed)
    _check_reach(view)
    if DEVICE not in allowed and request.method not in {"GET", "HEAD"} and EVERYBODY not in allowed:
        web.csrf.protect()


def _check_reach(view: Any) -> None:
    """Raise NotAllowed where the view is of the server as a whole, and who is calling has a part of it."""
    if getattr(view, "act", "") in OF_THE_WHOLE and web.tree().ancestors(g.user["unit"]):
        raise NotAllowed("Trang này của cả máy chủ, chỉ người quản trị của địa bàn rộng nhất mở được.")


def check(allowed: frozenset[str]) -> None:
    """Raise a Problem unless who is calling is among *allowed*; sets g.user or g.device."""
    if EVERYBODY in allowed:
        _find_user()
        return
    if DEVICE in allowed:
        _find_device()
        return
    user = _find_user()
    if g.half:
        raise SecondStepFirst("Nhập mã 6 số rồi mở lại trang này.")
    if user is None:
        raise SignInFirst("Đăng nhập rồi mở lại trang này.")
    if SIGNED_IN not in allowed and user["role"] not in allowed:
        raise NotAllowed("Tài khoản này không được mở trang này; hỏi người quản trị.")


def check_token(allowed: frozenset[str]) -> None:
    """Raise a Problem unless the token of this request is of one who is among *allowed*; sets g.user."""
    kind, _, text = request.headers["Authorization"].partition(" ")
    g.user = tokens.holder(web.db(), text.strip(), now()) if kind.lower() == "bearer" else None
    if g.user is None:
        raise BadToken("Mã truy cập không đúng, đã hết hạn hoặc đã bị hủy; tạo mã mới ở trang tài khoản.")
    if not allowed & {EVERYBODY, SIGNED_IN, g.user["role"]}:
        raise NotAllowed("Tài khoản này không được mở trang này; hỏi người quản trị.")


def _find_user() -> dict[str, Any] | None:
    """Set g.user to who is signed in, with role and area; g.half to who still has the second step to take."""
    g.user = g.half = g.session = None
    token = session.get("token")
    if not token:
        return None
    moment = now()
    found = sessions.find(web.db().conn, token, moment)
    if found is None:
        session.clear()
        return None
    g.session = found.session
    me = _with_unit({**found.account, "id": found.session.user})
    if not found.session.second and (found.has_second or second.is_required(me, me["role"])):
        g.half = me
        return None
    if sessions.is_to_be_noted(found.session, moment):
        _note_use(found.session.hash, moment)
    g.user = _acting(found, me, local_day(moment)) or me
    user: dict[str, Any] = g.user
    return user


def _with_unit(account: dict[str, Any]) -> dict[str, Any]:
    return {**account, "unit": f"{account['epoch']}:{account['area']}"}


def _acting(found: sessions.Found, me: dict[str, Any], today: date) -> dict[str, Any] | None:
    """Return who is signed in with role and area of another, where that was chosen and still holds today."""
    if not found.session.acting:
        return None
    conn = web.db().conn
    deputy = deputies.in_force(conn, found.session.acting, me["id"], today)
    other = state_of(conn, "user", deputy.acts_for) if deputy else None
    if deputy is None or other is None or (second.is_required(me, other["role"]) and not found.session.second):
        return None
    borrowed = {"role": other["role"], "epoch": other["epoch"], "area": other["area"], "team": other.get("team")}
    return _with_unit({**me, **borrowed, "id": deputies.author(me["id"], deputy.acts_for), "acts_for": other["name"]})


def _note_use(hash: str, moment: datetime) -> None:
    """Note that a session is used; where another writes another page will: who reads never waits for that."""
    with suppress(Busy), writing_unless_busy(web.db()) as conn:
        sessions.note_use(conn, hash, moment)


def caller() -> str:
    """Return the address of who is calling: behind the proxy of the settings, what that says last."""
    said = request.headers.get("X-Forwarded-For", "") if web.settings().proxy else ""
    return said.rpartition(",")[2].strip()[:60] or request.remote_addr or ""


def _find_device() -> None:
    credential = request.headers.get("Authorization", "").removeprefix("Bearer ")
    row = (
        web.db()
        .conn.execute(
            "SELECT id, state FROM credentials JOIN things ON things.kind = 'device' AND things.id = device"
            " WHERE hash = ?",
            (credential_hash(credential),),
        )
        .fetchone()
    )
    if row is None:
        raise UnknownDevice("Máy này chưa đăng ký với máy chủ; nhập mã đăng ký mới. Hồ sơ trên máy vẫn còn nguyên.")
    state = json.loads(row[1])
    g.device = {**state, "id": row[0], "unit": f"{state['epoch']}:{state['area']}"}
    if state.get("retired_on") and not state.get("revoked_on") and request.method == "GET":
        raise UnknownDevice("Máy này đã ngừng dùng; muốn dùng lại thì nhập mã đăng ký mới. Hồ sơ trên máy còn nguyên.")
    if state.get("revoked_on") and request.method == "GET":
        statement = revocation(web.db().conn, row[0], state).signed(web.keys().signing)
        raise RevokedDevice("Máy này đã bị khóa; liên hệ văn phòng.", more={"statement": statement})


def revocation(conn: sqlite3.Connection, device: str, state: dict[str, Any]) -> Revocation:
    """Return what the server says to the locked laptop *device*, whatever carries it; unsigned yet."""
    return Revocation(device, str(state["revoked_on"]), get_meta(conn, "lineage"))


def credential_hash(credential: str) -> str:
    """Return what is kept of a device's credential."""
    return hashlib.sha256(credential.encode()).hexdigest()


def throttle(door: str, *, tries: int, seconds: int) -> None:
    """Raise TooManyTries when *door* was tried *tries* times in the last *seconds*; else note this try.

    The count stands in the database, so it holds over several processes.
    """
    moment = now()
    since = instant_text(moment - timedelta(seconds=seconds))
    with writing(web.db()) as conn:
        conn.execute("DELETE FROM tries WHERE at < ?", (instant_text(moment - timedelta(days=1)),))
        count = conn.execute("SELECT count(*) FROM tries WHERE door = ? AND at >= ?", (door, since)).fetchone()[0]
        if count < tries:
            conn.execute("INSERT INTO tries (door, at) VALUES (?, ?)", (door, instant_text(moment)))
    if count >= tries:
        raise TooManyTries("Thử quá nhiều lần; chờ vài phút rồi thử lại.", headers={"Retry-After": str(seconds)})
