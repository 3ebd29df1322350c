"""What a laptop asks of its own program: which release is the newest, and the next piece of one."""

from flask import Blueprint, Response, request

from server import web
from server.access import DEVICE, knock
from server.clients.keeping import all_of, newest, piece
from server.problems import InvalidInput, NotFound
from sync.release import PIECE

bp = Blueprint("clients", __name__, url_prefix="/api/v1/client")


@bp.get("")
@knock(DEVICE)
def offered() -> dict[str, object]:
    """Answer the newest release for the machine that asks, signed; nothing when there is none."""
    found = newest(web.settings().clients, request.args.get("platform", ""))
    return {"release": found.signed(web.keys().signing) if found else None}


@bp.get("/<sha256>")
@knock(DEVICE)
def part(sha256: str) -> Response:
    """Answer one piece of a release, so that a line that is cut costs no more than one."""
    folder = web.settings().clients
    release = next((one for one in all_of(folder) if one.sha256 == sha256), None)
    if release is None:
        raise NotFound("Máy chủ không còn bản cài này; hỏi lại bản mới.")
    number = request.args.get("piece", "")
    if not number.isdecimal() or int(number[:9]) >= release.pieces:
        raise InvalidInput("Phần của bản cài không đúng.", {"piece": "Cần một số từ 0."})
    with web.turn("page"):
        return Response(piece(folder, release, int(number), PIECE), mimetype="application/octet-stream")
