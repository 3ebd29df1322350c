"""What is open to any program of this machine: the stylesheet, the mark, the sign of life, and the door itself."""

import secrets

from flask import Blueprint, Response, abort, current_app, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from field_client.pages.access import EVERYBODY, knock
from field_client.pages.problems import NotOpened
from schemas.look import FILES, read

bp = Blueprint("look", __name__)


@bp.get("/look/<name>")
@knock(EVERYBODY)
def look(name: str) -> Response:
    """Answer one of the files that both ends share; a browser may keep it for an hour."""
    if name not in FILES:
        abort(404)
    return Response(read(name), mimetype=FILES[name], headers={"Cache-Control": "max-age=3600"})


@bp.get("/healthz")
@knock(EVERYBODY)
def healthz() -> Response:
    """Say that the program is ready."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/mo/<key>")
@knock(EVERYBODY)
def open_session(key: str) -> AnyResponse:
    """Open this browser's session: the program gives the key to the browser that it starts, and to nobody else."""
    if not secrets.compare_digest(key.encode(), current_app.extensions["doi178-key"].encode()):
        raise NotOpened(_("Địa chỉ này của lần chạy trước; mở lại chương trình từ biểu tượng Đội 178."))
    session["opened"] = True
    return redirect(url_for("today.page"))
