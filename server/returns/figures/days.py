"""What figures are asked for: an area and its days, the same days of the year before, and the kinds that count.

The questions are coverage's own, so that a share in the table is the share that its page shows.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from schemas.register import Cohort
from schemas.units import Epoch, UnitTree
from server.coverage.compare import same_day
from server.coverage.question import EVERY_KIND, Question, ask
from server.coverage.targets import Plan, Plans

Days = tuple[date, date]  # first and last, both in it


@dataclass(frozen=True)
class Asked:
    """The question of the days, and that of the same days a year before, None of more than a year."""

    now: Question
    before: Question | None
    plan: Plan | None
    target: int | None
    target_before: int | None

    @property
    def questions(self) -> tuple[Question, ...]:
        """The question of now, and the one before where there is one."""
        return (self.now, self.before) if self.before else (self.now,)

    @property
    def widest(self) -> Question:
        """A question about all days of both."""
        return replace(self.now, first=self.before.first) if self.before else self.now


def asked_of(
    conn: sqlite3.Connection, tree: UnitTree, unit: str | None, first: date, last: date, *, plan: str | None = None
) -> Asked:
    """Make the questions; raises UnknownUnit. *plan* is an id; without it the plan in force for the year, or for all.

    From 1 January on it is coverage's question of that year, as of the last day; else that of a period.
    """
    plans = Plans(conn, tree)
    chosen = plans.named(plan) if plan else _in_force(plans, unit, (first, last))
    kinds = chosen.kinds if chosen and chosen.kinds else EVERY_KIND
    now = _question(conn, tree, unit, (first, last), kinds, chosen)
    days = _year_before(first, last)
    before = then = None
    if days:
        then = _in_force(plans, unit, days)
        before = _question(conn, tree, unit, days, kinds, then)
    return Asked(now, before, chosen, _target(chosen, first, last), _target(then, *days) if days else None)


def _question(
    conn: sqlite3.Connection, tree: UnitTree, unit: str | None, days: Days, kinds: Iterable[str], plan: Plan | None
) -> Question:  # fmt: skip
    first, last = days
    epoch = Epoch(unit.partition(":")[0]) if unit else Epoch.NEW
    period = None if _of_one_year(first, last) else days
    if period and plan and not _is_whole(plan, first, last):
        plan = replace(plan, period_cohort=Cohort.ANY_DAY)  # the plan's rule for its whole period is for that alone
    found = ask(conn, tree, epoch, unit, year=last.year, as_of=last, kinds=kinds, period=period)
    return replace(found, plan=plan)


def _of_one_year(first: date, last: date) -> bool:
    return (first.month, first.day) == (1, 1) and first.year == last.year


def _is_whole(plan: Plan, first: date, last: date) -> bool:
    """Say whether days are those of a plan's whole period, which a report may cut off before its end."""
    if plan.since != first.isoformat():
        return False
    return last.isoformat() == plan.until or (last.isoformat() < plan.until and _year_before(first, last) is None)


def _in_force(plans: Plans, unit: str | None, days: Days) -> Plan | None:
    """Return the plan of the year in which the days end; of more than a year the plan whose period they lie in."""
    first, last = days
    of_year = plans.of_year(unit, last.year)
    return of_year if _year_before(first, last) else plans.of_period(unit, first, last) or of_year


def _target(plan: Plan | None, first: date, last: date) -> int | None:
    if plan is None:
        return None
    if _is_whole(plan, first, last) and plan.period_percent is not None:
        return plan.period_percent
    return plan.targets.get(last.year)


def _year_before(first: date, last: date) -> Days | None:
    """Return the same days a year before; None where they would be among the days themselves."""
    earlier = same_day(first, first.year - 1), same_day(last, last.year - 1)
    return earlier if earlier[1] < first else None


