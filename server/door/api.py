"""The laptops' three requests: enrol, send a batch, get a page."""

import sqlite3
from datetime import datetime

from flask import Blueprint, Response, g, jsonify, request
from marshmallow import Schema, ValidationError, validate

from schemas.fields import Text, instant_text, messages
from server import web
from server.access import DEVICE, EVERYBODY, knock, throttle
from server.arrivals import feed
from server.arrivals.ingest import Taken, ingest
from server.arrivals.prepare import Sender
from server.clock import now
from server.door.contacts import note, says_more
from server.door.enrol import redeem
from server.problems import InvalidInput, OtherHistory, UnreadableBody
from server.store import get_meta, reading, writing
from sync.chain import Seal
from sync.errors import BadReply
from sync.report import Report
from sync.wire import read_batch, receipt_rows, rows_hash, write_page, write_reply

bp = Blueprint("door", __name__, url_prefix="/api/v1")
health = Blueprint("health", __name__)
REPLY = "application/vnd.doi178.reply+gzip"
PAGE = "application/vnd.doi178.page+gzip"


class EnrolmentSchema(Schema):
    """What a laptop shows to be let in."""

    code = Text(required=True, limit=80)
    name = Text(required=True, limit=120, validate=validate.Length(min=1, error="Đặt tên cho máy."))
    public_key = Text(required=True, limit=44, validate=validate.Length(equal=44))
    proof = Text(required=True, limit=88, validate=validate.Length(equal=88))


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
    """Take in a batch and answer every line of it."""
    try:
        lines = read_batch(request.get_data(cache=False))
    except BadReply as error:
        raise UnreadableBody(f"Gói gửi lên không đọc được; gửi lại. ({error})") from None
    at = now()
    taken = ingest(web.db(), lines, _sender(), at, beside=lambda conn: _note_report(conn, at))
    return Response(_reply(taken, instant_text(at)), mimetype=REPLY)


def _sender() -> Sender:
    scope = web.tree().scope(g.device["unit"])
    return Sender(g.device["id"], scope, revoked=bool(g.device.get("revoked_on")))


def _reply(taken: Taken, server_time: str) -> bytes:
    conn = web.db().conn
    rows = receipt_rows(taken.answers)
    seal = Seal(get_meta(conn, "lineage"), taken.first, taken.last, taken.before, taken.after, rows_hash(rows))
    safe_to = int(get_meta(conn, "safe_to") or 0)
    return write_reply(rows, seal, seal.sign(web.keys().signing), server_time=server_time, safe_to=safe_to)


@bp.get("/changes")
@knock(DEVICE)
def changes() -> Response:
    """Answer the next page after the cursor."""
    at = now()
    device = g.device["id"]
    report = _report()
    if report and says_more(web.db().conn, device, report, at):
        with writing(web.db()) as conn:
            note(conn, device, report, at)
    with reading(web.db()) as conn:
        try:
            keys = feed.scope_keys(conn, device, g.device["unit"])
            page = feed.page(conn, keys, device, request.args.get("after", ""), at=instant_text(at))
        except feed.LostHistory:
            raise OtherHistory(
                "Máy chủ đã được khôi phục từ bản lưu; máy này nhận lại từ đầu, hồ sơ trên máy vẫn còn nguyên."
            ) from None
    return Response(write_page(page), mimetype=PAGE)


def _report() -> Report | None:
    return Report.parse(request.headers.get("Doi178-Report", ""))


def _note_report(conn: sqlite3.Connection, at: datetime) -> None:
    report = _report()
    if report is not None:
        note(conn, g.device["id"], report, at)


@health.get("/healthz")
@knock(EVERYBODY)
def healthz() -> dict[str, str]:
    """Answer 200 when the database can be read."""
    return {"lineage": get_meta(web.db().conn, "lineage")}
