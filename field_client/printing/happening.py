"""Writing down what has happened to a paper: added to what is there, never changed, and no person named."""

import sqlite3
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlite_utils import Database

from field_client import attachments, visits
from field_client.printing.events import Happened, Paper, of_visit, paper
from field_client.records import NotValid
from field_client.store import own, said, writing
from schemas.fields import messages
from schemas.ids import new_id
from schemas.office import Original, PaperSchema
from schemas.paper_events import lacking

MOVED = "Biên bản vừa có lần mới; xem lại lần đang hiện rồi ghi."
_schema = PaperSchema()


def tell(db: Database, inspection: str, given: dict[str, Any], *, at: datetime) -> str:
    """Keep one event of the paper of a visit's shown revision and return its id, or raise NotValid.

    *given* has the fields of PaperSchema; `item` must be the revision that is shown. The
    same said twice in a row, as a double tap does, is one event.
    """
    body = {key: value for key, value in {**given, "inspection": inspection}.items() if value not in ("", None)}
    try:
        said_ = _schema.load(body)
    except ValidationError as error:
        raise NotValid(messages(error)) from None
    problems = lacking(said_)
    if said_["item"] != visits.find(db, inspection).visit.item:
        problems[""] = MOVED
    if problems:
        raise NotValid(problems)
    with writing(db) as conn:
        last = of_visit(conn, inspection)[-1:]
        if last and _body_of(conn, inspection, last[0]) == body:
            return last[0].id
        id = new_id()
        own.add(conn, "paper", id, body, author=own.author(conn), at=at)
        return id


def _body_of(conn: sqlite3.Connection, inspection: str, event: Happened) -> dict[str, Any]:
    return next(row.body for row in said.of_visit(conn, inspection, "paper") if row.id == event.id)


def stands(db: Database, inspection: str, item: str) -> Paper:
    """Return how the paper of a revision stands, scans attached on this laptop counted."""
    scans = sum(one.role == "scan" and one.standing not in ("declined", "erased")
                for one in attachments.of_visit(db, inspection))  # fmt: skip
    return paper(of_visit(db.conn, inspection), item, scans)


def lacking_scans(db: Database) -> list[visits.Visit]:
    """Return our visits whose original was written by hand and is not scanned yet, the latest first."""
    rows = db.conn.execute(
        "SELECT DISTINCT said.inspection FROM visits JOIN said_of_visits AS said"
        "    ON said.inspection = visits.id AND said.kind = 'paper' AND said LIKE ?"
        " WHERE visits.own = 1 AND visits.void = 0",
        (f'%"original":"{Original.HANDWRITTEN.value}"%',),
    )
    ids = {id for (id,) in rows}
    found = [one for one in visits.by_ids(db, ids) if one.own and not one.void]
    return [one for one in found if stands(db, one.id, one.item).lacks_scan]
