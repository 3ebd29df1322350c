"""Counting places and their visits into a tally, by coverage's own rules: where each stands, and as what it counts."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from schemas.in_brief import read_duties
from server.arrivals.columns import ALARM
from server.coverage.adding import Adding
from server.coverage.cells import Cell
from server.coverage.left_out import left_out
from server.coverage.question import Question
from server.coverage.steps import WHOLE, Counts, PlaceFacts, open_on
from server.history.spans import holding
from server.returns.figures.tally import Tally, Where
from server.store import in_parts, marks


class Visit(NamedTuple):
    """A counting visit to one of the records of a place."""

    id: str
    root: str
    date: str
    basis: str
    violations: int
    crime: bool
    item: str


class Period:
    """One period of the table: its question, its tally, and where each place stands at its end.

    *standing* has every place that stands in the area, also one that was open on no day: a decision about it counts.
    """

    def __init__(self, conn: sqlite3.Connection, question: Question) -> None:
        """Begin with nothing counted."""
        self.question, self.tally = question, Tally()
        self.standing: dict[str, Where] = {}
        self.was_open: set[str] = set()
        self.last = question.as_of.isoformat()
        self._adding = Adding(conn, question, "commune")

    def take(self, place: PlaceFacts) -> bool:
        """Count a place where it stands; say no of one in the area that is not open on the last day."""
        unit, kinds, counts = self.question.stands(place)
        where = self.where(unit, kinds)
        if where is None:
            return True
        self.standing[place.root] = where
        self._count(where, place.root, counts)
        opened = open_on(place, self.last)
        if opened:
            self.tally.put(where, "places", place.root)
        return opened

    def where(self, unit: str, kinds: str | None) -> Where | None:
        """Return where something stands that the register has at *unit* under *kinds*; None: not in what is asked.

        What is of no known kind (None) stands in the area whatever kinds are asked for.
        """
        if kinds is None:
            sure = self.question.where.sure(unit)
            return (self._named(sure), "") if self.question.where.holds(sure) else None
        sure_unit = self._adding.sure(Cell(WHOLE, unit, kinds, Counts()))
        if sure_unit is None:
            return None
        return self._named(sure_unit), " ".join(kind for kind in kinds.split() if self.question.wants(kind))

    def _named(self, sure: str) -> tuple[str, str]:
        return self._adding.names_of(sure, "")[0]

    def _count(self, where: Where, root: str, counts: Counts) -> None:
        if counts.open:
            self.was_open.add(root)
        for column, counted in (
            ("open", counts.open), ("inspected", counts.inspected), ("violating", counts.violating),
            ("not_open", counts.inspected_not_open),
        ):  # fmt: skip
            if counted:
                self.tally.put(where, column, root)

    def holds(self, day: str) -> bool:
        """Say whether *day* is one of the period."""
        return self.question.since <= day < self.question.until

    def take_visit(self, visit: Visit) -> None:
        """Count a visit where its place stands."""
        where = self.standing.get(visit.root)
        if where is None or not self.holds(visit.date):
            return
        put = self.tally.put
        put(where, "visits", visit.id)
        put(where, f"visits_{visit.basis}", visit.id)
        if visit.root in self.was_open:
            put(where, f"inspected_{visit.basis}", visit.root)
        if visit.violations:
            put(where, "visits_with_violations", visit.id)
        if visit.crime:
            put(where, "crime_signs", visit.id)


def visits_to(conn: sqlite3.Connection, roots: Iterable[str], since: str, until: str) -> Iterator[Visit]:
    """Yield the counting visits to the records of places in a period (half open)."""
    for part in in_parts(sorted(roots)):
        for row in conn.execute(
            f"SELECT visits.id, root, date, basis, violations, CASE WHEN risk >= {ALARM} THEN duties ELSE '' END, item"
            "  FROM establishments CROSS JOIN visits"
            f" WHERE root IN ({marks(part)}) AND visits.establishment = establishments.id"
            "   AND counting = 1 AND date >= ? AND date < ?",
            [*part, since, until],
        ):
            id, root, date, basis, violations, duties, item = row
            yield Visit(id, root, date, basis, violations, says_crime(duties), item)


def says_crime(duties: str) -> bool:
    """Say whether a visit found signs of crime, by what makes its duties."""
    return "crime" in read_duties(duties)[0]


def count_paused(conn: sqlite3.Connection, period: Period, not_open: Iterable[str]) -> None:
    """Count the places that are not open on the last day of a period and whose record says that they are paused."""
    for part in in_parts(sorted(not_open)):
        rows = conn.execute(
            f"SELECT id, state FROM things WHERE kind = 'establishment' AND id IN ({marks(part)})", part
        )
        for id, state in rows:
            status = holding(json.loads(state), "status", period.last)
            if status and status["status"] == "paused":
                period.tally.put(period.standing[id], "places", id)
                period.tally.put(period.standing[id], "paused", id)


def count_left_out(conn: sqlite3.Connection, period: Period) -> None:
    """Count what was received of a period and is not counted."""
    for one in left_out(conn, period.question):
        where = period.where(one.unit, one.kinds)
        if where:
            period.tally.put(where, "not_counted", one.item)
