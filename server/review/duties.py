"""What visits make teams do afterwards, as the office sees it: by when, whether it is done, and on which paper."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from schemas.duties import Due, due
from schemas.in_brief import read_duties
from schemas.office import Happening, Original
from schemas.paper_events import Happened, read_event
from server.clock import VIETNAM
from server.review.findings import of_places
from server.review.queue import team_names
from server.store import in_parts, marks

SHOWN_FOR = timedelta(days=180)  # in the list; on a visit's page its duties stand for ever


@dataclass(frozen=True)
class Task:
    """A duty of one visit; *done_on* is empty while it is to be done, *due_at* where it is not counted in hours."""

    inspection: str
    establishment: str
    place: str
    commune: str
    team: str
    team_name: str
    date: str
    duty: str
    words: str
    due_on: str
    due_at: str
    extended: str
    later: str
    overdue: bool
    done_on: str
    done_by: str
    note: str
    source: str
    model: bool
    confirmed: bool


_READ = (
    "SELECT visits.id, visits.item, visits.establishment, establishments.name,"
    " (SELECT min(commune) FROM placements WHERE placements.establishment = visits.establishment),"
    " team, date, revision, duties, visits.findings <> '' FROM visits"
    "  JOIN establishments ON establishments.id = visits.establishment"
)
Row = tuple[Any, ...]


def of_visit(conn: sqlite3.Connection, id: str, at: datetime) -> list[Task]:
    """Return the duties of a visit, done or not, the one due first stands first."""
    return _tasks(conn, conn.execute(f"{_READ} WHERE visits.id = ? AND duties <> ''", (id,)).fetchall(), at)


def of_area(conn: sqlite3.Connection, communes: Sequence[str], at: datetime) -> list[Task]:
    """Return the duties after the visits of half a year at the places of *communes*, by team and last day.

    A visit that was taken out of the results makes none.
    """
    since = (at.astimezone(VIETNAM).date() - SHOWN_FOR).isoformat()
    rows: dict[str, Row] = {}
    for some in in_parts(communes):
        found = conn.execute(
            f"{_READ} WHERE visits.establishment IN (SELECT establishment FROM placements WHERE commune IN"
            f" ({marks(some)})) AND date >= ? AND duties <> '' AND state <> 'rejected'",
            (*some, since),
        )
        rows |= {row[0]: row for row in found.fetchall()}
    return sorted(_tasks(conn, list(rows.values()), at), key=_order)


def _order(task: Task) -> tuple[str, ...]:
    return (task.team_name, task.team, task.due_on, task.due_at, task.duty, task.date, task.place, task.inspection)


def _tasks(conn: sqlite3.Connection, rows: Sequence[Row], at: datetime) -> list[Task]:
    ids = [row[0] for row in rows]
    papers, said, scans = _papers(conn, ids), _said(conn, ids), _scans(conn, ids)
    teams = team_names(conn, {row[5] for row in rows})
    unresolved = {one.inspection for one in of_places(conn, {row[2] for row in rows if row[9]})
                  if one.resolved is not True}  # fmt: skip
    here, found = at.astimezone(VIETNAM), []
    for row in rows:
        why, ended = read_duties(row[8])
        holds = {*why, *_of_paper(row[1], row[7], papers.get(row[0], ()), scans)}
        holds |= {"open_findings"} if row[0] in unresolved else set()
        for one in _due(frozenset(holds), row[6], ended):
            found.append(_task(row, one, teams, said.get((row[0], one.row.id)), here))
    return found


@lru_cache(maxsize=4096)
def _due(holds: frozenset[str], day: str, ended: datetime | None) -> tuple[Due, ...]:
    return tuple(due(holds, date.fromisoformat(day), ended))


def _task(row: Row, one: Due, teams: dict[str, str], done: dict[str, Any] | None, here: datetime) -> Task:
    last = (one.day.isoformat(), one.clock or "24:00")
    late = done is None and last < (here.date().isoformat(), f"{here:%H:%M}")
    said = done or {}
    return Task(
        row[0], row[2], row[3], row[4] or "", row[5], teams.get(row[5], ""), row[6], one.row.id, one.row.words,
        last[0], one.clock, one.extended.isoformat() if one.extended else "",
        one.later.isoformat() if one.later else "", late, str(said.get("on") or ""), str(said.get("by") or ""),
        str(said.get("note") or ""), one.row.source, one.row.model, bool(one.row.confirmed_by),
    )  # fmt: skip


def _of_paper(item: str, revision: int, events: Sequence[Happened], scans: set[str]) -> Iterable[str]:
    """Name what the events of a visit's paper make to be done, or have done."""
    originals = [one.original for one in events if one.happening is Happening.ORIGINAL]
    seen = item in scans or any(one.happening is Happening.SCANNED and one.item == item for one in events)
    if originals and originals[-1] is Original.HANDWRITTEN and not seen:
        yield "handwritten"
    if revision > 1 and not any(one.happening is Happening.HANDED_OVER and one.item == item for one in events):
        yield "corrected"


def _papers(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[Happened]]:
    found: dict[str, list[Happened]] = {}
    for id, author, inspection, text in _said_of(conn, ids, "paper"):
        if event := read_event(id, author, "accepted", json.loads(text)):
            found.setdefault(inspection, []).append(event)
    return found


def _said(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[tuple[str, str], dict[str, Any] | None]:
    """Return who last said that a duty is done; None where the last word is that it is not."""
    found: dict[tuple[str, str], dict[str, Any] | None] = {}
    for _id, author, inspection, text in _said_of(conn, ids, "duty"):
        body = json.loads(text)
        done = body.get("done", True) is not False
        found[inspection, str(body.get("duty"))] = {**body, "by": author} if done else None
    return found


def _said_of(conn: sqlite3.Connection, ids: Sequence[str], kind: str) -> Iterable[tuple[str, str, str, str]]:
    for some in in_parts(ids):
        yield from conn.execute(
            "SELECT id, author, inspection, said FROM said_of_visits"
            f" WHERE inspection IN ({marks(some)}) AND kind = ? ORDER BY id",
            (*some, kind),
        ).fetchall()


def _scans(conn: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """Return the revisions of visits of which a scan is known; one that names none is of the present one."""
    found: set[str] = set()
    for some in in_parts(ids):
        found.update(
            row[0]
            for row in conn.execute(
                "SELECT CASE attachments.revision WHEN '' THEN visits.item ELSE attachments.revision END"
                "  FROM attachments JOIN visits ON visits.id = inspection"
                f" WHERE inspection IN ({marks(some)}) AND role = 'scan'",
                some,
            )
        )
    return found
