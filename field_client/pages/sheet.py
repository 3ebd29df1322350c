"""The form of a visit as it is shown: its place, the checklist and the acts of that day, and what is pointed out."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple

from flask import render_template, request
from flask_babel import gettext as _

from field_client import clock, dates, drafts, places, rounds, visits, web
from field_client.drafts import Draft, Fields
from field_client.pages import form, law, place, roster
from field_client.pages.words import two, weekday
from schemas.checklists import Answer, ChecklistItem
from schemas.inspections import QUORUM
from schemas.privacy import warnings
from schemas.violations import CatalogueRow, find, in_force


@dataclass(frozen=True)
class Violation:
    """One line of the violations: its key, what is typed, and the act of the catalogue in force that day."""

    key: str
    code: str
    act: CatalogueRow | None


def show(draft: Draft, errors: dict[str, str], *, focus: str = "") -> str:
    """Show the form, with one sentence at each field that is wrong."""
    db, fields, thing = web.db(), draft.fields, place_of(draft)
    items, acts = drafts.checklist(db, draft), acts_of(draft, thing)
    attempt = form.is_attempt(fields)
    return render_template(
        "attempt.html" if attempt else "record.html",
        here="places",
        draft=draft,
        place=thing,
        unit=places.unit_name(db, thing.unit) if thing else "",
        given=form.Shown(fields),
        errors=errors,
        focus=focus or next(iter(in_form_order(errors)), "outcome" if attempt else "date"),
        blocks=[(block, list(some)) for block, some in groupby(items, key=lambda item: item.block)],
        answers=list(Answer),
        acts=acts,
        violations=[
            Violation(key, row.get("code", ""), find(row["code"], draft.day()) if row.get("code") else None)
            for key, row in form.rows(fields, "violations").items()
        ],
        suggested=suggested(fields, items, acts),
        marks=marks(draft),
        asked=asked(draft),
        doubt=dates.doubt(db.conn, draft.id, clock.now()),
        confirmed=bool(request.form.get("date_confirmed")),
        law=law.of_draft(db, draft, thing, clock.now()),
        clash=place.clash(db, draft.establishment, draft.day(), but=draft.id),
        last_contact=web.meta("last_contact"),
        **_people(fields),
    )


def asked(draft: Draft) -> dict[str, str]:
    """Return what the server asked to be put right in the record that *draft* corrects, by field."""
    return form.said(visits.find(web.db(), draft.id).problems, {}) if draft.base else {}


def place_of(draft: Draft) -> places.Thing | None:
    """Return the place of a draft, None when this laptop no longer knows it."""
    try:
        return places.find(web.db(), "establishment", draft.establishment)
    except places.NotKnown:
        return None


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


_FREE = re.compile(r"representative(_role)?|ground|evidence|statement|remark|notes\..+|violations\.\w+\.(facts|text)")
_ORDER = ("team", "date", "started", "ended", "decision", "basis", "trigger", "ground", "evidence", "members",
          "representative", "answers", "notes", "workers", "informed", "violations", "statement", "remark", "outcome",
          "found_working", "reason")  # fmt: skip


def in_form_order(errors: dict[str, str]) -> list[str]:
    """Return the names of the wrong fields as they follow each other in the form."""
    place_in_form = {name: at for at, name in enumerate(_ORDER)}
    return sorted(errors, key=lambda name: place_in_form.get(name.partition(".")[0], 0))


class Mark(NamedTuple):
    """What is pointed out beside a field: the words, and good or warn where a colour goes with them."""

    text: str
    kind: str = ""


def marks(draft: Draft) -> dict[str, Mark]:
    """Return what is pointed out beside the fields and never blocks; empty text where there is nothing."""
    fields = draft.fields
    present = sum(bool(str(row.get("name", "")).strip()) for row in form.rows(fields, "members").values())
    items = drafts.checklist(web.db(), draft)
    answered = sum(bool(fields.get(f"answers.{item.code}")) for item in items)
    return {
        "members": _quorum(present),
        "date": _day(fields),
        "ended": _midnight(fields),
        "checklist": Mark(_("Đã trả lời %(done)s/%(all)s mục", done=answered, all=len(items))),
        **privacy(fields),
    }


def _quorum(present: int) -> Mark:
    if present >= QUORUM:
        return Mark(_("Đủ thành phần (tối thiểu 03 người)"), "good")
    return Mark(_("Thiếu thành phần: mới có %(n)s người", n=two(present)), "warn")


def _day(fields: Fields) -> Mark:
    typed = str(fields.get("date", ""))
    shown = weekday(typed)
    if not typed or shown == typed:
        return Mark("")
    here = clock.best(web.db().conn, clock.now()).astimezone(clock.VIETNAM)
    if typed > (here.date() + timedelta(days=1)).isoformat():
        return Mark(_("%(day)s ở sau hôm nay; xem lại ngày.", day=shown), "warn")
    started = str(fields.get("started", ""))
    if typed == here.date().isoformat() and len(started) == 5 and started > f"{here:%H:%M}":
        return Mark(
            _("%(day)s; giờ bắt đầu ở sau bây giờ: bắt đầu từ tối hôm trước thì ghi ngày hôm trước.", day=shown), "warn"
        )
    return Mark(shown)


def _midnight(fields: Fields) -> Mark:
    started, ended = str(fields.get("started", "")), str(fields.get("ended", ""))
    past = len(started) == len(ended) == 5 and ended < started
    return Mark(_("Kết thúc vào ngày hôm sau; ngày kiểm tra là ngày bắt đầu.") if past else "")


def privacy(fields: Fields) -> dict[str, Mark]:
    """Point out what looks like data about a person in free text."""
    found = {name: warnings(str(value)) for name, value in fields.items() if _FREE.fullmatch(name)}
    return {name: Mark(" ".join(web.told(one.label) for one in some), "warn") for name, some in found.items() if some}
