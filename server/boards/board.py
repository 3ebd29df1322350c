"""Where each indicator of a plan stands, beside the same days of the year before, and whether the target is met."""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from schemas.units import UnitTree
from server.coverage.complete import Reported
from server.indicators.periods import Asked
from server.indicators.standing import Standing, for_the_board
from server.indicators.view import View
from server.plans.listing import Plan, plan


class Verdict(StrEnum):
    """What is said of an indicator at a glance."""

    MET = "met"
    NOT_MET = "not_met"
    NO_FIGURE = "no_figure"
    HIDDEN = "hidden"  # small numbers of persons, not shown here
    TOLD = "told"  # a narrative is there


class Direction(StrEnum):
    """How a figure stands against the same days of the year before."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One indicator: where it stands, and where it stood; *change*: tenths of a percent point between the two."""

    now: Standing
    before: Standing | None

    @property
    def verdict(self) -> Verdict:
        """Whether the target is met; no figure is no failure."""
        if self.now.hidden:
            return Verdict.HIDDEN
        if self.now.indicator.measure == "text":
            return Verdict.TOLD if self.now.text else Verdict.NO_FIGURE
        if self.now.met is None:
            return Verdict.NO_FIGURE
        return Verdict.MET if self.now.met else Verdict.NOT_MET

    @property
    def change(self) -> int | None:
        """How much more or less, in tenths of a percent point; None where one of the two is not known."""
        now, before = _tenths(self.now), _tenths(self.before)
        return None if now is None or before is None else now - before

    @property
    def direction(self) -> Direction:
        """The same as a word."""
        if self.change is None:
            return Direction.UNKNOWN
        if not self.change:
            return Direction.SAME
        return Direction.UP if self.change > 0 else Direction.DOWN


@dataclass(frozen=True)
class Board:
    """The answer: the lines in the plan's order; *complete_to*: how far the laptops of the unit have reported."""

    plan: Plan
    unit: str
    period: Asked
    before: Asked
    complete_to: str
    lines: tuple[Line, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many lines have a verdict."""
        return sum(line.verdict is verdict for line in self.lines)


def board(conn: sqlite3.Connection, tree: UnitTree, asked: View, area: str, today: date) -> Board:
    """Answer for the plan, unit and report of *asked*, as *area* may see it; called within one read transaction."""
    period, back = asked.period, year_before(asked.period)
    seen_by = {"seen_by": area}
    now = for_the_board(conn, tree, asked.plan, asked.unit, period.first, period.last, today, **seen_by)
    then = _plan_before(conn, asked.plan, back, today)
    unit = then.unit if asked.unit == asked.plan.unit else asked.unit
    old: dict[str, Standing] = {}
    if unit in tree.descendants(then.unit):
        found = for_the_board(conn, tree, then, unit, back.first, back.last, today, **seen_by)
        old = {one.indicator.code: one for one in found if one.indicator.period != "to_end" or one.since <= one.as_of}
    reported = Reported(conn, tree).to(asked.unit)
    return Board(
        asked.plan, asked.unit, period, back, reported.isoformat() if reported else "",
        tuple(Line(one, old.get(one.indicator.code)) for one in now),
    )  # fmt: skip


def year_before(period: Asked) -> Asked:
    """Return the same days of the year before."""
    return replace(period, first=_earlier(period.first), last=_earlier(period.last))


def _earlier(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def _plan_before(conn: sqlite3.Connection, one: Plan, back: Asked, today: date) -> Plan:
    """Return the plan under which the days before were reported: this one, or the one that it was copied from.

    Where neither held then, this one: what our own records know is worked out for any days.
    """
    if one.since <= back.last.isoformat() or not one.renews:
        return one
    older = plan(conn, one.renews, today)
    return older if older.since <= back.last.isoformat() <= _with_slack(older.until) else one


def _with_slack(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=31)).isoformat()


def _tenths(one: Standing | None) -> int | None:
    if one is None or one.hidden:
        return None
    return one.growth_tenths if one.indicator.measure == "growth" else one.share_tenths
