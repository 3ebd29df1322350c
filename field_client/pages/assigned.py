"""What the team is to visit: taking a place for tonight, letting go of it, and the list on today's page."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import assignments, clock, places, records, visits, web
from field_client.pages import roster
from field_client.pages.access import ENROLLED, knock
from field_client.pages.frame import team_name
from schemas.assignments import hour_of_end

bp = Blueprint("assigned", __name__)
SHOWN = 8  # on today's page


@bp.app_template_global()
def reservation_ends_at() -> str:
    """Say at which time of its last day a reservation ends."""
    return f"{hour_of_end():02d}:00"


@bp.post("/co-so/<id>/nhan")
@knock(ENROLLED)
def take(id: str) -> Response:
    """Take a place for this team, for tonight; that it was inspected this year is said and forbids nothing."""
    db, at = web.db(), clock.now()
    place = places.find_establishment(db, id)
    team, basis = roster.team_id(db), request.form.get("basis", "")
    try:
        kept = assignments.reserve(db, place.id, team, basis, at=at)
    except records.NotValid as wrong:
        flash(str(wrong), "warn")
        return _back(place.id)
    web.soon()
    if kept is None:
        flash(_("Đội này đã nhận, hoặc đã được phân công, kiểm tra %(name)s.", name=place.name))
    elif basis != "unscheduled" and _inspected_in(db, place.id, str(clock.local_day(clock.best(db.conn, at)).year)):
        flash(_("Đã nhận kiểm tra %(name)s. Cơ sở này đã được kiểm tra trong năm: chỉ kiểm tra lại khi có dấu hiệu vi"
                " phạm rõ ràng.", name=place.name), "warn")  # fmt: skip
    else:
        until = reservation_ends_at()
        flash(_("Đã nhận kiểm tra %(name)s, đến %(time)s ngày mai.", name=place.name, time=until), "good")
    return _back(place.id)


def _inspected_in(db: Database, place: str, year: str) -> bool:
    days = [visit.date for visit in visits.of_place(db, place) if visit.counting]
    days += [str(check["date"]) for check in places.outside_checks(db, place)]
    return any(day.startswith(year) for day in days)


@bp.post("/phan-cong/<id>/bo")
@knock(ENROLLED)
def let_go(id: str) -> Response:
    """Give up a place that this team had taken."""
    db = web.db()
    row = db.conn.execute("SELECT establishment FROM assignments WHERE id = ?", (id,)).fetchone()
    try:
        assignments.let_go(db, id, at=clock.now())
        flash(_("Đã bỏ nhận kiểm tra."), "good")
        web.soon()
    except records.NotValid as wrong:
        flash(str(wrong), "warn")
    return _back(row[0] if row else "")


def _back(place: str) -> Response:
    """Return to where the button was: the list, today's page, or the place."""
    said = request.form.get("back")
    if said == "today" or not (place or said):
        return redirect(url_for("today.page") + "#assigned", code=303)
    if said is not None:
        return redirect(url_for("places.page") + (f"?{said}" if said else ""), code=303)
    return redirect(url_for("place.page", id=place), code=303)


def of_place(db: Database, place: str, at: datetime) -> dict[str, Any]:
    """Return what the page of a place shows: who is to visit it, and whether this team may take it."""
    found, ours = assignments.of_place(db, place, at), roster.team_id(db)
    return {
        "taken": found, "our_team": ours, "taken_by": {one.team: team_name(one.team) for one in found},
        "may_take": bool(ours) and all(one.team != ours for one in found),
    }  # fmt: skip


def of_today(db: Database, at: datetime) -> dict[str, Any]:
    """Return what today's page shows: what is open for this team, the nearest end first."""
    team = roster.team_id(db)
    found = assignments.of_team(db, team, at) if team else []
    return {"assigned": found[:SHOWN], "assigned_in_all": len(found), "our_team": team}
