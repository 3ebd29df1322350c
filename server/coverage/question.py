"""What is asked of coverage: an area, a window of days, kinds; and what the plan in force says where nothing is."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.units import Epoch, UnitTree
from server.coverage import facts
from server.coverage.steps import Counts, PlaceFacts, Visit, counted, open_on, standing, visits_within
from server.coverage.targets import Cohort, Plan, Plans, target
from server.coverage.where import Where

EVERY_KIND = ("*",)  # asked for in place of the plan's kinds
Period = tuple[date, date]  # first and last day


@dataclass(frozen=True)
class Question:
    """The area, the half-open window, the kinds and the visits that a figure or a list is about."""

    where: Where
    plans: Plans
    plan: Plan | None
    year: int
    first: date
    end: date  # the day after the last
    kinds: frozenset[str]  # empty: all
    period: Period | None
    team: str = ""  # only its visits count, and it answers for its own places
    basis: str = ""  # only such visits count

    @property
    def filters(self) -> bool:
        """Whether only some visits count."""
        return bool(self.team or self.basis)

    @property
    def cohort(self) -> Cohort:
        """Which places are counted as open: of a period as the plan says, of a year those of any day."""
        return self.plan.period_cohort if self.period and self.plan else Cohort.ANY_DAY

    @property
    def counted_on(self) -> str:
        """The one day on which a place must be open to count, as the plan says; empty: any day of the window.

        It is never after the as-of day: what will be open later is not known.
        """
        if self.end <= self.first or self.plan is None:
            return ""
        if self.period:
            return self.as_of.isoformat() if self.cohort is Cohort.LAST_DAY else ""
        on = f"{self.year:04d}-{self.plan.counted_on}" if self.plan.counted_on else ""
        return min(on, self.as_of.isoformat()) if on else ""

    @property
    def since(self) -> str:
        """The first day, as texts of the tables have it."""
        return self.first.isoformat()

    @property
    def until(self) -> str:
        """The day after the last."""
        return self.end.isoformat()

    @property
    def as_of(self) -> date:
        """The last day counted."""
        return self.end - timedelta(days=1)

    def wants(self, kinds: str) -> bool:
        """Say whether a place of these *kinds* (a space between) is asked for."""
        return not self.kinds or not self.kinds.isdisjoint(kinds.split())

    def chosen(self, visit: Visit) -> bool:
        """Say whether a visit is one of those asked for."""
        return (not self.team or visit.team == self.team) and (not self.basis or visit.basis == self.basis)

    def stands(self, place: PlaceFacts) -> tuple[str, str, Counts]:
        """Return unit, kinds and counts of a place at the end of the window, by all its visits."""
        unit, kinds, counts = standing(place, self.since, self.until)
        if self.counted_on:
            counts = counted(visits_within(place, self.since, self.until), int(open_on(place, self.counted_on)))
        return unit, kinds, counts

    def target_of(self, unit: str | None) -> int | None:
        """Return the percent that the plan in force asks of *unit*, for the year or the period."""
        if self.period is None:
            return target(self.plans.of_year(unit, self.year), self.year)
        plan = self.plans.of_period(unit, *self.period)
        return plan.period_percent if plan else None


def ask(
    conn: sqlite3.Connection, tree: UnitTree, epoch: Epoch, unit: str | None, *, year: int, as_of: date,
    kinds: Iterable[str] = (), period: Period | None = None, team: str = "", basis: str = "",
) -> Question:  # fmt: skip
    """Make a question: kinds that are not asked for are those of the area's plan, or all where it names none.

    A year is asked up to the as-of day and never past its 31 December; a *period*, first
    and last day, takes the place of the year.
    """
    kinds = tuple(map(str, kinds))
    first, last = period or (date(year, 1, 1), date(year, 12, 31))
    plans = Plans(conn, tree)
    plan = plans.of_period(unit, first, last) if period else plans.of_year(unit, year)
    return Question(
        where=Where(tree, epoch, unit, tree.tops(epoch)),
        plans=plans,
        plan=plan,
        year=year,
        first=first,
        end=max(first, min(as_of, last) + timedelta(days=1)),
        kinds=frozenset(kinds) - {*EVERY_KIND} or frozenset(plan.kinds if plan and not kinds else ()),
        period=period,
        team=team,
        basis=basis,
    )


def places_of(conn: sqlite3.Connection, question: Question) -> Iterator[PlaceFacts]:
    """Yield the places that may stand in the asked area; some of them may not."""
    keys = question.where.keys()
    if keys is None:
        return facts.stream(conn, question.since, question.until)
    return places_at(conn, question, keys)


def places_at(conn: sqlite3.Connection, question: Question, units: Collection[str]) -> Iterator[PlaceFacts]:
    """Yield the places that may stand in some *units* of the register ("": in none); some of them may not."""
    if "" in units:
        return facts.stream(conn, question.since, question.until)
    communes = {commune for key in units for commune in question.where.tree.present(key)}
    return facts.near(conn, sorted(communes), question.since, question.until)
