"""The stylesheet and the mark that both ends share, open to everybody."""

from flask import Blueprint, Response, abort

from schemas.look import FILES, read
from server.access import EVERYBODY, knock

bp = Blueprint("look", __name__, url_prefix="/look")


@bp.get("/<name>")
@knock(EVERYBODY)
def look(name: str) -> Response:
    """Answer one of the shared files; a browser may keep it for an hour."""
    if name not in FILES:
        abort(404)
    return Response(read(name), mimetype=FILES[name], headers={"Cache-Control": "max-age=3600"})
