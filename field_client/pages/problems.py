"""What a person reads when a page cannot be opened: one sentence that says what to do."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from field_client import web
from field_client.drafts import NoDraft, ReadOnly
from field_client.places import NotKnown
from field_client.store import OperationalError
from schemas.ids import new_id

log = logging.getLogger(__name__)


@dataclass
class Problem(Exception):
    """A refusal that the person at the laptop can act on."""

    detail: str
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class NotFromHere(Problem):
    """The request names another host than this machine."""

    status = HTTPStatus.FORBIDDEN


class NotOpened(Problem):
    """The browser did not come through the door that the program opened."""

    status = HTTPStatus.FORBIDDEN


class Locked(Problem):
    """The pages are locked: nothing was taken, and what was typed is still on the page."""

    status = HTTPStatus.LOCKED


class NotShown(Problem):
    """A history that this laptop may not show now: its lease has ended, or the office has locked it."""

    status = HTTPStatus.FORBIDDEN


WORDS = {
    400: _l("Trang đã mở từ trước khi chương trình chạy lại; tải lại trang rồi làm tiếp."),
    404: _l("Không có trang này; kiểm tra lại địa chỉ, hoặc tìm trong mục Cơ sở."),
    405: _l("Không làm được thao tác này ở địa chỉ này; về trang Hôm nay."),
    413: _l("Nội dung dài quá; rút ngắn rồi lưu lại."),
}
FULL = _l("Ổ đĩa đầy nên chưa lưu được; xóa bớt tệp trên máy rồi lưu lại. Những gì đã lưu vẫn còn nguyên.")
TITLES = {423: _l("Đã khóa"), 403: _l("Chưa mở được"), 404: _l("Không tìm thấy"), 500: _l("Chương trình gặp lỗi")}


def register(app: Flask) -> None:
    """Turn everything that is raised into a page."""
    app.register_error_handler(Problem, lambda problem: answer(problem.status, problem.detail))
    app.register_error_handler(NotKnown, lambda error: answer(HTTPStatus.NOT_FOUND, str(error)))
    app.register_error_handler(NoDraft, lambda error: answer(HTTPStatus.NOT_FOUND, str(error)))
    app.register_error_handler(ReadOnly, lambda error: answer(HTTPStatus.CONFLICT, str(error)))
    app.register_error_handler(OperationalError, _of_disk)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(CSRFError, lambda _error: answer(HTTPStatus.BAD_REQUEST, str(WORDS[400])))
    app.register_error_handler(Exception, _of_fault)


def _of_http(error: HTTPException) -> Response:
    code = error.code or 500
    return answer(HTTPStatus(code), str(WORDS.get(code, WORDS[405])))


def _of_disk(error: OperationalError) -> Response:
    if "full" not in str(error):
        return _of_fault(error)
    return answer(HTTPStatus.INSUFFICIENT_STORAGE, str(FULL))


def _of_fault(error: Exception) -> Response:
    if current_app.config.get("PROPAGATE_FAULTS"):
        raise error
    reference = new_id()[-12:]
    log.error("A page fell over, reference %s", reference, exc_info=error)
    detail = f"Nội dung đã lưu vẫn còn. Tải lại trang; nếu vẫn lỗi thì báo văn phòng mã {reference}."
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def answer(status: HTTPStatus, detail: str) -> Response:
    """Answer with one sentence: a page, or a small object for the script that saves as one types."""
    detail = web.told(detail)
    if request.is_json or request.headers.get("Accept", "").startswith("application/json"):
        said = jsonify({"detail": detail})
    else:
        title = TITLES.get(int(status), _l("Chưa làm được"))
        said = Response(render_template("problem.html", title=title, detail=detail, status=int(status)))
    said.status_code = int(status)
    return said
