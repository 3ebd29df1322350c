"""What must be looked at again, each with what has happened and the one thing to do next; and what was settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlite_utils import Database

from field_client import attachments, clock, matters, places, visits, web
from field_client.matters import Matter
from field_client.pages.access import ENROLLED, knock
from field_client.pages.next_step import Step, next_step
from field_client.store import said
from field_client.store.visits import revisions
from schemas.compare import Difference

bp = Blueprint("attention", __name__)


@dataclass(frozen=True)
class Shown:
    """A matter as a page shows it."""

    matter: Matter
    name: str
    date: str
    place: str  # what to open: the place, an operator's first, of a file its visit; empty when there is none
    step: Step
    problems: list[tuple[str, str]]  # the field, as the record calls it, and what is wrong
    beside: list[Difference]


@bp.get("/can-xem-lai")
@knock(ENROLLED)
def page() -> str:
    """Show what is not plainly received, the latest first; having been shown, it is no news any more."""
    db = web.db()
    found, done = matters.unsettled(db), matters.settled(db, clock.best(db.conn, clock.now()))
    shown = render_template(
        "attention.html", here="attention", found=show_all(db, found), done=show_all(db, done)
    )
    matters.looked_at(db, [one.name for one in (*found, *done) if one.news])
    return shown


def show_all(db: Database, found: Iterable[Matter]) -> list[Shown]:
    """Return what a page needs of each, what the person can do something about first."""
    return sorted((_show(db, one) for one in found), key=lambda one: one.step.button not in {"correct", "send"})


def _show(db: Database, matter: Matter) -> Shown:
    name, date, place = _ABOUT.get(matter.kind, _of_thing)(db, matter)
    problems = [(str(path), str(said)) for path, said in (matter.detail.get("problems") or {}).items()]
    beside: list[Difference] = []
    if matter.standing == "conflict" and matter.kind in {"establishment", "operator"}:
        held = matter.detail.get("fields", {})
        found = matters.fields_beside(db.conn, matter.kind, matter.id, places.named(db))
        beside = [one for one in found if one.path in held]
    return Shown(matter, name, date, place, next_step(matter), problems, beside)


def _of_visit(db: Database, matter: Matter) -> tuple[str, str, str]:
    try:
        visit = visits.find(db, matter.id).visit
    except places.NotKnown:
        return "", "", ""
    own = [one for one in revisions(db.conn, matter.id) if one.name == matter.name]
    date = str(own[0].body.get("date") or "") if own else ""
    return visit.establishment_name, date or visit.date, visit.establishment


def _of_file(db: Database, matter: Matter) -> tuple[str, str, str]:
    """Return place and day of the visit that a file or something said belongs to, and the visit as what to open."""
    visit = said.visit_of(db.conn, matter.id) or attachments.about(db, matter.id)["visit"]
    try:
        found = visits.find(db, visit).visit
    except places.NotKnown:
        return "", "", ""
    return found.establishment_name, found.date, visit


def _of_thing(db: Database, matter: Matter) -> tuple[str, str, str]:
    try:
        name = places.find(db, matter.kind, matter.id).name
    except places.NotKnown:
        name = ""
    if matter.kind == "establishment":
        return name, "", matter.id if name else ""
    row = db.conn.execute("SELECT id FROM establishments WHERE operator = ? LIMIT 1", (matter.id,)).fetchone()
    return name, "", row[0] if row else ""


def _of_assignment(db: Database, matter: Matter) -> tuple[str, str, str]:
    """Return the place that a team is to visit, as what to open."""
    try:
        place = places.find(db, "establishment", places.find(db, "assignment", matter.id)["establishment"])
    except places.NotKnown:
        return "", "", ""
    return place.name, "", place.id


_ABOUT = {
    "inspection": _of_visit, "attachment": _of_file, "assignment": _of_assignment,
    **dict.fromkeys(said.KINDS, _of_file),
}  # fmt: skip
