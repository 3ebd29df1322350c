"""Taking minutes back: asked for once more, with the reason, and kept as one more revision."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, records, visits, web
from field_client.pages.access import ENROLLED, knock
from field_client.pages.visit import has_draft

bp = Blueprint("void", __name__)


@bp.get("/cuoc-kiem-tra/<id>/huy")
@knock(ENROLLED)
def ask(id: str) -> str | Response:
    """Ask for the reason before minutes are taken back."""
    found = visits.find(web.db(), id)
    return _cannot(found) or _page(found, "", "")


@bp.post("/cuoc-kiem-tra/<id>/huy")
@knock(ENROLLED)
def void(id: str) -> str | tuple[str, int] | Response:
    """Take the minutes back; what they said stays, and the visit counts no more."""
    found = visits.find(web.db(), id)
    refused = _cannot(found)
    if refused:
        return refused
    reason = request.form.get("reason", "").strip()
    body = {**found.body, "void": True, "reason": reason}
    try:
        records.record(web.db(), id, body, at=clock.now(), base=found.visit.item)
    except records.NotValid as wrong:
        return _page(found, reason, wrong.problems.get("reason") or str(wrong)), 422
    web.soon()
    flash(_("Đã hủy biên bản; nội dung cũ vẫn được giữ. Việc hủy đang chờ gửi."), "good")
    return redirect(url_for("record.page", id=id), code=303)


def _page(found: visits.Whole, reason: str, error: str) -> str:
    return render_template("void.html", here="places", visit=found.visit, reason=reason, error=error)


def _cannot(found: visits.Whole) -> Response | None:
    """Say why there is nothing to take back: it was done, another team's visit, or a correction is being written."""
    visit = found.visit
    if visit.void:
        words = _("Biên bản này đã hủy từ trước.")
    elif not (visit.own or visit.team == web.meta("team")):
        words = _("Biên bản của đội khác; báo văn phòng nếu cần hủy.")
    elif has_draft(web.db(), visit.id):
        words = _("Có bản đính chính đang ghi dở; chốt hoặc bỏ bản đó rồi hủy biên bản.")
    else:
        return None
    flash(words, "warn")
    return redirect(url_for("record.page", id=visit.id, xem="da-chot"), code=303)
