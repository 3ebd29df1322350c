"""The lock: the passphrase that opens the laptop, who is at the keys, and shutting the pages again."""

from typing import Any

from flask import Blueprint, Flask, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import web
from field_client.pages import roster
from field_client.pages.access import LOCKED, OPENED, knock, of_a_script
from field_client.store import Newer, put_meta, writing
from field_client.store.own import AT_THE_KEYS
from field_client.vault import older, opening
from field_client.vault.gate import Gate
from field_client.vault.keys import WeakPassphrase, WrongPassphrase
from field_client.vault.opening import State

bp = Blueprint("lock", __name__)
Errors = dict[str, str]
NAME_AT_MOST = 120


def gate() -> Gate:
    """Return what stands between these pages and the store."""
    return web.gate(current_app)


@bp.get("/mo-khoa")
@knock(LOCKED)
def form() -> Response | str:
    """Ask for the passphrase, or for the first one; where nothing is locked lead on."""
    return redirect(_next()) if gate().is_open else _page({})


@bp.post("/mo-khoa")
@knock(LOCKED)
def unlock() -> Response | tuple[str, int] | tuple[Response, int]:
    """Open with the passphrase, or keep the first one and open; or say what is wrong at its field."""
    was_shut = gate().key is not None
    errors = _wrong_first() or _try()
    if errors:
        return (jsonify({"errors": errors}), 422) if of_a_script() else (_page(errors), 422)
    if of_a_script():
        return jsonify({"open": True})
    if was_shut:
        return redirect(_next(), code=303)
    carry_on(current_app)
    return redirect(url_for("lock.who", tiep=_next()) if roster.names(web.db()) else _next(), code=303)


def carry_on(app: Flask) -> None:
    """Open this browser's session with the store that was just unlocked; what its pages knew of before holds again."""
    session.update(web.before(app))
    session["opened"] = True


def _wrong_first() -> Errors:
    """Say what is wrong with a first passphrase; a plain store is opened when it was asked for in both places."""
    if _stands() is State.CLOSED or gate().key is not None:
        return {}
    if request.form.get("plain") == "yes":
        return {}
    if request.form.get("passphrase", "") != request.form.get("again", ""):
        return {"again": _("Hai lần nhập khác nhau; nhập lại mật khẩu.")}
    return {}


def _try() -> Errors:
    try:
        if request.form.get("plain") == "yes" and _stands() is not State.CLOSED:
            gate().take(opening.open_plain(web.settings()))
        else:
            gate().unlock(request.form.get("passphrase", ""))
    except (WrongPassphrase, WeakPassphrase, older.Busy, older.NotCopied, opening.Torn, Newer) as error:
        return {"passphrase": web.told(error)}
    return {}


def _stands() -> State:
    return opening.state(web.settings())


def _next() -> str:
    """Return where the person was going: a path of these pages."""
    wanted = request.values.get("tiep", "")
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else url_for("today.page")


def _page(errors: Errors) -> str:
    stands = State.CLOSED if gate().key is not None else _stands()
    return render_template("unlock.html", stands=stands.value, errors=errors, next=_next(), shut=bool(gate().key))


@bp.post("/khoa")
@knock(LOCKED)
def shut() -> Response:
    """Shut the pages; what waits goes on being sent."""
    gate().shut()
    return redirect(url_for("lock.form", tiep=_next()), code=303)


@bp.get("/mo-khoa/con-mo")
@knock(LOCKED)
def how_long() -> dict[str, Any]:
    """Tell a page whether it may stay in sight, and for how many seconds more."""
    return {"open": gate().is_open, "left": round(gate().left()), "locks": gate().locks}


@bp.post("/mo-khoa/con-day")
@knock(OPENED)
def somebody() -> Response:
    """Take note that somebody is there."""
    return Response(status=204)


@bp.get("/nguoi-ghi")
@knock(OPENED)
def who() -> str:
    """Ask who is at the keys."""
    return render_template("at_the_keys.html", next=_next(), person=web.meta(AT_THE_KEYS), error="")


@bp.post("/nguoi-ghi")
@knock(OPENED)
def sit_down() -> Response | tuple[str, int]:
    """Keep who is at the keys: the name stands on what is recorded from now on."""
    name = " ".join((request.form.get("person") or request.form.get("other", "")).split())
    if not name or len(name) > NAME_AT_MOST:
        error = _("Tên dài quá 120 ký tự; rút ngắn lại.") if name else _("Chọn tên, hoặc ghi họ tên người đang ghi.")
        return render_template("at_the_keys.html", next=_next(), person=web.meta(AT_THE_KEYS), error=error), 422
    with writing(web.db()) as conn:
        put_meta(conn, AT_THE_KEYS, name)
    flash(_("Người ghi: %(name)s.", name=name), "good")
    return redirect(_next(), code=303)
