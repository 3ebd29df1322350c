"""What the page of a unit's figures shows: where each indicator stands, what was entered, who may do what."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.indicators import ValueStanding, value_id
from schemas.units import UnitTree
from server.indicators.asked import agency_of, asked, counted_in, of_police, says_yes
from server.indicators.checks import jumps
from server.indicators.periods import Asked
from server.indicators.reviewing import has_a_part
from server.indicators.standing import Standing, at_a_glance
from server.indicators.values import Value, before
from server.office import state_of
from server.pages.areas import inside
from server.plans.listing import Indicator, Plan
from server.rights import POLICE, may


@dataclass(frozen=True)
class Who:
    """Who looks: with which role, from which area, and under which id: of a deputy both, as an author."""

    role: str
    area: str
    id: str


@dataclass(frozen=True)
class Entry:
    """One indicator on the page of a unit: *state* is what was entered, empty where nothing was.

    *mine*: the unit is asked for it. *jump*: far from the last report, and no note says why. *hidden*: small numbers
    of another unit. *out_of*: of how many units it counts those that do it.
    """

    standing: Standing
    id: str
    agency: str
    state: Mapping[str, Any]
    last: Value | None
    mine: bool
    yes_no: bool
    out_of: int | None
    jump: bool
    hidden: bool
    may_enter: bool
    may_review: bool

    @property
    def indicator(self) -> Indicator:
        """The indicator itself."""
        return self.standing.indicator

    @property
    def to_review(self) -> bool:
        """Whether who looks is to accept or return it now."""
        return self.may_review and self.state.get("standing") == ValueStanding.SENT


def entries(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, period: Asked, today: date, who: Who,
    agency: str = "",
) -> tuple[Entry, ...]:  # fmt: skip
    """Return the indicators of *plan* in its order, as *unit* stands in *period* and *who* may see it.

    With *agency* only those that this body of the plan's own unit reports. Called within one read transaction.
    """
    standings = at_a_glance(conn, tree, plan, unit, period.first, period.last, today, seen_by=who.area)
    past = before(conn, plan.id, unit, period.first, period.last)
    found = []
    for standing in standings:
        one = standing.indicator
        body = agency_of(one, plan.unit, unit, agency)
        if agency and unit == plan.unit and body != agency:
            continue
        id = value_id(plan.id, one.code, unit, body, (period.first.isoformat(), period.last.isoformat()))
        found.append(_entry(conn, tree, plan, unit, who, (standing, id, body, past.get((one.code, unit, body)))))
    return tuple(found)


def _entry(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, who: Who,
    what: tuple[Standing, str, str, Value | None],
) -> Entry:  # fmt: skip
    standing, id, agency, last = what
    one = standing.indicator
    if one.small_cells and who.area != unit:
        last = None  # it may have been hidden in its own report
    state = state_of(conn, "indicator_value", id) or {}
    mine = asked(one, tree, plan.unit, unit)
    hidden = _is_hidden(standing, id, state, who.area == unit)
    return Entry(
        standing=standing, id=id, agency=agency, state=state, mine=mine, yes_no=says_yes(one, tree, unit),
        last=last, out_of=counted_in(one, tree, unit),
        jump=_jumps(one, state, last), hidden=hidden,
        may_enter=mine and not hidden and may_enter(tree, who, one, unit)
        and state.get("standing") != ValueStanding.ACCEPTED,
        may_review=may(who.role, "indicators.review") and inside(tree, who.area, unit)
        and (who.area != unit or bool(agency)) and not (state and has_a_part(conn, id, who.id)),
    )  # fmt: skip


def may_enter(tree: UnitTree, who: Who, indicator: Indicator, unit: str) -> bool:
    """Say whether *who* enters figures of *unit* for an indicator: the police those that the police report."""
    if not may(who.role, "indicators.enter") or not inside(tree, who.area, unit):
        return False
    return who.role != POLICE or of_police(indicator)


def _is_hidden(standing: Standing, id: str, state: Mapping[str, Any], own: bool) -> bool:
    if own or not standing.indicator.small_cells or not state:
        return False
    part = next((part for part in standing.from_units if part.id == id), None)
    if part is not None and not part.hidden:
        return standing.hidden
    return True


def _jumps(indicator: Indicator, state: Mapping[str, Any], last: Value | None) -> bool:
    now = _pair(state.get("numerator"), state.get("denominator"))
    then = last and _pair(last.numerator, last.denominator)
    return bool(now and then and not (state.get("note") or "").strip() and jumps(indicator, now, then))


def _pair(numerator: Any, denominator: Any) -> tuple[int, int] | None:
    return None if numerator is None or denominator is None else (int(numerator), int(denominator))
