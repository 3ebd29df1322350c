"""The sanctions that are known of who runs a place: a purpose is asked first, and the look-up is written down."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from field_client import clock, law, lease, looked_up, places, records, web
from field_client.pages.access import ENROLLED, knock
from field_client.pages.law import ANSWERS, COLOURS, of_place
from field_client.pages.problems import NotShown
from schemas import violations
from schemas.repeat import Window

bp = Blueprint("sanctions", __name__)


@dataclass(frozen=True)
class Row:
    """One window of one decision, as the table shows it."""

    window: Window
    acts: str
    answer: str
    colour: str


@bp.get("/co-so/<id>/xu-phat")
@knock(ENROLLED)
def ask(id: str) -> str:
    """Ask why somebody wants to see it."""
    return _page(_place(id), "", "")


@bp.post("/co-so/<id>/xu-phat")
@knock(ENROLLED)
def show(id: str) -> str | tuple[str, int]:
    """Write the look-up down, then show what is known."""
    db, at, place = web.db(), clock.now(), _place(id)
    purpose = request.form.get("purpose", "")
    try:
        looked_up.sanctions(db, place.id, purpose, at=at)
    except records.NotValid as wrong:
        return _page(place, purpose, wrong.problems.get("purpose") or str(wrong)), 422
    web.soon()
    subject = law.subject(db, place.state, clock.local_day(clock.best(db.conn, at)))
    windows = sorted(subject.windows, key=lambda one: (one.decided_on, one.since), reverse=True)
    return render_template(
        "sanctions.html", here="places", place=place, operator=subject.operator, purpose=purpose,
        rows=[_row(one) for one in windows], law=of_place(db, place, at),
    )  # fmt: skip


def _place(id: str) -> places.Thing:
    hidden = lease.hidden(web.db().conn, clock.now())
    if hidden:
        raise NotShown(hidden)
    return places.find_establishment(web.db(), id)


def _page(place: places.Thing, purpose: str, error: str) -> str:
    return render_template("sanctions_why.html", here="places", place=place, purpose=purpose, error=error)


def _row(one: Window) -> Row:
    acts = "; ".join(
        f"{web.told(violations.words(code))} ({violations.citation(code, one.decided_on)})" for code in one.codes
    )
    return Row(one, acts, str(ANSWERS[one.answer]), COLOURS[one.answer])
