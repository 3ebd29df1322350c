"""The plan in force for a unit and a year: its own, or that of the nearest area that holds it."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from schemas.register import Cohort
from schemas.units import Epoch, UnitTree
from server.coverage.where import sure_unit


@dataclass(frozen=True)
class Plan:
    """What coverage needs of a plan; *area* is the key of a unit."""

    id: str
    name: str
    number: str
    area: str
    since: str
    until: str
    kinds: tuple[str, ...]
    targets: dict[int, int]  # year: percent
    period_percent: int | None
    invented: bool
    period_cohort: Cohort = Cohort.ANY_DAY
    due: dict[int, str] = field(default_factory=dict)  # year: the last day on which its target may be reached
    counted_on: str = ""  # MM-DD: of a year those open on this day count; empty: those open on any day


class Plans:
    """All plans, and which of them is in force where.

    A plan holds for every unit that surely lies in its area, on either map. The nearest
    area wins, of two plans for one area the one that begins later. A year for which a
    plan has no target is not covered by it: nothing is carried over.
    """

    def __init__(self, conn: sqlite3.Connection, tree: UnitTree) -> None:
        """Read the plans as they are now."""
        self._tree = tree
        self._by_area: dict[str, list[Plan]] = {}
        for plan in sorted(_plans(conn), key=_begins):
            self._by_area.setdefault(plan.area, []).append(plan)

    def named(self, id: str) -> Plan | None:
        """Return the plan of this *id*, None where there is none."""
        return next((plan for some in self._by_area.values() for plan in some if plan.id == id), None)

    def of_year(self, unit: str | None, year: int) -> Plan | None:
        """Return the plan in force for *unit* in *year*, None where there is none: “Chưa có chỉ tiêu”."""
        return next((plan for plan in self._nearest_first(unit) if year in plan.targets), None)

    def of_period(self, unit: str | None, since: date, until: date) -> Plan | None:
        """Return the plan whose own years hold the period, both days in it, and that has a target for the whole."""
        first, last = since.isoformat(), until.isoformat()
        plans = (plan for plan in self._nearest_first(unit) if plan.period_percent is not None)
        return next((plan for plan in plans if plan.since <= first and last <= plan.until), None)

    def cover(self, year: int, period: tuple[date, date] | None) -> bool:
        """Say whether any plan, wherever, may have a target for *year*, or for a *period*."""
        plans = [plan for some in self._by_area.values() for plan in some]
        return any(plan.period_percent is not None if period else year in plan.targets for plan in plans)

    def with_period(self, unit: str | None, year: int) -> Plan | None:
        """Return the plan in force for *unit* that has a target for a whole period in which *year* lies."""
        plans = (plan for plan in self._nearest_first(unit) if plan.period_percent is not None)
        return next((plan for plan in plans if plan.since[:4] <= str(year) <= plan.until[:4]), None)

    def _nearest_first(self, unit: str | None) -> Iterator[Plan]:
        if not unit or not self._by_area:
            return
        for area in _areas(self._tree, unit):
            if area in self._by_area:
                yield from reversed(self._by_area[area])


@lru_cache(maxsize=32_768)
def _areas(tree: UnitTree, unit: str) -> tuple[str, ...]:
    """List the units of both maps that surely hold *unit*, the smallest first; on a tie its own map first."""
    lines = [(unit, *tree.ancestors(unit))]
    for epoch in Epoch:
        sure = sure_unit(tree, unit, epoch)
        if sure and not unit.startswith(f"{epoch.value}:"):
            lines.append((sure, *tree.ancestors(sure)))
    ranks = {key: rank for rank, line in enumerate(lines) for key in line}
    return tuple(sorted(ranks, key=lambda key: (-_height(tree, key), ranks[key])))


def _height(tree: UnitTree, key: str) -> int:
    """Say how far down a unit stands: a commune three, on both maps."""
    unit = tree.get(key)
    return {"province": 1, "district": 2, "commune": 3}[unit.level.value] if unit else 0


def target(plan: Plan | None, year: int) -> int | None:
    """Return the percent that *plan* asks for in *year*, None without a plan."""
    return plan.targets.get(year) if plan else None


def _begins(plan: Plan) -> tuple[str, str]:
    return plan.since, plan.id


def _plans(conn: sqlite3.Connection) -> Iterator[Plan]:
    for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'plan' ORDER BY id"):
        state = _until_closed(json.loads(text))
        yield Plan(
            id=id,
            name=state["name"],
            number=state.get("number") or "",
            area=f"{state['epoch']}:{state['area']}",
            since=state["from"],
            until=state["to"],
            kinds=tuple(state.get("kinds") or ()),
            targets={one["year"]: one["percent"] for one in state["targets"]},
            period_percent=state.get("period_percent"),
            invented=bool(state.get("invented")),
            period_cohort=Cohort(state.get("period_cohort") or Cohort.ANY_DAY),
            counted_on=(state.get("denominator_on") or "") if state.get("denominator") == "on_day" else "",
            due={one["year"]: one["due"] for one in state["targets"] if one.get("due")},
        )


def _until_closed(state: dict[str, Any]) -> dict[str, Any]:
    """Return a plan that was closed as if it had ended then: the year in which that was keeps its target."""
    closed = state.get("closed_on")
    if not closed:
        return state
    kept = [one for one in state["targets"] if one["year"] <= int(closed[:4])]
    return {**state, "to": min(state["to"], closed), "targets": kept}
