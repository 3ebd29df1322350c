"""The history of sending and fetching: every sync of a year, as a page and as files on the same path."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from field_client import history, web
from field_client.history import Sync
from field_client.pages import words
from field_client.pages.access import ENROLLED, knock
from field_client.tables import FILES, Table

bp = Blueprint("history", __name__)
PAGE = 100
WAYS = {"both": _l("Gửi và nhận"), "send": _l("Gửi"), "get": _l("Nhận về"), "stick": _l("Gói dữ liệu USB")}


@bp.get("/gui-nhan/cac-lan")
@knock(ENROLLED)
def page() -> str:
    """Show the syncs, the latest first, a hundred a page."""
    conn, nth = web.db().conn, max(1, request.args.get("trang", 1, int))
    found = list(history.latest(conn, limit=PAGE, offset=(nth - 1) * PAGE))
    count = history.count(conn)
    return render_template(
        "history.html", here="sending", syncs=found, ways=WAYS, count=count, nth=nth, pages=-(-count // PAGE) or 1,
        days=history.keep_days(),
    )  # fmt: skip


@bp.get("/gui-nhan/cac-lan.<form>")
@knock(ENROLLED)
def file(form: str) -> Response:
    """Hand out the whole history as CSV or XLSX."""
    if form not in FILES:
        abort(404)
    write, kind = FILES[form]
    headings = (_("Lúc"), _("Cách"), _("Giây"), _("Hồ sơ máy chủ nhận"), _("Tệp máy chủ nhận"), _("Thay đổi nhận về"),
                _("Hồ sơ còn chờ"), _("Tệp còn chờ"), _("Byte chuyển lên"), _("Byte nhận về"), _("Kết quả"),
                _("Ghi chú"))  # fmt: skip
    content = write(Table(headings, _rows()))
    named = {"Content-Disposition": f'attachment; filename="gui-nhan.{form}"'}
    return Response(content, content_type=kind, headers=named)


def _rows() -> Iterator[tuple[Any, ...]]:
    return (_row(one) for one in history.latest(web.db().conn))


def _row(one: Sync) -> tuple[Any, ...]:
    done = str(_("Chưa xong") if one.trouble else _("Xong"))
    return (words.moment(one.at), str(WAYS[one.way]), one.seconds, one.sent, one.files, one.received, one.waiting,
            one.files_waiting, one.bytes_up, one.bytes_down, done, web.told(one.words))  # fmt: skip
