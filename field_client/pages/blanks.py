"""Papers to take along for nights without a printer: for one place, or for tonight's places in one PDF."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response as AnyResponse

from field_client import assignments, clock, drafts, places, web
from field_client.pages import roster
from field_client.pages.access import ENROLLED, knock
from field_client.pages.paper import sent
from field_client.places import NotKnown, Thing
from field_client.printing import blanks, render
from schemas.papers import PURPOSES

bp = Blueprint("blanks", __name__)
MOST = 30  # places at a time: a night has five


@bp.get("/mau-trong")
@knock(ENROLLED)
def choose() -> str:
    """Show tonight's places and the papers, to be ticked."""
    asked = request.args.getlist("co-so")
    found = _tonight(web.db(), asked)
    return render_template(
        "blanks.html", here="today", places=found, asked=asked, usual=blanks.USUAL,
        papers=[(purpose, PURPOSES[purpose][0]) for purpose in blanks.BLANKS],
        units={place.id: places.unit_name(web.db(), place.unit) for place in found},
    )  # fmt: skip


@bp.get("/mau-trong.pdf")
@knock(ENROLLED)
def several() -> AnyResponse:
    """Answer the papers of the places that are ticked, place by place."""
    ids = request.args.getlist("co-so")[:MOST]
    if not ids:
        flash(_("Chọn ít nhất một cơ sở rồi in mẫu trống."), "warn")
        return redirect(url_for("blanks.choose"), code=303)
    return _answer(ids, f"mau-trong-{len(ids)}-co-so.pdf")


@bp.get("/co-so/<id>/mau-trong.pdf")
@knock(ENROLLED)
def of_place(id: str) -> AnyResponse:
    """Answer the papers of one place."""
    return _answer([places.find_establishment(web.db(), id).id], "mau-trong.pdf")


def _answer(ids: list[str], name: str) -> Response:
    wanted = [purpose for purpose in request.args.getlist("mau") if purpose in blanks.BLANKS] or list(blanks.USUAL)
    return sent(render.pdf(blanks.of_places(web.db(), ids, wanted, _today()), 0), name)


def _today() -> date:
    return clock.local_day(clock.best(web.db().conn, clock.now()))


def _tonight(db: Database, asked: list[str]) -> list[Thing]:
    """Return the places that are asked for, that this team still has to visit, and those that are begun."""
    assigned = [one.establishment for one in assignments.of_team(db, roster.team_id(db), clock.now())]
    ids = [*asked, *assigned, *(draft.establishment for draft in drafts.all_drafts(db))]
    found: dict[str, Thing] = {}
    for id in dict.fromkeys(ids):
        try:
            place = places.find_establishment(db, id)
        except NotKnown:
            continue
        found[place.id] = place
    return list(found.values())
