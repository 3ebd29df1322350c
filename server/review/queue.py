"""The queue of the review: received visits of an area, the riskiest first, the newest of these first."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.inspections import QUORUM, Outcome
from server.arrivals.columns import ALARM, SHORT, VIOLATIONS
from server.arrivals.fold_review import ANSWERED, MENDED, NEW, WAITING
from server.store import in_parts, marks

COUNTING = tuple(outcome.value for outcome in Outcome if outcome.counts)
BACK = (MENDED, ANSWERED)
STATES: dict[str, tuple[str, ...]] = {
    "cho-duyet": WAITING,
    "moi": (NEW,),
    "da-bo-sung": BACK,
    "yeu-cau-bo-sung": ("issues",),
    "da-duyet": ("accepted",),
    "khong-tinh": ("rejected",),
    "tat-ca": (),
}


@dataclass(frozen=True)
class Question:
    """What of the queue is asked for: *communes* are those of the area, or one of them."""

    communes: tuple[str, ...]
    team: str = ""
    states: tuple[str, ...] = WAITING
    lacks_paper: bool = False
    lacks_quorum: bool = False
    violations: bool = False
    lacks_number: bool = False


@dataclass(frozen=True)
class Row:
    """One visit of the queue; *review* is the name of the last review's item, empty where there is none."""

    id: str
    item: str
    establishment: str
    place: str
    code: str
    commune: str
    team: str
    team_name: str
    date: str
    basis: str
    outcome: str
    revision: int
    members: int
    violations: int
    void: bool
    counting: bool
    risk: int
    state: str
    paper: bool
    review: str
    said: str
    comment: str

    @property
    def inspected(self) -> bool:
        """Whether it was a visit; an attempt inspected nothing."""
        return self.outcome in COUNTING

    @property
    def short(self) -> bool:
        """Whether a visit has fewer members than the law asks for."""
        return self.inspected and self.members < QUORUM

    @property
    def alarm(self) -> bool:
        """Whether there are signs of crime, or people under 18 at work."""
        return self.risk >= ALARM

    @property
    def plain(self) -> bool:
        """Whether there is nothing to look at twice: new, nothing found, enough members, its paper there."""
        sure = self.state == NEW and not self.void and not self.risk and self.members >= QUORUM
        return sure and (self.paper or not self.inspected)


Key = tuple[int, str, str]  # risk, date and id: where a visit stands in the queue
_ROW = (
    "SELECT visits.id, visits.item, visits.establishment, establishments.name, establishments.code,"
    " (SELECT min(commune) FROM placements WHERE placements.establishment = visits.establishment),"
    " visits.team, '', visits.date, visits.basis, visits.outcome, visits.revision, visits.members, visits.violations,"
    " visits.void, visits.counting, visits.risk, visits.state, visits.paper, coalesce(reviews.item, ''),"
    " coalesce(reviews.review, ''), coalesce(reviews.comment, '')"
    "  FROM visits JOIN establishments ON establishments.id = visits.establishment"
    "  LEFT JOIN reviews ON reviews.inspection = visits.id"
)
_ORDER = "ORDER BY risk DESC, date DESC, id DESC"
_BACK = "ORDER BY risk, date, id"


def count(conn: sqlite3.Connection, question: Question) -> int:
    """Count the visits that *question* asks for."""
    where, values = _where(question)
    return int(conn.execute(f"SELECT count(*) FROM visits WHERE {where}", values).fetchone()[0])


def waiting(conn: sqlite3.Connection, communes: tuple[str, ...]) -> tuple[int, int]:
    """Count the visits that wait for a review, and those of them that a team has mended or answered."""
    where, values = _where(Question(communes))
    back = marks(BACK)
    row = conn.execute(
        f"SELECT count(*), count(CASE WHEN state IN ({back}) THEN 1 END) FROM visits WHERE {where}", (*BACK, *values)
    ).fetchone()
    return int(row[0]), int(row[1])


def part(conn: sqlite3.Connection, question: Question, *, offset: int = 0, limit: int = 50) -> tuple[int, list[Row]]:
    """Return how many visits *question* asks for, and a part of them in their order: both read in one go."""
    where, values = _where(question)
    found = conn.execute(
        f"SELECT id, count(*) OVER () FROM visits WHERE {where} {_ORDER} LIMIT ? OFFSET ?", (*values, limit, offset)
    ).fetchall()
    total = found[0][1] if found else (count(conn, question) if offset else 0)
    return total, of_ids(conn, [id for id, _ in found])


def rows(conn: sqlite3.Connection, question: Question, *, offset: int = 0, limit: int = 50) -> list[Row]:
    """Return a part of the queue in its order."""
    return part(conn, question, offset=offset, limit=limit)[1]


def of_ids(conn: sqlite3.Connection, ids: Sequence[str]) -> list[Row]:
    """Return visits as the queue shows them, in the order of *ids*."""
    found: dict[str, tuple[Any, ...]] = {}
    for some in in_parts(ids):
        cells = conn.execute(f"{_ROW} WHERE visits.id IN ({marks(some)})", some).fetchall()
        found |= {row[0]: row for row in cells}
    names = team_names(conn, {row[6] for row in found.values()})
    return [_row(found[id], names) for id in ids if id in found]


def _row(cells: tuple[Any, ...], names: dict[str, str]) -> Row:
    row = list(cells)
    row[7] = names.get(row[6], "")
    for place in (14, 15, 18):
        row[place] = bool(row[place])
    return Row(*row)


def team_names(conn: sqlite3.Connection, ids: set[str]) -> dict[str, str]:
    """Return what teams are called."""
    found: dict[str, str] = {}
    for some in in_parts(sorted(ids)):
        rows = conn.execute(f"SELECT id, state FROM things WHERE kind = 'team' AND id IN ({marks(some)})", some)
        for id, state in rows.fetchall():
            found[id] = str(json.loads(state).get("name") or "")
    return found


def key_of(conn: sqlite3.Connection, id: str) -> Key:
    """Return where a visit stands in the queue."""
    found: Key = conn.execute("SELECT risk, date, id FROM visits WHERE id = ?", (id,)).fetchone()
    return found


def after(conn: sqlite3.Connection, question: Question, key: Key) -> str:
    """Return the visit that comes next in the queue, empty at its end."""
    return _beside(conn, question, key, "<", _ORDER)


def before(conn: sqlite3.Connection, question: Question, key: Key) -> str:
    """Return the visit that comes before, empty at the beginning."""
    return _beside(conn, question, key, ">", _BACK)


def _beside(conn: sqlite3.Connection, question: Question, key: Key, than: str, order: str) -> str:
    where, values = _where(question)
    row = conn.execute(
        f"SELECT id FROM visits WHERE {where} AND (risk, date, id) {than} (?, ?, ?) {order} LIMIT 1", (*values, *key)
    ).fetchone()
    return str(row[0]) if row else ""


def place_in(conn: sqlite3.Connection, question: Question, key: Key) -> int:
    """Return how many visits of the queue come before *key*."""
    where, values = _where(question)
    sql = f"SELECT count(*) FROM visits WHERE {where} AND (risk, date, id) > (?, ?, ?)"
    return int(conn.execute(sql, (*values, *key)).fetchone()[0])


def _where(question: Question) -> tuple[str, list[Any]]:
    """Return the conditions of a question; places of the area come first, since they are few beside all visits."""
    parts = [
        f"establishment IN (SELECT establishment FROM placements WHERE commune IN ({marks(question.communes)}))"
    ]
    values: list[Any] = [*question.communes]
    if question.states:
        parts.append(f"state IN ({marks(question.states)})")
        values += question.states
    if question.states and set(question.states) <= set(WAITING):
        parts.append(_IS_WAITING)
    if question.team:
        parts.append("team = ?")
        values.append(question.team)
    if question.violations:
        parts.append(f"risk & {VIOLATIONS} > 0")
    if question.lacks_quorum:
        parts.append(f"risk & {SHORT} > 0")
    if question.lacks_paper:
        parts.append(f"paper = 0 AND void = 0 AND outcome IN ({marks(COUNTING)})")
        values += COUNTING
    if question.lacks_number:
        parts.append(f"paper = 1 AND void = 0 AND NOT EXISTS ({_NUMBERED})")
    return " AND ".join(parts), values


_IS_WAITING = "state IN ('new', 'mended', 'answered')"  # in the words of the index that holds just these
# The words of an event are its body as it was written: the revision's name stands in it as it is.
_NUMBERED = (
    "SELECT 1 FROM said_of_visits WHERE inspection = visits.id AND kind = 'paper'"
    " AND said LIKE '%\"happening\":\"numbered\"%' AND said LIKE '%' || visits.item || '%'"
)
