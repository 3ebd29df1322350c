"""One establishment: what is known of it, its visits, and the two buttons that begin a record."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import clock, drafts, findings, lease, matters, places, visits, web
from field_client.at_the_door import known
from field_client.pages import actions, assigned, form, law, roster
from field_client.pages.access import ENROLLED, knock
from field_client.pages.attention import show_all
from field_client.pages.frame import team_name
from field_client.pages.owner import Owner
from field_client.records import NotValid
from schemas import fields, typed
from schemas.inspections import Basis

bp = Blueprint("place", __name__)
NOTHING = {"what": "", "given": {}, "errors": {}, "kinds": []}


@bp.get("/co-so/<id>")
@knock(ENROLLED)
def page(id: str) -> str:
    """Show the place."""
    return shown(places.find_establishment(web.db(), id))


def shown(place: places.Thing, step: Any = None, resolving: Any = None) -> str:
    """Return the page of a place; *step* and *resolving* are the forms that were sent with something wrong in them."""
    db, at = web.db(), clock.now()
    today = clock.local_day(clock.best(db.conn, at))
    hidden = lease.hidden(db.conn, at)
    found = [visit for visit in visits.of_place(db, place.id) if visit.own or not hidden]
    return render_template(
        "place.html",
        here="places",
        place=place,
        operator=operator_of(db, place),
        unit=places.unit_name(db, place.unit),
        visits=found,
        teams={team: team_name(team) for team in {visit.team for visit in found}},
        hidden=hidden,
        outside=[] if hidden else places.outside_checks(db, place.id),
        known=known(db, place, today, ours=bool(hidden)),
        resolved=[one for one in findings.of_place(db, place.id, ours=bool(hidden)) if one.resolved],
        resolving=resolving or {"given": {}, "errors": {}},
        law=law.of_place(db, place, at),
        drafts=[draft for draft in drafts.all_drafts(db) if draft.establishment == place.id],
        today=today.isoformat(),
        details={matter.id: matter.detail for matter in matters.unsettled(db)},
        matters=show_all(db, _matters(db, place)),
        communes=places.communes(db),
        step=step or NOTHING,
        none_yet=NOTHING,
        **_owner(db, step),
        **assigned.of_place(db, place.id, at),
    )


def _owner(db: Database, step: Any) -> dict[str, Any]:
    """Return what the form of a new operator shows: the one that was chosen, or those of the same name."""
    owner = Owner.read(step.given) if step else Owner()
    return {"chosen": owner.chosen(db), "same": owner.same(db) if step and "operator" in step.errors else []}


def _matters(db: Database, place: places.Thing) -> list[matters.Matter]:
    """Return our edits of a place and of who runs it that wait for a person."""
    things = [("establishment", place.id), *([("operator", place.operator)] if place.operator else [])]
    return [one for kind, id in things for one in matters.of_thing(db, kind, id)]


@bp.post("/co-so/<id>/khac-phuc")
@knock(ENROLLED)
def resolve(id: str) -> tuple[str, int] | Response:
    """Keep that an open finding is resolved, without minutes of its own: seen at the place, or on papers."""
    db, at, given = web.db(), clock.now(), request.form.to_dict()
    today = clock.local_day(clock.best(db.conn, at))
    said = {key: given.get(key, "").strip() for key in ("how", "seen")} | {"on": typed.day(given.get("on", ""), today)}
    try:
        if fields.is_day(said["on"]) and said["on"] > today.isoformat():
            raise NotValid({"on": _("Ngày khắc phục ở sau hôm nay; nhập lại ngày.")})
        findings.resolve(db, given.get("inspection", ""), given.get("finding", ""), said, at=at)
    except NotValid as wrong:
        wrong_form = {"given": given, "errors": form.said(wrong.problems, given)}
        return shown(places.find_establishment(db, id), resolving=wrong_form), 422
    web.soon()
    flash(_("Đã ghi: tồn tại đã khắc phục. Việc này đang chờ gửi."), "good")
    return redirect(url_for("place.page", id=id, _anchor="findings"), code=303)


@bp.post("/co-so/<id>/ghi")
@knock(ENROLLED)
def begin(id: str) -> Response:
    """Begin a record of a visit, or of an attempt that inspected nothing, and open it."""
    db, at = web.db(), clock.now()
    place = places.find_establishment(db, id)
    draft = drafts.load(db, drafts.start(db, place.id, at=at))
    changed = actions.at_the_start(draft, roster.team_id(db), attempt=request.form.get("kind") == "attempt")
    if request.form.get("kind") == "recheck":
        changed["basis"] = Basis.RECHECK.value
    if changed:
        drafts.save(db, draft.id, changed, at=at)
    return redirect(url_for("record.page", id=draft.id), code=303)


def operator_of(db: Database, place: places.Thing) -> places.Thing | None:
    """Return who runs a place, None when that is not known here."""
    try:
        return places.find(db, "operator", place.operator) if place.operator else None
    except places.NotKnown:
        return None

