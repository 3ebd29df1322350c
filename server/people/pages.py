"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from server import web
from server.access import EVERYBODY, SIGNED_IN, knock, stamp, throttle
from server.people.users import sign_in as find

bp = Blueprint("people", __name__)


@bp.route("/dang-nhap", methods=["GET"])
@knock(EVERYBODY)
def sign_in() -> str:
    """Show the form."""
    return render_template("sign_in.html", given={}, error="")


@bp.post("/dang-nhap")
@knock(EVERYBODY)
def try_sign_in() -> AnyResponse:
    """Sign in, or show the form again with what was typed and one sentence; ten tries a name in ten minutes."""
    web.csrf.protect()
    name, password = request.form.get("name", "").strip()[:80], request.form.get("password", "")
    throttle("sign-in", tries=120, seconds=600)  # of everybody together: each try costs a scrypt
    throttle(f"sign-in {name}", tries=10, seconds=600)
    found = find(web.db(), name, password)
    if found is None:
        error = "Tên đăng nhập hoặc mật khẩu không đúng; nhập lại."
        return Response(render_template("sign_in.html", given=request.form, error=error), status=422)
    session.clear()
    session.permanent = True
    session["user"], session["stamp"] = found.id, stamp(found.hash)
    return redirect(_onward(request.args.get("next", "")), code=303)


def _onward(wanted: str) -> str:
    """Return where to go after signing in: the page that was asked for, if it is one of ours."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and not parts.netloc
    return wanted if ours else url_for("home.home")


@bp.post("/dang-xuat")
@knock(SIGNED_IN)
def sign_out() -> AnyResponse:
    """End the session."""
    session.clear()
    return redirect(url_for("people.sign_in"), code=303)
