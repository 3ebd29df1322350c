"""What our own records know of an indicator: shares inspected, tips in time, workers informed at visits."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.register import Cohort
from schemas.units import UnitTree
from server.coverage import targets
from server.coverage.adding import Adding, add_up
from server.coverage.compare import same_day
from server.coverage.question import EVERY_KIND, Question, ask
from server.coverage.under import Listing, Under, What
from server.indicators.visits import informed
from server.plans.listing import Indicator, Plan
from server.tips.lists import tips
from server.tips.times import Period, Timing

Ids = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Window:
    """What is asked: of a plan and an area, from *first* to *last*; what comes after *last* is not known yet."""

    plan: Plan
    unit: str
    first: date
    last: date


@dataclass(frozen=True)
class Computed:
    """A figure of our own records, with the days it covers and what was counted in it."""

    numerator: int
    denominator: int
    since: str
    until: str
    ids: Ids = field(default_factory=dict)


def figure(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed | None:
    """Return what our records know of *indicator*, without ids; None where they know nothing of it."""
    known = _KNOWN.get(indicator.known)
    return known[0](conn, tree, indicator, _of(indicator, window)) if known else None


def where_computed(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed | None:
    """Return the figure of an indicator that is computed; of one that is entered nothing, though we may know some."""
    return figure(conn, tree, indicator, window) if indicator.source == "computed" else None


def with_ids(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed | None:
    """Return the same with the ids of what was counted: `numerator` and `denominator`."""
    known = _KNOWN.get(indicator.known)
    return known[1](conn, tree, indicator, _of(indicator, window)) if known else None


def _of(indicator: Indicator, window: Window) -> Window:
    """Return the days that the figure covers: of one that the plan wants by its end, those from its beginning.

    Of one that it wants each year, the last year of days of more than one.
    """
    if indicator.period == "to_end":
        return replace(window, first=date.fromisoformat(window.plan.since))
    if same_day(window.last, window.last.year - 1) >= window.first:
        return replace(window, first=date(window.last.year, 1, 1))
    return window


def _question(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Question:
    plan, year = window.plan, window.last.year
    epoch = tree.get(window.unit)
    if epoch is None:
        raise LookupError(window.unit)
    whole_year = indicator.period != "to_end" and window.first == date(year, 1, 1)
    last = date.fromisoformat(plan.until) if indicator.period == "to_end" else window.last
    found = ask(
        conn, tree, epoch.epoch, window.unit, year=year, as_of=window.last, kinds=plan.kinds or EVERY_KIND,
        period=None if whole_year else (window.first, max(last, window.last)),
    )  # fmt: skip
    return replace(found, plan=_as_coverage_has_it(plan, indicator))


def _as_coverage_has_it(plan: Plan, indicator: Indicator) -> targets.Plan:
    """Return the plan that is asked about, whichever else holds in the area, with the indicator's own cohort."""
    return targets.Plan(
        id=plan.id, name=plan.name, number=plan.number, area=plan.unit, since=plan.since, until=plan.until,
        kinds=plan.kinds, targets={}, period_percent=plan.period_percent, invented=plan.invented,
        period_cohort=Cohort(indicator.cohort or plan.period_cohort or Cohort.ANY_DAY),
        counted_on=plan.denominator_on if plan.denominator == "on_day" else "",
    )  # fmt: skip


def _inspected(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed:
    question = _question(conn, tree, indicator, window)
    total, _sums = add_up(conn, Adding(conn, question, "unit"))
    return Computed(total.inspected, total.open, question.since, question.as_of.isoformat())


def _inspected_ids(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed:
    question = _question(conn, tree, indicator, window)
    done, all_of_them = (Listing(conn, question, Under(what)).ids() for what in (What.INSPECTED, What.OPEN))
    ids = {"numerator": tuple(sorted(done)), "denominator": tuple(sorted(all_of_them))}
    return Computed(len(done), len(all_of_them), question.since, question.as_of.isoformat(), ids)


def _tips(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed:
    found = tips(conn, tree, window.unit, Period(window.first, window.last, window.last))
    in_time = tuple(sorted(one.id for one in found if one.timing is Timing.IN_TIME))
    ids = {"numerator": in_time, "denominator": tuple(sorted(one.id for one in found))}
    return Computed(len(in_time), len(found), window.first.isoformat(), window.last.isoformat(), ids)


def _workers(conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window) -> Computed:
    """Count of each place its last visit in the window that says how many were there and how many were informed."""
    question = _question(conn, tree, replace(indicator, period="year"), window)
    reached, there, visits = informed(conn, question)
    return Computed(
        reached, there, question.since, question.as_of.isoformat(), {"numerator": visits, "denominator": visits}
    )  # fmt: skip


_Known = Callable[[sqlite3.Connection, UnitTree, Indicator, Window], Computed]
_KNOWN: dict[str, tuple[_Known, _Known]] = {
    "inspected_in_year": (_inspected, _inspected_ids),
    "inspected_in_period": (_inspected, _inspected_ids),
    "tips_in_time": (_tips, _tips),
    "workers_informed": (_workers, _workers),
}


def inspected_by(
    conn: sqlite3.Connection, tree: UnitTree, indicator: Indicator, window: Window, by: str
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """Return inspected and open places of each unit right below (*by* unit), or *across* on the other map.

    Those of which the unit is not known stand under the empty key, where there are any.
    """
    adding = Adding(conn, _question(conn, tree, indicator, _of(indicator, window)), by)
    _total, sums = add_up(conn, adding)
    found: dict[str, tuple[int, int]] = {}
    for (group, key), one in sums.items():
        unit = key if group == "unit" else ""
        inspected, there = found.get(unit, (0, 0))
        found[unit] = inspected + one.inspected, there + one.open
    return {unit: pair for unit, pair in found.items() if unit or any(pair)}
