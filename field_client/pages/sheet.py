"""The form of a visit as it is shown: its place, the checklist and the acts of that day, and what is pointed out."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, request
from sqlite_utils import Database

from field_client import clock, dates, places, rounds, visits, web
from field_client.drafts import Draft, Fields
from field_client.pages import actions, drafted, form, law, marks, missing, roster
from schemas.checklists import Answer, ChecklistItem
from schemas.violations import CatalogueRow, find, in_force
from schemas.visit_rules import child_protection

CHILD_PROTECTION = "child-protection"  # the purpose of the office's text about whom to call


@dataclass(frozen=True)
class Violation:
    """One line of the violations: its key, what is typed, and the act of the catalogue in force that day."""

    key: str
    code: str
    act: CatalogueRow | None


def show(draft: Draft, errors: dict[str, str], *, focus: str = "", ask: bool = False) -> str:
    """Show the form, with one sentence at each field that is wrong.

    *ask*: the text is about to be closed, and what is pointed out is asked about once.
    """
    db, seen = web.db(), drafted.read(draft)
    fields, thing = seen.fields, seen.place
    acts, points, gaps = acts_of(draft, thing), seen.points, missing.gaps(seen)
    private = {name: mark.text for name, mark in marks.private(fields).items()}
    return render_template(
        "attempt.html" if seen.attempt else "record.html",
        here="places",
        draft=draft,
        place=thing,
        unit=places.unit_name(db, thing.unit) if thing else "",
        given=form.Shown(fields),
        errors=errors,
        focus=focus or next(iter(in_form_order(errors)), "outcome" if seen.attempt else "date"),
        blocks=[(block, list(some)) for block, some in groupby(seen.items, key=lambda item: item.block)],
        answers=list(Answer),
        acts=acts,
        violations=[
            Violation(key, row.get("code", ""), find(row["code"], draft.day()) if row.get("code") else None)
            for key, row in form.rows(fields, "violations").items()
        ],
        suggested=suggested(fields, seen.items, acts),
        marks=marks.marks(seen, points, gaps),
        missing=gaps,
        private=private,
        to_ask=missing.before_closing(gaps, points, private) if ask else [],
        rest=actions.rest_of(request.args.get("vua", ""), draft),
        asked=asked(draft),
        doubt=dates.doubt(db.conn, draft.id, clock.now()),
        confirmed=bool(request.form.get("date_confirmed") or request.args.get("ngay")),
        law=law.of_draft(db, draft, thing, clock.now()),
        known=seen.known,
        hidden=seen.hidden,
        clash=seen.known.clash,
        follow=seen.follow,
        minors=missing.minors(fields),
        child=child_protection(),
        child_contact=child_contact(db),
        **_people(fields),
    )


def answer(draft: Draft) -> dict[str, Any]:
    """Return what an answer to typing says beside the time: what is pointed out, missing, and can be covered."""
    seen = drafted.read(draft)
    gaps = missing.gaps(seen)
    return {
        "marks": marks.marks(seen, seen.points, gaps),
        "missing": [gap.name for gap in gaps],
        "covered": marks.with_covered(seen.fields),
    }


def to_ask(draft: Draft) -> list[missing.Gap]:
    """Return what is asked once before the text is closed."""
    seen = drafted.read(draft)
    private = {name: mark.text for name, mark in marks.private(seen.fields).items()}
    return missing.before_closing(missing.gaps(seen), seen.points, private)


def child_contact(db: Database) -> str:
    """Return whom the office names for children in this area: the newest text with that purpose, else nothing."""
    found = [one for one in places.templates(db) if one["purpose"] == CHILD_PROTECTION]
    return str(found[-1]["text"]) if found else ""


def asked(draft: Draft) -> dict[str, str]:
    """Return what the server asked to be put right in the record that *draft* corrects, by field."""
    return form.said(visits.find(web.db(), draft.id).problems, {}) if draft.base else {}


def acts_of(draft: Draft, thing: places.Thing | None) -> tuple[CatalogueRow, ...]:
    """Return the acts in force on the day of the visit, for the kinds of the place."""
    return in_force(draft.day(), thing.kinds(draft.day()) if thing else ())


def _people(fields: Fields) -> dict[str, Any]:
    team = fields.get("team") or roster.team_id(web.db())
    known = roster.members(web.db(), team)
    rows = form.rows(fields, "members")
    listed = {member.get("name") for member in known.values()}
    return {
        "teams": places.teams(web.db()),
        "team": team,
        "roster": known,
        "present": {row.get("name") for row in rows.values()},
        "others": {key: row for key, row in rows.items() if row.get("name") not in listed or not row.get("name")},
        "expired": roster.expired,
        "outing": rounds.current(web.db()),
    }


def suggested(fields: Fields, items: tuple[ChecklistItem, ...], acts: tuple[CatalogueRow, ...]) -> list[CatalogueRow]:
    """Return the acts that the failed items lead to and that are not written down yet; advisory items lead to none."""
    failed = [item for item in items if fields.get(f"answers.{item.code}") == Answer.FAIL and not item.advisory]
    led = {code for item in failed for code in item.violations}
    written = {row.get("code") for row in form.rows(fields, "violations").values()}
    return [act for act in acts if act.code in led - written]


_ORDER = ("team", "date", "started", "ended", "decision", "basis", "trigger", "ground", "evidence", "members",
          "representative", "followed", "answers", "notes", "workers", "informed", "child_called", "child_called_at",
          "violations", "crime_signs", "outcome", "found_working", "statement", "remark", "copies", "reason",
          )  # fmt: skip


def in_form_order(errors: dict[str, str]) -> list[str]:
    """Return the names of the wrong fields as they follow each other in the form."""
    place_in_form = {name: at for at, name in enumerate(_ORDER)}
    return sorted(errors, key=lambda name: place_in_form.get(name.partition(".")[0], 0))
