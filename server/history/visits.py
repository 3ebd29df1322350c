"""The visits of places as a history tells them: the present word of each, and what became of its findings."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.findings import Finding, Said, Seen, followed_on, found_on, standing
from schemas.items import read
from schemas.office import How
from server.store import in_parts, marks

_READ = (
    "SELECT visits.id, establishment, team, date, basis, outcome, revision, counting, void, coalesce(review, ''),"
    " coalesce(comment, ''), line FROM visits JOIN items ON items.name = visits.item"
    " LEFT JOIN reviews ON reviews.inspection = visits.id WHERE establishment IN ({marks}) ORDER BY date, visits.id"
)


@dataclass(frozen=True)
class FindingToday:
    """A finding of a visit as it stands: whether it is resolved, since when, and how that was seen."""

    code: str
    title: str
    beside: str
    resolved: bool | None  # None: nobody has looked at it since
    on: str
    how: str
    seen: str


@dataclass(frozen=True)
class Visit:
    """One visit in its present revision. *number* is the clerk's; no name of anybody who was met stands here."""

    id: str
    establishment: str
    team: str
    date: str
    basis: str
    outcome: str
    revision: int
    counting: bool
    void: bool
    review: str
    comment: str
    number: str
    codes: tuple[str, ...]
    uncoded: int
    findings: tuple[FindingToday, ...] = ()


def visits_of(conn: sqlite3.Connection, places: Sequence[str]) -> list[Visit]:
    """Return the visits of *places*, records that are one together; the earliest first, voided ones too."""
    rows = [row for some in in_parts(places) for row in conn.execute(_READ.format(marks=marks(some)), some)]
    bodies = {row[0]: read(row[-1]).body if row[-1] else {} for row in rows}
    numbers = _numbers(conn, [row[0] for row in rows])
    left = _findings(conn, rows, bodies)
    return [_visit(row, bodies[row[0]], left[row[0]], numbers.get(row[0], "")) for row in rows]


def _visit(row: tuple[Any, ...], body: dict[str, Any], found: list[Finding], number: str) -> Visit:
    acts = [one for one in body.get("violations") or () if isinstance(one, dict)]
    id, establishment, team, date, basis, outcome, revision, counting, void, review, comment, _ = row
    return Visit(
        id, establishment, team, date, basis, outcome, revision, bool(counting), bool(void), review, comment,
        number=number or str(body.get("number") or ""),
        codes=tuple(str(one["code"]) for one in acts if one.get("code")),
        uncoded=sum(not one.get("code") for one in acts),
        findings=tuple(map(_today, found)),
    )  # fmt: skip


def _today(one: Finding) -> FindingToday:
    return FindingToday(one.code, one.title, one.beside, one.resolved, one.last_on, one.how, one.last_seen)


def _findings(
    conn: sqlite3.Connection, rows: list[tuple[Any, ...]], bodies: dict[str, dict[str, Any]]
) -> dict[str, list[Finding]]:
    """Say of each visit what became of its findings; a voided one left none."""
    standing_ones = [row for row in rows if not row[8]]
    said = [
        Said(row[0], row[3], row[0], How.ON_SITE, found=found_on(bodies[row[0]]), followed=followed_on(bodies[row[0]]))
        for row in standing_ones
    ]
    said += _papers(conn, [row[0] for row in standing_ones])
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in standing(said):
        found[one.inspection].append(one)
    return found


def _papers(conn: sqlite3.Connection, visits: Sequence[str]) -> Iterator[Said]:
    for id, _, body in _said_of(conn, visits, "resolution"):
        seen = Seen(body.get("inspection", ""), body.get("finding", ""), True, body.get("seen", ""))
        yield Said(seen.inspection, body.get("on", ""), id, body.get("how", ""), followed=(seen,))


def _numbers(conn: sqlite3.Connection, visits: Sequence[str]) -> dict[str, str]:
    """Return the numbers that clerks gave to the minutes of *visits* after they were closed, the last of each."""
    told = _said_of(conn, visits, "paper")
    return {visit: str(body["number"]) for _, visit, body in told if body.get("number")}


def _said_of(conn: sqlite3.Connection, visits: Sequence[str], kind: str) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for some in in_parts(visits):
        rows = conn.execute(
            "SELECT id, inspection, said FROM said_of_visits"
            f" WHERE inspection IN ({marks(some)}) AND kind = ? ORDER BY id",
            (*some, kind),
        )
        for id, inspection, said in rows:
            yield id, inspection, json.loads(said)
