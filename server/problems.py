"""Every refusal there is, with a slug that keeps its meaning, and the one translator to HTTP."""

import logging
from dataclasses import dataclass, field
from enum import IntEnum
from http import HTTPStatus
from typing import Any, ClassVar

from flask import Flask, Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from schemas.ids import new_id
from server.store import Busy

log = logging.getLogger(__name__)
TYPE = "/problems/"


class OtherStatus(IntEnum):
    """The statuses that HTTP itself does not know."""

    CHECKSUM_MISMATCH = 460  # of the tus protocol

    @property
    def phrase(self) -> str:
        """What it is called."""
        return self.name.replace("_", " ").title()


@dataclass
class Problem(Exception):
    """A refusal that the caller can act on. `detail` says what to do, in Vietnamese."""

    detail: str
    errors: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)  # what else a program finds in the body
    status: ClassVar[HTTPStatus | OtherStatus] = HTTPStatus.BAD_REQUEST
    slug: ClassVar[str] = "bad-request"

    @classmethod
    def type(cls) -> str:
        """Return the `type` of RFC 9457."""
        return TYPE + cls.slug


class UnknownDevice(Problem):
    """No laptop is enrolled under this credential: enrol again, nothing is lost."""

    status = HTTPStatus.UNAUTHORIZED
    slug = "unknown-device"


class RevokedDevice(Problem):
    """The laptop was locked by the office: it gets nothing; what it sends is kept aside.

    The body carries `statement`, which the server signed (sync.revocation).
    """

    status = HTTPStatus.FORBIDDEN
    slug = "revoked-device"


class BadEnrolmentCode(Problem):
    """The enrolment code is wrong, used by another laptop, or past its time."""

    status = HTTPStatus.FORBIDDEN
    slug = "bad-enrolment-code"


class UnreadableBody(Problem):
    """The body is no batch: not gzip, cut short, or too long. Nothing of it was kept."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "unreadable-body"


class InvalidInput(Problem):
    """Something in the request does not hold; `errors` names the fields."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "invalid-input"


class OtherHistory(Problem):
    """The cursor is from a history that this server does not hold: start the copy over."""

    status = HTTPStatus.GONE
    slug = "other-history"


class OtherScope(Problem):
    """The laptop follows another area by now: begin the copy anew."""

    status = HTTPStatus.GONE
    slug = "other-scope"


class SignInFirst(Problem):
    """Nobody is signed in."""

    status = HTTPStatus.UNAUTHORIZED
    slug = "sign-in-first"


class BadToken(Problem):
    """The access token is not known, past its time or revoked, or its account is disabled."""

    status = HTTPStatus.UNAUTHORIZED
    slug = "bad-token"


class SecondStepFirst(SignInFirst):
    """The password was right, and the second step of signing in is still to be taken."""

    slug = "second-step-first"


class NotAllowed(Problem):
    """The role or the area of who is signed in does not reach here."""

    status = HTTPStatus.FORBIDDEN
    slug = "not-allowed"


class PurposeNeeded(Problem):
    """A history opens for a purpose only: give it on the page first; it holds for some hours."""

    status = HTTPStatus.FORBIDDEN
    slug = "purpose-needed"


class NotFound(Problem):
    """There is nothing under this address."""

    status = HTTPStatus.NOT_FOUND
    slug = "not-found"


class TooManyTries(Problem):
    """Too many tries at this door: wait as long as Retry-After says."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    slug = "too-many-tries"


class TooBusy(Problem):
    """The server has too much to do: nothing was begun, come back after as many seconds as Retry-After says."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    slug = "busy"


class OtherTusVersion(Problem):
    """The upload speaks another version of the tus protocol than 1.0.0."""

    status = HTTPStatus.PRECONDITION_FAILED
    slug = "other-tus-version"


class NoSuchRecord(Problem):
    """No record of this laptop, in the truth or on its way there, speaks of this file: send the record first."""

    status = HTTPStatus.NOT_FOUND
    slug = "no-such-record"


class NoSuchUpload(Problem):
    """This laptop has no upload under this address, or it is past its time: begin it again."""

    status = HTTPStatus.NOT_FOUND
    slug = "no-such-upload"


class WrongOffset(Problem):
    """The server has another number of bytes of this file than the request goes on from: ask, then go on from there."""

    status = HTTPStatus.CONFLICT
    slug = "wrong-offset"


class WrongChecksum(Problem):
    """The bytes of a request are not those of its checksum; none of them was kept."""

    status = OtherStatus.CHECKSUM_MISMATCH
    slug = "wrong-checksum"


class FileTooLarge(Problem):
    """The file has more bytes than its type may have."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    slug = "file-too-large"


class FileKind(Problem):
    """The file is of no type that may be attached, or not of the type that its record says."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    slug = "file-kind"


class FileMismatch(Problem):
    """Hash, size or type of the file are not those of its record; no byte of it was kept."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "file-mismatch"


class FileHasLocation(Problem):
    """The file still says where it was taken; no byte of it was kept."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    slug = "file-has-location"


class DamagedReturn(Problem):
    """The file of a return that was sent is missing, or no more what was sent: the administrator restores it."""

    status = HTTPStatus.CONFLICT
    slug = "damaged-return"


class ServerFault(Problem):
    """An error of ours: try again later; the sentence names a reference to report."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    slug = "server-fault"


def register(app: Flask) -> None:
    """Turn everything that is raised into an answer: problem+json for programs, a page for people."""
    app.register_error_handler(Problem, _of_problem)
    app.register_error_handler(Busy, _of_busy)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_fault)


def _of_problem(problem: Problem) -> AnyResponse:
    if isinstance(problem, SignInFirst) and not _for_program():
        onward = request.full_path.rstrip("?") if request.method == "GET" else None
        door = "people.second_step" if isinstance(problem, SecondStepFirst) else "people.sign_in"
        return redirect(url_for(door, next=onward))
    body: dict[str, Any] = {"detail": problem.detail, **problem.more}
    if problem.errors:
        body["errors"] = problem.errors
    return _answer(problem.slug, problem.status, body, problem.headers)


def _of_busy(busy: Busy) -> AnyResponse:
    sentence = "Máy chủ đang bận, chưa ghi gì; thử lại sau vài giây."
    return _of_problem(TooBusy(sentence, headers={"Retry-After": str(busy.retry_after)}))


_SLUGS = {404: "not-found", 403: "not-allowed", 413: "unreadable-body"}
_WORDS = {
    404: "Không có trang này; kiểm tra lại địa chỉ.",
    405: "Không làm được thao tác này ở địa chỉ này.",
    413: "Gói gửi lên lớn quá; chia nhỏ rồi gửi lại.",
    400: "Yêu cầu không đọc được; tải lại trang rồi làm lại.",
}


def _of_http(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    detail = _WORDS.get(code, error.description or error.name)
    allowed = {name: value for name, value in error.get_headers() if name == "Allow"}
    return _answer(_SLUGS.get(code, "bad-request"), HTTPStatus(code), {"detail": detail}, allowed)


def _of_fault(error: Exception) -> AnyResponse:
    if current_app.testing and current_app.config.get("PROPAGATE_FAULTS"):
        raise error
    reference = new_id()[-12:]
    log.error("A request fell over, reference %s", reference, exc_info=error)
    return _of_problem(ServerFault(f"Máy chủ gặp lỗi; thử lại sau ít phút, nếu vẫn lỗi thì báo mã {reference}."))


def _answer(slug: str, status: HTTPStatus | OtherStatus, body: dict[str, Any], headers: dict[str, str]) -> Response:
    if _for_program():
        answer = jsonify({"type": TYPE + slug, "title": status.phrase, "status": int(status), **body})
        answer.content_type = "application/problem+json"
        if status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"
    else:
        answer = Response(render_template("problem.html", detail=body["detail"], status=int(status)))
    answer.status_code = int(status)
    answer.headers.extend(headers)
    return answer


def _for_program() -> bool:
    return request.path.startswith("/api/") or request.path.endswith(".json")
