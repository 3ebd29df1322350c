"""Photos and scans on the pages: attached to a draft or a finished visit, described, taken away, looked at."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from field_client import attachments, clock, covering, drafts, thumbnails, visits, web
from field_client.attachments import Attachment
from field_client.pages import record, sheet, visit
from field_client.pages.access import ENROLLED, knock
from field_client.places import NotKnown
from field_client.store import blobs, draft_files
from field_client.store.draft_files import DraftFile
from field_client.taking import Given, NotAttachable, take
from schemas.attachments import Role, is_file_name, type_of
from schemas.privacy import warnings

bp = Blueprint("files", __name__)
AT_ONCE = 40_000_000  # bytes of one request: it is held in memory, so that nothing lies on the disk uncovered
GIVEN = "tep"


@bp.url_value_preprocessor
def hold_in_memory(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let a file come in, and keep it off the disk."""
    if isinstance(request, web.Asked):
        request.in_memory = True
    request.max_content_length = AT_ONCE


@dataclass(frozen=True)
class Shown:
    """What the part about files shows of a draft or a visit."""

    id: str
    draft: bool
    files: list[DraftFile | Attachment]  # those of a draft come after those of the visit that it corrects
    errors: list[tuple[str, str]]
    revisions: list[tuple[str, int]]  # of a finished visit, the newest first: the item and its number


def init_app(app: Flask) -> None:
    """Let the templates of *app* ask for the files of a draft or a visit."""
    app.jinja_env.globals.update(files_of=shown, caption_warnings=_warned)


def shown(id: str) -> Shown:
    """Return what is attached to a draft and what to a finished visit."""
    db, errors = web.db(), g.get("file_errors", [])
    kept = attachments.of_visit(db, id)
    if _is_draft(id):
        return Shown(id, True, [*kept, *draft_files.of_draft(db.conn, id)], errors, [])
    revisions = [(one.name, int(one.body.get("revision") or 1)) for one in visits.find(db, id).revisions]
    return Shown(id, False, list(kept), errors, revisions[::-1])


def _is_draft(id: str) -> bool:
    return web.db().conn.execute("SELECT 1 FROM drafts WHERE id = ?", (id,)).fetchone() is not None


def _warned(caption: str) -> str:
    return " ".join(web.told(one.label) for one in warnings(caption))


@bp.get("/cuoc-kiem-tra/<id>/tep")
@knock(ENROLLED)
def listed(id: str) -> str:
    """Show the list alone, for the script that attaches without leaving the page."""
    return render_template("files_list.html", files=shown(id))


@bp.post("/cuoc-kiem-tra/<id>/tep")
@knock(ENROLLED)
def add(id: str) -> Response | tuple[Response | str, int]:
    """Attach what was chosen, or show at the field why one was not; the others are kept."""
    record.keep_typed(id)
    given = [one for one in request.files.getlist(GIVEN) if one.filename]
    wrong = [(str(one.filename), said) for one in given if (said := _keep(id, one))]
    if not given:
        wrong = [("", str(_("Chọn ảnh hoặc bản quét trước.")))]
    if _asked_by_script():
        return (jsonify({"detail": wrong[0][1]}), 422) if wrong else jsonify({"kept": len(given)})
    if not wrong:
        return _back(id)
    g.file_errors = wrong
    return _page(id), 422


def _asked_by_script() -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _keep(id: str, file: FileStorage) -> str:
    """Keep one file, or return why not."""
    try:
        given = _given()
        content = file.stream.read()
        if request.form.get("chi_xem"):  # the page cannot open the picture and asks why
            take(content, given)
            return ""
        if _is_draft(id) and _keep_in_draft(id, content, given):
            return ""
        item = request.form.get("bien_ban", "")
        attachments.attach_content(web.db(), id, content, given, at=clock.now(), item=item)
    except (NotAttachable, blobs.NotWritten) as error:
        return web.told(error)
    web.soon()
    return ""


def _keep_in_draft(id: str, content: bytes, given: Given) -> str | None:
    """Keep a file with a draft, in the place of another where the page says so; None when the draft is gone."""
    taken, instead = take(content, given), request.form.get("thay", "")
    kept = draft_files.add(web.db(), id, taken.content, taken.body, at=clock.now())
    if kept and instead and instead != kept:
        draft_files.remove(web.db(), id, instead)
    return kept


def _given() -> Given:
    try:
        role = Role(request.form.get("vai_tro") or Role.PHOTO)
        changes = covering.read_changes(request.form.get("xoay", ""), request.form.get("che", ""))
    except ValueError:
        raise NotAttachable(_("Nội dung gửi lên không đọc được; tải lại trang.")) from None
    return Given(role, request.form.get("chu_thich", ""), changes)


def _back(id: str) -> Response:
    return redirect(url_for("record.page", id=id) + "#files", code=303)


def _page(id: str) -> str:
    if _is_draft(id):
        return sheet.show(drafts.load(web.db(), id), {}, focus="choose-files")
    return visit.show(id)


@bp.post("/cuoc-kiem-tra/<id>/tep/<file>")
@knock(ENROLLED)
def describe(id: str, file: str) -> Response | tuple[Response, int]:
    """Keep the caption and the role of a file of a draft."""
    record.keep_typed(id)
    caption, role = request.form.get(f"chu_thich.{file}", "").strip(), request.form.get(f"vai_tro.{file}", "")
    if len(caption) > 200 or role not in set(Role):  # as schemas/attachments.py says
        return jsonify({"detail": _("Chú thích dài quá 200 ký tự; rút ngắn lại.")}), 422
    draft_files.describe(web.db(), id, file, role, caption)
    return jsonify({"warning": _warned(caption)}) if _asked_by_script() else _back(id)


@bp.post("/cuoc-kiem-tra/<id>/tep/<file>/bo")
@knock(ENROLLED)
def remove(id: str, file: str) -> Response:
    """Take a file away from a draft; one of a finished visit stays."""
    record.keep_typed(id)
    draft_files.remove(web.db(), id, file)
    if _asked_by_script():
        return jsonify({})
    flash(_("Đã bỏ tệp khỏi bản nháp."), "")
    return _back(id)


@bp.get("/tep/<sha256>/nho")
@knock(ENROLLED)
def small(sha256: str) -> Response:
    """Answer a small picture of a photo; the browser keeps nothing."""
    return _answer(thumbnails.small(blobs.drawer(web.db()), _here(sha256)), "image/jpeg")


@bp.get("/tep/<sha256>")
@knock(ENROLLED)
def whole(sha256: str) -> Response:
    """Answer a photo or a scan as it is kept; the browser keeps nothing."""
    content = blobs.read(blobs.drawer(web.db()), _here(sha256))
    return _answer(content, type_of(content))


def _here(sha256: str) -> str:
    """Return the name of a file that was attached here and has not left; else there is no such page."""
    drawer = blobs.drawer(web.db())
    if not (is_file_name(sha256) and draft_files.spoken_of(web.db().conn, sha256) and blobs.has(drawer, sha256)):
        raise NotKnown(_("Tệp này không còn trên máy; máy chủ giữ tệp sau khi đã nhận."))
    return sha256


def _answer(content: bytes, media: str) -> Response:
    if not content:
        abort(404)
    return Response(content, mimetype=media, headers={"Cache-Control": "private, no-store"})


@bp.errorhandler(RequestEntityTooLarge)
def too_much(error: RequestEntityTooLarge) -> tuple[Response | str, int]:
    """Say in one sentence that this is too much at once."""
    said = _("Mỗi lần đính kèm nhiều nhất %(n)s MB; chọn ít tệp hơn rồi làm lại.", n=AT_ONCE // 1_000_000)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if _asked_by_script():
        return jsonify({"detail": said}), status
    g.file_errors = [("", str(said))]
    return _page((request.view_args or {}).get("id", "")), status
