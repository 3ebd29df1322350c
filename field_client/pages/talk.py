"""The team's word to the office about a visit: an answer to what was asked for, or a comment."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, talk, web
from field_client.pages import visit
from field_client.pages.access import ENROLLED, knock
from field_client.records import NotValid
from schemas.privacy import warnings

bp = Blueprint("talk", __name__)


@bp.post("/cuoc-kiem-tra/<id>/y-kien")
@knock(ENROLLED)
def say(id: str) -> Response | tuple[str, int]:
    """Keep what was written; data about a person is pointed out once, and the second press keeps it as it stands."""
    text, problem = request.form.get("word", ""), ""
    if request.form.get("seen", "").strip() != text.strip():
        problem = " ".join(web.told(one.label) for one in warnings(text))
    seen = text if problem else ""
    if not problem:
        try:
            talk.say(web.db(), id, text, at=clock.now())
        except NotValid as wrong:
            problem = web.told(next(iter(wrong.problems.values())))
    if problem:
        return visit.show(id, {"word": text, "seen": seen, "problem": problem}), 422
    web.soon()
    flash(_("Đã ghi ý kiến; văn phòng đọc được sau khi máy gửi."), "good")
    return redirect(url_for("record.page", id=id, xem="da-chot", _anchor="y-kien"), code=303)
