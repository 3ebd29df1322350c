"""The minutes of a visit on paper: of one revision, which says what it replaces, or of a draft to be read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client import drafts, places
from field_client.minutes_code import short_code_of
from field_client.places import NotKnown
from field_client.printing import code, templates, visit_facts
from field_client.printing.events import Happened, number_of, of_visit
from field_client.printing.fill import Facts, fill
from field_client.printing.render import Sheet, finished
from field_client.printing.words import clean, day
from field_client.settings import Settings
from field_client.store import visits
from field_client.store.visits import Revision
from schemas.inspections import Outcome
from schemas.papers import PURPOSES

DRAFT, VOID = "BẢN NHÁP – CHƯA CHỐT", "ĐÃ HỦY"
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
    body, number = revision.body, _number(revision)
    facts = visit_facts.of_visit(db, body)
    events = of_visit(db.conn, id)
    facts = replace(facts, values={**facts.values, **_which(revision, found, events)})
    round_it = {
        "mark": _mark(revision, found, seen),
        "code": code.draw(code.qr_text(db, settings, revision)),
        "foot": _foot(db, f"Mã kiểm chứng {short_code_of(revision)} · lần {number}"),
        "beside": f"Quét mã để kiểm chứng biên bản này.\nBiên bản lần {number}, {day(body.get('date'))}.\n"
                  f"Mã kiểm chứng: {short_code_of(revision)}",
    }  # fmt: skip
    return _minutes(db, Known(body, facts, revision), round_it, asked.annex)


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
    round_it = {"mark": DRAFT, "foot": _foot(db, "Bản nháp – chưa chốt")}
    return _minutes(db, Known(body, visit_facts.of_visit(db, body)), round_it, annex)


def _minutes(db: Database, known: Known, round_it: dict[str, Any], annex: str) -> Minutes:
    facts, revision = known.facts, known.revision
    purpose = "attempt" if _is_attempt(known.body) else "minutes"
    template = templates.chosen(db, purpose)
    sheets = [finished(fill(template.paper, facts), name=PURPOSES[purpose], **round_it)]
    if annex and facts.checklist:
        filled = fill(templates.chosen(db, "checklist").paper, facts)
        sheets.append(finished(filled, name=PURPOSES["checklist"], foot=round_it["foot"], mark=round_it["mark"]))
    number = _number(revision) if revision else 0
    made = int(datetime.fromisoformat(revision.recorded_at).timestamp()) if revision else 0
    return Minutes(
        sheets, purpose, number, revision.name if revision else "", made, _file_name(known.body, facts, number),
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
    fitting = [one for one in found if asked in (one.name, str(_number(one)))]
    if not fitting:
        raise NotKnown(f"Biên bản này không có lần “{asked}” trên máy; xem các lần ở trang cuộc kiểm tra.")
    return max(fitting, key=lambda one: one.own)


def _number(revision: Revision) -> int:
    said = revision.body.get("revision", 1)
    return said if type(said) is int else 1


def _mark(revision: Revision, found: Sequence[Revision], seen: Revision | None) -> str:
    """Return what is written across a paper that does not stand: taken back, or replaced by a later one."""
    if revision.body.get("void") is True:
        return VOID
    if seen and revision.name in _ancestors(seen, found):
        return f"ĐÃ THAY BẰNG LẦN {_number(seen)}"
    return ""


def _ancestors(revision: Revision, found: Sequence[Revision]) -> set[str]:
    bases = {one.name: one.base for one in found}
    above: set[str] = set()
    base = revision.base
    while base and base not in above:
        above.add(base)
        base = bases.get(base)
    return above


def _which(revision: Revision, found: Sequence[Revision], events: Sequence[Happened]) -> dict[str, str]:
    """Say which revision it is, what it replaces and why."""
    base = next((one for one in found if one.name == revision.base), None)
    reason = clean(revision.body.get("reason"))
    if revision.body.get("void") is True:
        return {"lần": str(_number(revision)), "lý do hủy": reason}
    if base is None:
        return {"lần": str(_number(revision))}
    if not reason:
        return {"lần": str(_number(revision)), "bản chưa ký": f"bản lần {_number(base)}, sửa khi đọc lại, chưa ai ký"}
    number = number_of(events, base.name) or clean(base.body.get("number"))
    replaced = f"lần {_number(base)} {day(base.body.get('date'))}" + (f", số {number}" if number else "")
    return {"lần": str(_number(revision)), "thay biên bản": replaced, "lý do đính chính": reason}


def _foot(db: Database, said: str) -> str:
    return f"SỐ LIỆU GIẢ ĐỊNH · {said}" if any(plan["invented"] for plan in places.plans(db)) else said


def _file_name(body: dict[str, Any], facts: Facts, number: int) -> str:
    """Return a name that says no more than the place's code and the day."""
    code_ = "".join(letter for letter in facts.values.get("mã cơ sở", "") if letter.isascii() and letter.isalnum())
    parts = ["bien-ban", code_.lower(), clean(body.get("date"))[:10], f"lan-{number}" if number else "ban-nhap"]
    return "-".join(part for part in parts if part and part.isascii()) + ".pdf"
