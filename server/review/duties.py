"""What visits make teams do afterwards, as the office sees it: by when, whether it is done, and on which paper."""

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

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


class Visit(NamedTuple):
    """What of a visit says which duties it makes."""

    id: str
    item: str
    establishment: str
    team: str
    date: str
    revision: int
    duties: str
    has_findings: int
    has_word: int


class Line(NamedTuple):
    """A duty as far as lists choose and count it; the first six are its place in them, as far as that needs no name."""

    team_name: str
    team: str
    due_on: str
    due_at: str
    duty: str
    date: str
    visit: Visit
    due: Due
    said: dict[str, Any]  # who last said that it is done; nothing while it is to be done
    done_on: str
    overdue: bool


_READ = (
    "SELECT id, item, establishment, team, date, revision, duties, findings <> '',"
    " EXISTS (SELECT 1 FROM said_of_visits WHERE inspection = visits.id) FROM visits"
)
_NOTHING: dict[str, Any] = {}
_PLACE = itemgetter(0, 1, 2, 3, 4, 5)


def of_visit(conn: sqlite3.Connection, id: str, at: datetime) -> list[Task]:
    """Return the duties of a visit, done or not, the one due first stands first."""
    rows = conn.execute(f"{_READ} WHERE id = ? AND duties <> ''", (id,)).fetchall()
    lines = _lines(conn, [Visit._make(row) for row in rows], at)
    return _tasks(lines, _places(conn, lines))


def of_area(conn: sqlite3.Connection, communes: Sequence[str], at: datetime) -> list[Line]:
    """Return the duties after the visits of half a year at the places of *communes*, by team and last day.

    A visit that was taken out of the results makes none.
    """
    since = (at.astimezone(VIETNAM).date() - SHOWN_FOR).isoformat()
    visits: dict[str, Visit] = {}
    for some in in_parts(communes):
        found = conn.execute(
            f"{_READ} WHERE establishment IN (SELECT establishment FROM placements WHERE commune IN"
            f" ({marks(some)})) AND date >= ? AND duties <> '' AND state <> 'rejected'",
            (*some, since),
        )
        visits |= {row[0]: Visit._make(row) for row in found}
    return sorted(_lines(conn, list(visits.values()), at), key=_PLACE)


def part(conn: sqlite3.Connection, lines: Sequence[Line], offset: int = 0, limit: int | None = None) -> list[Task]:
    """Return a part of *lines* as they are shown, in the order that `of_area` gives and then by name.

    Only those of the part, and others at the same place in the list, are looked at.
    """
    end = len(lines) if limit is None else min(offset + limit, len(lines))
    if offset >= end:
        return []
    first = bisect_left(lines, _PLACE(lines[offset]), key=_PLACE)
    last = bisect_right(lines, _PLACE(lines[end - 1]), key=_PLACE)
    some = lines[first:last]
    return sorted(_tasks(some, _places(conn, some)), key=_order)[offset - first : end - first]


def _order(task: Task) -> tuple[str, ...]:
    return (task.team_name, task.team, task.due_on, task.due_at, task.duty, task.date, task.place, task.inspection)


def _lines(conn: sqlite3.Connection, visits: Sequence[Visit], at: datetime) -> list[Line]:
    spoken_of = [visit.id for visit in visits if visit.has_word]
    papers, said = _papers(conn, spoken_of), _said(conn, spoken_of)
    scans = _scans(conn, list(papers))
    teams = team_names(conn, {visit.team for visit in visits})
    found = of_places(conn, {visit.establishment for visit in visits if visit.has_findings})
    unresolved = {one.inspection for one in found if one.resolved is not True}
    here, lines = at.astimezone(VIETNAM), []
    present = here.date().isoformat(), f"{here:%H:%M}"
    for visit in visits:
        more = frozenset[str]()
        if visit.revision > 1 or visit.id in papers:
            more = more.union(_of_paper(visit.item, visit.revision, papers.get(visit.id, ()), scans))
        if visit.id in unresolved:
            more |= {"open_findings"}
        team = teams.get(visit.team, "")
        for day, clock, one in _due(visit.duties, visit.date, more):
            done = said.get((visit.id, one.row.id)) if visit.has_word else None
            late = done is None and (day, clock or "24:00") < present
            told = done or _NOTHING
            on = str(told.get("on") or "")
            lines.append(Line(team, visit.team, day, clock, one.row.id, visit.date, visit, one, told, on, late))
    return lines


@lru_cache(maxsize=16_384)
def _due(text: str, day: str, more: frozenset[str]) -> tuple[tuple[str, str, Due], ...]:
    """Return the duties of a visit of *day* by what its row says and *more*, each after its last day and hour."""
    why, ended = read_duties(text)
    found = due(more.union(why), date.fromisoformat(day), ended)
    return tuple((one.day.isoformat(), one.clock, one) for one in found)


def _places(conn: sqlite3.Connection, lines: Sequence[Line]) -> dict[str, tuple[str, str]]:
    """Return name and commune of the places of *lines*."""
    found: dict[str, tuple[str, str]] = {}
    for some in in_parts(sorted({line.visit.establishment for line in lines})):
        rows = conn.execute(
            "SELECT id, name, (SELECT min(commune) FROM placements WHERE establishment = establishments.id)"
            f" FROM establishments WHERE id IN ({marks(some)})",
            some,
        )
        found.update({id: (name, commune or "") for id, name, commune in rows})
    return found


def _tasks(lines: Sequence[Line], places: dict[str, tuple[str, str]]) -> list[Task]:
    return [_task(line, *places.get(line.visit.establishment, ("", ""))) for line in lines]


def _task(line: Line, place: str, commune: str) -> Task:
    visit, one, said = line.visit, line.due, line.said
    return Task(
        visit.id, visit.establishment, place, commune, line.team, line.team_name, line.date, line.duty, one.row.words,
        line.due_on, one.clock, one.extended.isoformat() if one.extended else "",
        one.later.isoformat() if one.later else "", line.overdue, line.done_on, str(said.get("by") or ""),
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
