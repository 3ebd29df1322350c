"""What the office and the team write to each other about a visit: reviews that ask for more, comments, answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from field_client import clock, visits
from field_client.records import NotValid
from field_client.store import get_meta, own, said, writing
from field_client.visits import Visit
from schemas.fields import messages
from schemas.ids import is_id, new_id
from schemas.office import EVENTS


@dataclass(frozen=True)
class Word:
    """One comment; *office*: it came from there. *who* is empty where the name is not known here."""

    id: str
    who: str
    office: bool
    on: str
    comment: str
    to: str
    standing: str


@dataclass(frozen=True)
class Asked:
    """A visit of which the office asks for more, with the comments since; *answered*: this side has written back."""

    visit: Visit
    words: list[Word]
    answered: bool


def of_visit(db: Database, inspection: str) -> list[Word]:
    """Return the comments on a visit in the order in which they were made."""
    return [_word(one) for one in said.of_visit(db.conn, inspection, "comment")]


def _word(one: said.Said) -> Word:
    by = str(one.body.get("by") or "")
    who = by or ("" if is_id(one.author) else one.author)
    return Word(one.id, who, bool(by) or is_id(one.author), str(one.body.get("on") or ""),
                str(one.body.get("comment") or ""), str(one.body.get("to") or ""), one.standing)  # fmt: skip


def asked(db: Database) -> list[Asked]:
    """Return the visits of this laptop and its team of which the office asks for more, those not answered first."""
    found = [_asked(db, visit) for visit in visits.asked_for_more(db, get_meta(db.conn, "team"))]
    return sorted(found, key=lambda one: one.answered)


def _asked(db: Database, visit: Visit) -> Asked:
    words = of_visit(db, visit.id)
    return Asked(visit, words, any(not one.office and one.to == visit.review_id for one in words))


def say(db: Database, inspection: str, comment: str, *, at: datetime) -> str:
    """Keep a comment, in answer to the review where the office asks for more, and queue it; return the item's name.

    NotValid names what must be put right.
    """
    visit = visits.find(db, inspection).visit
    last = of_visit(db, inspection)[-1:]
    to = visit.review_id if visit.asked else (last[0].id if last else "")
    today = clock.local_day(clock.best(db.conn, at)).isoformat()
    body = {"inspection": inspection, "comment": comment.strip(), "on": today, "to": to or None}
    problems = messages(EVENTS["comment"].validate(body))
    if problems:
        raise NotValid(problems)
    with writing(db) as conn:
        return own.add(conn, "comment", new_id(), body, author=own.author(conn), at=at)
