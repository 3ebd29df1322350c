"""One finished visit, to be read: what was found, how it stands, and the server's receipt."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response

from field_client import attachments, clock, drafts, duties, findings, lease, matters, places, talk, visits, web
from field_client.pages import paper_events
from field_client.pages.access import ENROLLED, knock
from field_client.pages.frame import team_name
from field_client.pages.next_step import next_step
from field_client.pages.problems import NotShown
from schemas.checklists import Answer, ChecklistItem, checklist
from schemas.findings import Finding, Seen, followed_on
from schemas.violations import catalogue, find

bp = Blueprint("visit", __name__)
Row = tuple[ChecklistItem, Answer, str]


def show(id: str, talked: Mapping[str, str] | None = None) -> str:
    """Show the visit *id*, or raise NotKnown; *talked*: a comment that was typed and what is wrong with it."""
    db = web.db()
    found = visits.find(db, id)
    hidden = lease.hidden(db.conn, clock.now())
    if hidden and not found.visit.own:
        raise NotShown(hidden)
    rows, matter = _answered(found.body), matters.of_visit(db, id)
    newer = any(one.read_only for one in found.revisions if one.name == found.visit.item)
    ours = not newer and (found.visit.own or found.visit.team == web.meta("team"))
    return render_template(
        "visit.html",
        here="places",
        found=found,
        visit=found.visit,
        body=found.body,
        team=team_name(found.visit.team),
        unit=_unit(db, found.visit.establishment),
        blocks=[(block, list(some)) for block, some in groupby(rows, key=lambda row: row[0].block)],
        notable=[row for row in rows if row[1] is not Answer.PASS or row[2]],
        tally=Counter(answer for _item, answer, _note in rows),
        acts=_acts(found.body),
        received_at=_received_at(db, found.visit.item),
        draft=has_draft(db, id),
        matter=matter,
        step=next_step(matter) if matter else None,
        versions=matters.versions(db.conn, id, places.named(db)),
        files=attachments.of_visit(db, id),
        duties=duties.of_visit(db, id, clock.now()),
        findings=findings.of_visit(db, found.visit.establishment, id),
        followed=_followed(db, found),
        ours=ours,
        papers=paper_events.shown(found, ours=ours),
        newer=newer,
        words=talk.of_visit(db, id),
        talked=talked or {},
    )


@bp.post("/cuoc-kiem-tra/<id>/dinh-chinh")
@knock(ENROLLED)
def correct(id: str) -> Response:
    """Begin the correction of a finished visit, and open it, at the field that is wrong where one was chosen."""
    draft = drafts.start_correction(web.db(), id, at=clock.now())
    return redirect(url_for("record.page", id=draft, tiep=request.form.get("muc") or None), code=303)


def _unit(db: Database, establishment: str) -> str:
    try:
        return places.unit_name(db, places.find(db, "establishment", establishment).unit)
    except places.NotKnown:
        return ""


def _answered(body: dict[str, Any]) -> list[Row]:
    """Return each item with its answer and note, in the checklist's order and its newest wording."""
    answers, notes = body.get("answers") or {}, body.get("notes") or {}
    items = {item.code: item for item in checklist() if item.code in answers or item.code in notes}
    return [
        (item, Answer(answers.get(code) or Answer.UNCHECKED), str(notes.get(code) or ""))
        for code, item in items.items()
    ]


def _followed(db: Database, found: visits.Whole) -> list[tuple[Seen, Finding | None]]:
    """Return what the visit says of earlier findings, each with the finding where it is known here."""
    known = {(one.inspection, one.key): one for one in findings.of_place(db, found.visit.establishment)}
    return [(one, known.get((one.inspection, one.key))) for one in followed_on(found.body)]


def _acts(body: dict[str, Any]) -> dict[str, Any]:
    """Return the catalogue's wording of the acts, as it was in force on the day of the visit."""
    try:
        day = date.fromisoformat(str(body.get("date", "")))
    except ValueError:
        return {}
    codes = {str(one.get("code")) for one in body.get("violations") or () if isinstance(one, dict) and one.get("code")}
    newest = {row.code: row for row in catalogue()}
    return {code: find(code, day) or newest.get(code) for code in codes}


def _received_at(db: Database, item: str) -> str:
    row = db.conn.execute(
        "SELECT proofs.at FROM own JOIN proofs ON proofs.id = own.proof WHERE own.name = ?", (item,)
    ).fetchone()
    return row[0] if row else ""


def has_draft(db: Database, id: str) -> bool:
    """Say whether a correction of the visit has been begun."""
    return any(draft.id == id for draft in drafts.all_drafts(db))
