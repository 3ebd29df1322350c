"""How long what is kept, as a page; and holds by named persons, set and ended there."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from server import web
from server.access import may
from server.clock import now
from server.jobs.pages import asking
from server.jobs.retention import EVERYTHING, Asked, end, hold, holds, kept, rules
from server.problems import NotFound

bp = Blueprint("retention", __name__)
LIMITS = {"person": 200, "ground": 300}


@bp.get("/viec-dinh-ky/luu-giu")
@may("jobs.see")
def page() -> str:
    """Show the rules, what is there, and who holds what."""
    return _page({}, {})


@bp.post("/viec-dinh-ky/luu-giu")
@may("jobs.see")
def set_hold() -> tuple[str, int] | Response:
    """Hold data, or show the form again with what to put right."""
    given = {name: request.form.get(name, "").strip() for name in ("data", "person", "ground")}
    wrong = _wrong(given)
    if wrong:
        return _page(given, wrong), 422
    hold(web.db(), Asked(**given), asking(), now())
    flash(_("Đã ghi yêu cầu giữ lại; dữ liệu này không bị xóa theo hạn nữa."))
    return redirect(url_for("retention.page"), code=303)


def _wrong(given: dict[str, str]) -> dict[str, str]:
    wrong = {}
    if given["data"] not in {EVERYTHING, *(rule.id for rule in rules())}:
        wrong["data"] = _("Chọn loại dữ liệu trong danh sách.")
    if not given["person"]:
        wrong["person"] = _("Ghi họ tên, chức vụ người yêu cầu giữ lại.")
    if not given["ground"]:
        wrong["ground"] = _("Ghi căn cứ, ví dụ: Công văn số 12/CV ngày 05/11/2026.")
    for name, limit in LIMITS.items():
        if len(given[name]) > limit:
            wrong[name] = _("Dài quá %(limit)s ký tự; rút ngắn lại.", limit=limit)
    return wrong


@bp.post("/viec-dinh-ky/luu-giu/<id>/thoi")
@may("jobs.see")
def end_hold(id: str) -> Response:
    """End a hold: what is past its days goes with the next run."""
    if not end(web.db(), id, asking(), now()):
        raise NotFound(_("Không có yêu cầu giữ lại này, hoặc đã thôi; mở lại trang."))
    flash(_("Đã thôi giữ lại; dữ liệu quá hạn sẽ bị xóa ở lần chạy sau."))
    return redirect(url_for("retention.page"), code=303)


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    conn = web.db().conn
    names = {rule.id: rule.en if web.spoken() == "en" else rule.vi for rule in rules()}
    return render_template(
        "retention.html", kept=kept(conn, now()), holds=holds(conn), given=given, errors=errors,
        names=names | {EVERYTHING: _("Mọi loại dữ liệu")}, EVERYTHING=EVERYTHING,
    )  # fmt: skip
