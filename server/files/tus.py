"""The door for files: tus 1.0 with creation, creation-with-upload, checksum, expiration and termination."""

import binascii
import hashlib
import hmac
import tempfile
from base64 import b64decode
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import IO

from flask import Blueprint, Response, g, request, url_for
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from schemas.attachments import is_file_name, limits
from server import web
from server.access import DEVICE, EVERYBODY, knock
from server.clock import now
from server.files import parts, uploads
from server.files.uploads import Asked, Upload
from server.problems import InvalidInput, OtherTusVersion, Problem, WrongChecksum

bp = Blueprint("files", __name__, url_prefix="/api/v1/files")
VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHUNK = "application/offset+octet-stream"
_ALGORITHMS = ("sha256", "sha1")
_PIECE = 65_536
_METADATA = 2_000  # characters


@bp.before_request
def speak_one_version() -> None:
    """Turn away another version of the protocol, and let a request be as long as a chunk may be."""
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
        raise OtherTusVersion("Chỉ nhận tệp theo giao thức tus 1.0.0.", headers={"Tus-Version": VERSION})
    request.max_content_length = limits().chunk_bytes


@bp.after_request
def say_version(response: Response) -> Response:
    """Name the protocol on every answer."""
    response.headers["Tus-Resumable"] = VERSION
    return response


@bp.route("", methods=["OPTIONS"])
@knock(EVERYBODY)
def ask() -> Response:
    """Say what this door can do."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(limits().most_bytes),
        "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
    }
    return Response(status=204, headers=headers)


@bp.post("")
@knock(DEVICE)
def begin() -> Response:
    """Begin an upload, with its first bytes where the request has some; one that the server holds is done at once."""
    db, folder, at = web.db(), web.settings().files, now()
    uploads.expire(db, folder, at)
    upload = uploads.begin(db, folder, _asked(), at)
    offset = upload.size if upload.state == "done" else 0
    if upload.state == "open" and request.mimetype == CHUNK:
        offset = _take(upload, 0, at)
    return _answer(201, upload, offset, Location=url_for("files.how_far", id=upload.id))


@bp.route("/<id>", methods=["HEAD"])
@knock(DEVICE)
def how_far(id: str) -> Response:
    """Say how many bytes of an upload are here."""
    at = now()
    upload = uploads.find(web.db(), id, g.device["id"], at)
    offset = uploads.offset(web.db(), web.settings().files, upload, at)
    return _answer(200, upload, offset, **{"Upload-Length": str(upload.size), "Upload-Metadata": upload.metadata})


@bp.patch("/<id>")
@knock(DEVICE)
def go_on(id: str) -> Response:
    """Take further bytes of an upload."""
    at = now()
    if request.mimetype != CHUNK:
        raise UnsupportedMediaType
    upload = uploads.find(web.db(), id, g.device["id"], at)
    return _answer(204, upload, _take(upload, _number("Upload-Offset"), at))


@bp.delete("/<id>")
@knock(DEVICE)
def stop(id: str) -> Response:
    """Forget an upload."""
    uploads.drop(web.db(), web.settings().files, uploads.find(web.db(), id, g.device["id"], now()))
    return Response(status=204)


def _answer(status: int, upload: Upload, offset: int, **headers: str) -> Response:
    """Say how far the upload is; once it is whole, also how far the server's arrivals were by then."""
    expires = format_datetime(datetime.fromisoformat(upload.expires_at), usegmt=True)
    headers |= {"Upload-Offset": str(offset), "Upload-Expires": expires, "Cache-Control": "no-store"}
    if offset == upload.size:
        last = web.db().conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()[0]
        headers["Doi178-Seq"] = str(last)
    return Response(status=status, headers=headers)


def _asked() -> Asked:
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    wrong = {key: "Chưa nhập mục này." for key in ("attachment", "sha256", "type") if not said.get(key)}
    if wrong or not is_file_name(said["sha256"]):
        raise InvalidInput("Yêu cầu gửi tệp thiếu attachment, sha256 hoặc type.", wrong)
    size = _number("Upload-Length")
    if not size:
        raise InvalidInput("Tệp trống; chọn tệp khác.")
    return Asked(g.device["id"], said["attachment"], said["sha256"], size, said["type"],
                 request.headers.get("Upload-Metadata", ""))  # fmt: skip


def _metadata(text: str) -> dict[str, str]:
    try:
        pairs = [pair.strip().partition(" ") for pair in text[:_METADATA].split(",") if pair.strip()]
        return {key: b64decode(value, validate=True).decode() for key, _, value in pairs}
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidInput("Phần mô tả tệp không đọc được.") from None


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InvalidInput("Yêu cầu gửi tệp thiếu số byte.", {header: "Phải là một số nguyên từ 0 trở lên."})
    return int(text)


def _take(upload: Upload, start: int, at: datetime) -> int:
    """Take the bytes of this request. Of a chunk with a checksum all or none; of another whatever has come."""
    left = max(upload.size - start, 0)
    if (request.content_length or 0) > left and upload.state == "open":
        raise InvalidInput("Gói gửi lên dài hơn phần còn lại của tệp.")
    pieces: Iterable[bytes] = _pieces(left)
    if "Upload-Checksum" in request.headers:
        with tempfile.TemporaryFile(dir=_parts()) as aside:
            _only_as_said(aside, pieces)
            pieces = iter(lambda: aside.read(_PIECE), b"")
            return uploads.go_on(web.db(), web.settings().files, upload, start, pieces, at)
    return uploads.go_on(web.db(), web.settings().files, upload, start, pieces, at)


def _parts() -> str:
    folder = web.settings().files / parts.PARTS
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _pieces(most: int) -> Iterator[bytes]:
    """Yield what comes over the line, at most so many bytes, until the line is cut."""
    while most > 0:
        try:
            piece = request.stream.read(min(_PIECE, most))
        except (ClientDisconnected, OSError):
            return
        if not piece:
            return
        most -= len(piece)
        yield piece


def _only_as_said(aside: IO[bytes], pieces: Iterable[bytes]) -> None:
    """Put *pieces* aside, or raise: they are not those of the checksum, or were cut."""
    algorithm, _, said = request.headers["Upload-Checksum"].partition(" ")
    if algorithm not in _ALGORITHMS:
        raise Problem("Chỉ kiểm được mã sha256 hoặc sha1.")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
        aside.write(piece)
    try:
        right = hmac.compare_digest(digest.digest(), b64decode(said, validate=True))
    except binascii.Error:
        raise Problem("Mã kiểm của gói không đọc được.") from None
    if not right:
        raise WrongChecksum("Gói nhận được không khớp với mã kiểm; gửi lại gói này.")
    aside.seek(0)
