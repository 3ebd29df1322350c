"""Who may knock at the laptop's pages: this machine only, and the browser that the program itself opened."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import web
from field_client.pages.problems import Locked, NotFromHere, NotOpened

EVERYBODY = "everybody"  # any program on this machine
OPENED = "opened"  # the browser that came through /mo/<key>
LOCKED = "locked"  # the same, also while the store is locked
ENROLLED = "enrolled"  # the same, on a laptop that the server knows; others are led to /dang-ky
HOSTS = frozenset({"127.0.0.1", "localhost"})
View = TypeVar("View", bound=Callable[..., Any])


def init_app(app: Flask) -> None:
    """Put the door in front of every view of *app*."""
    app.before_request(check_who_is_calling)


def knock(who: str) -> Callable[[View], View]:
    """Say who may call a view: EVERYBODY, OPENED, LOCKED or ENROLLED."""

    def mark(view: View) -> View:
        view.knock = who  # type: ignore[attr-defined]
        return view

    return mark


def check_who_is_calling() -> Response | None:
    """Let nobody in whom the view does not name; a view that names nobody is open to nobody."""
    if not _addressed_to_this_machine():
        raise NotFromHere(_("Trang này chỉ mở được trên chính máy này; mở chương trình từ biểu tượng Đội 178."))
    if request.endpoint is None or request.endpoint == "static":
        return None
    who = getattr(current_app.view_functions[request.endpoint], "knock", None)
    if who == EVERYBODY:
        return None
    if who not in {OPENED, LOCKED, ENROLLED} or not session.get("opened"):
        raise NotOpened(_("Mở chương trình từ biểu tượng Đội 178 trên máy; nội dung đã lưu vẫn còn nguyên."))
    if request.method not in {"GET", "HEAD"}:
        web.csrf.protect()
    gate = web.gate(current_app)
    if who != LOCKED and not gate.is_open:
        return _to_the_lock()
    if _somebody_is_there():
        gate.touch()
    if who == ENROLLED and not web.meta("device"):
        return redirect(url_for("enrol.form"))
    return None


def _to_the_lock() -> Response:
    """Lead to the passphrase and back; what a script or a form sends is answered that it was not taken."""
    if request.method in {"GET", "HEAD"} and not of_a_script():
        return redirect(url_for("lock.form", tiep=request.full_path.rstrip("?")))
    raise Locked(_("Trang đã khóa; nhập mật khẩu để mở. Nội dung vừa gõ vẫn còn trên trang và được lưu khi mở khóa."))


def of_a_script() -> bool:
    """Say whether a script of a page asks, and not somebody who opens a page."""
    return request.headers.get("Sec-Fetch-Dest") == "empty" or request.accept_mimetypes.best == "application/json"


def _somebody_is_there() -> bool:
    """Say whether the request is a sign of a person: what a page fetches by itself is none."""
    return request.method not in {"GET", "HEAD"} or not of_a_script()


def _addressed_to_this_machine() -> bool:
    """Refuse a name that was pointed at loopback from outside (DNS rebinding)."""
    try:
        return urlsplit(f"//{request.host}").hostname in HOSTS
    except ValueError:
        return False
