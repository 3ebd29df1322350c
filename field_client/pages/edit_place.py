"""Correcting an establishment: each field, prefilled; what is wrong stands at its field, what was typed stays."""

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import clock, edits, matters, places, records, web
from field_client.pages.access import ENROLLED, knock
from field_client.pages.attention import show_all
from field_client.places import Thing
from schemas.compare import Difference
from schemas.forms import edit as edit_form
from schemas.forms import seen
from schemas.units import AdminUnit

bp = Blueprint("edit_place", __name__)


@dataclass
class Page:
    """The form as it is shown: its fields, what it was opened with, and what must be put right."""

    place: Thing
    given: dict[str, str]
    seen: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@bp.get("/co-so/<id>/sua")
@knock(ENROLLED)
def page(id: str) -> str:
    """Show the form."""
    place = places.find_establishment(web.db(), id)
    shown = edit_form.shown(place.state)
    return _page(Page(place, shown, shown))


@bp.post("/co-so/<id>/sua")
@knock(ENROLLED)
def save(id: str) -> tuple[str, int] | Response:
    """Keep what was changed, and open the place; or show the form again with what to put right."""
    db, at = web.db(), clock.now()
    place = places.find_establishment(db, id)
    now = edit_form.shown(place.state)
    shown = seen.read(request.form.get("seen", "")) or now
    sent = {name: request.form.get(name, "")[:5000] for name in shown}
    changed = seen.changed(sent, shown)
    errors = seen.overtaken(changed, shown, now)
    wanted, wrong = edit_form.understood(place.state, changed, clock.local_day(clock.best(db.conn, at)))
    if errors or wrong:
        return _page(Page(place, {**now, **changed}, now, wrong | errors)), 422
    try:
        kept = records.edit(db, "establishment", place.id, wanted, at=at)
    except records.NotValid as invalid:
        said = {edit_form.field_of(path, place.state): sentence for path, sentence in invalid.problems.items()}
        return _page(Page(place, {**now, **changed}, now, said)), 422
    if kept:
        web.soon()
    flash(_("Đã lưu; chờ gửi.") if kept else _("Không có gì thay đổi."), "good" if kept else "")
    return redirect(url_for("place.page", id=place.id), code=303)


def _page(page: Page) -> str:
    db, id = web.db(), page.place.id
    named = places.named(db)
    return render_template(
        "place_edit.html", here="places", place=page.place, given=page.given, seen=seen.write(page.seen),
        errors=page.errors, communes=_communes(db, page.given.get("unit", "")),
        history=lambda group: edit_form.history(page.place.state, group),
        operator_name=lambda id: named("operator", id), unit_name=lambda key: named("unit", key),
        made_here=edits.made_here(db, "establishment", id, named), beside=_beside(db, id),
        matters=show_all(db, matters.of_thing(db, "establishment", id)),
    )  # fmt: skip


def _communes(db: Database, present: str) -> list[AdminUnit]:
    """Return the communes to choose from, and where the place stands now if that is none of them."""
    found, here = places.communes(db), places.units(db).get(present)
    return found if here is None or any(unit.key == present for unit in found) else [here, *found]


def _beside(db: Database, id: str) -> dict[str, Difference]:
    """Return, by path, our own values that stand beside the server's until the office has settled them."""
    found = matters.fields_beside(db.conn, "establishment", id, places.named(db))
    return {one.path: one for one in found}
