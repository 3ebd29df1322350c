"""The laptops' requests: enrol, send a batch, get a page, compare by name, get back what is their own."""

from flask import Blueprint, Response, g, jsonify, request
from marshmallow import Schema, ValidationError, validate

from schemas.fields import Text, messages
from server import web
from server.access import DEVICE, EVERYBODY, knock, throttle
from server.arrivals import feed
from server.clock import now
from server.door import own
from server.door.enrol import redeem
from server.door.exchange import next_page, take_batch
from server.moves import moves
from server.problems import InvalidInput, OtherHistory, OtherScope, UnreadableBody
from server.store import get_meta
from sync.errors import BadReply
from sync.report import Report

bp = Blueprint("door", __name__, url_prefix="/api/v1")
health = Blueprint("health", __name__)
REPLY = "application/vnd.doi178.reply+gzip"
PAGE = "application/vnd.doi178.page+gzip"
ANSWER = "application/vnd.doi178.names+gzip"
OWN = "application/vnd.doi178.own+gzip"


class EnrolmentSchema(Schema):
    """What a laptop shows to be let in."""

    code = Text(required=True, limit=80)
    name = Text(required=True, limit=120, validate=validate.Length(min=1, error="Đặt tên cho máy."))
    public_key = Text(required=True, limit=44, validate=validate.Length(equal=44))
    proof = Text(required=True, limit=88, validate=validate.Length(equal=88))
    device = Text(load_default="", limit=36)


@bp.post("/enrol")
@knock(EVERYBODY)
def enrol() -> Response:
    """Let a laptop in with its code, at most thirty tries in ten minutes from all of them together."""
    try:
        given = EnrolmentSchema().load(request.get_json(force=True, silent=True) or {})
    except ValidationError as error:
        raise InvalidInput("Nhập đủ mã đăng ký và tên máy.", messages(error)) from None
    throttle("enrol", tries=30, seconds=600)
    return jsonify(redeem(web.db(), web.keys(), given, now()))


@bp.post("/batches")
@knock(DEVICE)
def receive_batch() -> Response:
    """Take in a batch and answer every line of it; the line has been waited for before its turn comes."""
    body = request.get_data(cache=False)
    try:
        with web.turn("batch"):
            reply = take_batch(web.db(), web.keys(), g.device["id"], body, _report(), now())
    except BadReply as error:
        raise UnreadableBody(f"Gói gửi lên không đọc được; gửi lại. ({error})") from None
    return Response(reply, mimetype=REPLY)


@bp.get("/changes")
@knock(DEVICE)
def changes() -> Response:
    """Answer the next page after the cursor."""
    try:
        with web.turn("page"):
            page = next_page(web.db(), g.device, request.args.get("after", ""), _report(), now())
    except feed.LostHistory:
        raise OtherHistory(
            "Máy chủ đã được khôi phục từ bản lưu; máy này nhận lại từ đầu, hồ sơ trên máy vẫn còn nguyên."
        ) from None
    except feed.OtherScope:
        raise OtherScope("Địa bàn của máy này đã đổi; máy nhận lại dữ liệu của địa bàn mới.") from None
    return Response(page, mimetype=PAGE)


@bp.get("/key")
@knock(EVERYBODY)
def key() -> dict[str, object]:
    """Answer how the server's TLS key has moved, each new one signed by the one before."""
    return {"moves": moves(web.settings().keys)}


@bp.post("/reconcile")
@knock(DEVICE)
def reconcile() -> Response:
    """Answer what the server holds of what the laptop names, and what else of its own."""
    try:
        answer = own.compare(web.db(), web.keys(), g.device["id"], request.get_data(cache=False), now())
    except BadReply as error:
        raise UnreadableBody(f"Danh sách đối soát không đọc được; chạy lại. ({error})") from None
    return Response(answer, mimetype=ANSWER)


@bp.get("/own")
@knock(DEVICE)
def own_items() -> Response:
    """Answer the items that the laptop itself made, after a sequence, with their receipts."""
    after = request.args.get("after", "0")
    if not after.isdecimal() or len(after) > 18:
        raise InvalidInput("Mã tiếp nhận không đúng; chạy lại.", {"after": "Cần một số."})
    return Response(own.own_page(web.db(), g.device["id"], int(after)), mimetype=OWN)


def _report() -> Report | None:
    return Report.parse(request.headers.get("Doi178-Report", ""))


@health.get("/healthz")
@knock(EVERYBODY)
def healthz() -> dict[str, str]:
    """Answer 200 when the database can be read."""
    return {"lineage": get_meta(web.db().conn, "lineage")}
