"""The page that anybody opens from the square on printed minutes; it discloses one of four answers and nothing else."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from schemas.minutes_code import ShortCode, WrongCode, parse
from server import web
from server.access import EVERYBODY, knock, throttle
from server.verification.known import prove

bp = Blueprint("verification", __name__)
LONGEST = 1000  # letters of a code, a link round it and spaces in it included


@bp.get("/v")
@knock(EVERYBODY)
def ask() -> str:
    """Show the form."""
    return _page()


@bp.post("/v")
@knock(EVERYBODY)
def take() -> AnyResponse:
    """Lead a code that was typed or pasted to its own address; nothing is changed, so no token is asked for."""
    given = request.form.get("ma", "")[:LONGEST]
    try:
        code = parse(given)
    except WrongCode as wrong:
        return _refused(given, str(wrong) if given.strip() else _("Nhập mã in trên biên bản."))
    return redirect(url_for("verification.show", code=_bare(code.text())), code=303)


@bp.get("/V/<code>", endpoint="show_capitals")  # a link in capitals makes a smaller square
@bp.get("/v/<code>")
@knock(EVERYBODY)
def show(code: str) -> AnyResponse:
    """Answer one code."""
    _slow_down()
    given = code[:LONGEST]
    try:
        parsed = parse(given)
    except WrongCode as wrong:
        return _refused(given, str(wrong))
    return Response(_page(answer=prove(web.db().conn, parsed), short=isinstance(parsed, ShortCode)))


def _slow_down() -> None:
    """Let one address ask sixty times in ten minutes, all together six hundred; who asked is kept as a hash only.

    Behind a proxy all come from one address.
    """
    throttle("verify", tries=600, seconds=600)
    if not web.settings().proxy:
        who = web.keys().derive("verify", request.remote_addr or "")[:16]
        throttle(f"verify {who}", tries=60, seconds=600)


def _bare(text: str) -> str:
    return "".join(text.split()).rpartition(":")[2]


def _refused(given: str, error: str) -> Response:
    return Response(_page(given=given, error=error), status=422)


def _page(**said: object) -> str:
    return render_template("verification.html", **({"answer": None, "short": False, "given": "", "error": ""} | said))
