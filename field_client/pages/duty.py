"""Duties of visits: said to be done, on the first page or on the visit's; and taken back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from field_client import clock, duties, web
from field_client.pages.access import ENROLLED, knock
from schemas.ids import is_id

bp = Blueprint("duty", __name__)


@bp.post("/viec-phai-lam")
@knock(ENROLLED)
def say() -> Response:
    """Keep that a duty is done for each visit that the form names, or that it is not done after all."""
    db, at = web.db(), clock.now()
    done = request.form.get("do") != "undo"
    visits = [id for id in request.form.getlist("inspection") if is_id(id)]
    today = clock.local_day(clock.best(db.conn, at)).isoformat()
    note = request.form.get("note", "").strip()
    duties.say(db, visits, {"duty": request.form.get("duty", ""), "on": today, "done": done, "note": note}, at=at)
    web.soon()
    flash(_("Đã ghi: việc đã làm xong.") if done else _("Đã ghi: việc chưa làm xong, đưa lại vào danh sách."), "good")
    back = request.form.get("back", "")
    if is_id(back):
        return redirect(url_for("record.page", id=back, xem="da-chot", _anchor="duties"), code=303)
    return redirect(url_for("today.page", _anchor="duties"), code=303)
