"""The minutes of a visit on paper: of one revision, which says what it replaces, or of a draft to be read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client import drafts
from field_client.places import NotKnown
from field_client.printing import code, templates, visit_facts
from field_client.printing import revision_facts as facts_of
from field_client.printing.events import of_visit
from field_client.printing.fill import Facts, fill
from field_client.printing.render import Sheet, finished
from field_client.settings import Settings
from field_client.store import visits
from field_client.store.visits import Revision
from schemas.inspections import Outcome
from schemas.papers import PURPOSES

NOT_HERE = "Không có cuộc kiểm tra này trên máy; kiểm tra lại mã, hoặc bấm Nhận về."


@dataclass(frozen=True)
class Minutes:
    """Minutes ready to be set: which revision (0: a draft), what the file is called, and what is to be told."""

    sheets: list[Sheet]
    purpose: str
    revision: int
    item: str  # the revision's name; empty for a draft
    made_at: int  # UNIX seconds
    file: str
    trouble: str = ""


@dataclass(frozen=True)
class Asked:
    """What is to be printed: the number or name of a revision, or `nhap` for the draft; any *annex*: the checklist.

    Without a revision it is the one that is shown, or the draft where nothing is finished.
    """

    revision: str = ""
    annex: str = ""


def of(db: Database, settings: Settings, id: str, asked: Asked) -> Minutes:
    """Return the minutes of a visit, or raise NotKnown."""
    found = visits.revisions(db.conn, id)
    if asked.revision == "nhap" or not found:
        return _draft(db, id, asked.annex)
    seen = visits.shown(found)
    revision = _pick(found, asked.revision, seen)
    facts = visit_facts.of_visit(db, revision.body)
    which = facts_of.which(revision, found, of_visit(db.conn, id))
    facts = replace(facts, values={**facts.values, **which})
    round_it = {
        "mark": facts_of.mark(revision, found, seen),
        "code": code.draw(code.qr_text(db, settings, revision)),
        "foot": facts_of.foot(db, revision),
        "beside": facts_of.beside(revision),
    }
    return _minutes(db, Known(revision.body, facts, revision), round_it, asked.annex)


@dataclass(frozen=True)
class Known:
    """A revision's body (or a draft's, without a revision) with its facts."""

    body: dict[str, Any]
    facts: Facts
    revision: Revision | None = None


def _draft(db: Database, id: str, annex: str) -> Minutes:
    try:
        draft = drafts.load(db, id)
    except drafts.NoDraft:
        raise NotKnown(NOT_HERE) from None
    body = drafts.to_inspection(draft)
    round_it = {"mark": facts_of.DRAFT, "foot": facts_of.foot(db, None)}
    return _minutes(db, Known(body, visit_facts.of_visit(db, body)), round_it, annex)


def _minutes(db: Database, known: Known, round_it: dict[str, Any], annex: str) -> Minutes:
    facts, revision = known.facts, known.revision
    purpose = "attempt" if _is_attempt(known.body) else "minutes"
    template = templates.chosen(db, purpose)
    sheets = [finished(fill(template.paper, facts), name=PURPOSES[purpose][0], **round_it)]
    if annex and facts.checklist:
        filled = fill(templates.chosen(db, "checklist").paper, facts)
        sheets.append(finished(filled, name=PURPOSES["checklist"][0], foot=round_it["foot"], mark=round_it["mark"]))
    number = facts_of.number_of(revision) if revision else 0
    made = int(datetime.fromisoformat(revision.recorded_at).timestamp()) if revision else 0
    return Minutes(
        sheets, purpose, number, revision.name if revision else "", made, facts_of.file_name(known.body, facts, number),
        template.trouble,
    )  # fmt: skip


def _is_attempt(body: dict[str, Any]) -> bool:
    """Say whether nothing was inspected; a draft may say so before it says why."""
    outcome = body.get("outcome")
    return outcome == "attempt" or (outcome in set(Outcome) and not Outcome(outcome).counts)


def _pick(found: Sequence[Revision], asked: str, seen: Revision | None) -> Revision:
    """Return the revision that is asked for by name or number; of two with one number, our own, then the newest."""
    if not asked and seen:
        return seen
    fitting = [one for one in found if asked in (one.name, str(facts_of.number_of(one)))]
    if not fitting:
        raise NotKnown(f"Biên bản này không có lần “{asked}” trên máy; xem các lần ở trang cuộc kiểm tra.")
    return max(fitting, key=lambda one: one.own)
