"""The plans that hold in an area: years, targets, periods, and by when which report is due."""

import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from schemas.plans import Report
from schemas.text import fold
from schemas.units import UnitTree
from server.office import things
from server.pages.areas import inside


class Standing(StrEnum):
    """Whether a plan holds on a day."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    PAST = "past"
    CLOSED = "closed"


@dataclass(frozen=True)
class Deadline:
    """By when a report is due each year; *due*: MM-DD; *strict*: before that day; *year*: in that year only.

    Without *due* it is on request, or all year round. *compiles*: the code of the deadline of those below.
    """

    place: str
    code: str
    report: str
    due: str
    strict: bool
    year: int | None
    sender: str
    receiver: str
    words: str
    name: str = ""
    compiles: str = ""

    def last_day(self, year: int) -> date | None:
        """Return the last day on which it is in time in *year*, if there is one; of 29 February that of 28."""
        if not self.due or self.year not in (None, year):
            return None
        month, day = map(int, self.due.split("-"))
        if (month, day) == (2, 29) and not _is_leap(year):
            day = 28
        return date(year, month, day) - timedelta(days=int(self.strict))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True)
class Period:
    """Which days of a year a report covers."""

    place: str
    report: str
    first: str
    cut_off: str


@dataclass(frozen=True)
class Plan:
    """One plan; *targets*: (year, percent, last day to reach it)."""

    id: str
    name: str
    number: str
    unit: str
    since: str
    until: str
    kinds: tuple[str, ...]
    targets: tuple[tuple[int, int, str], ...]
    period_percent: int | None
    period_cohort: str
    denominator: str
    denominator_on: str
    deadlines: tuple[Deadline, ...]
    periods: tuple[Period, ...]
    standing: Standing
    closed_on: str
    closed_reason: str
    renews: str
    renewed_by: str
    invented: bool


def plans(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Plan]:
    """Return the plans for units in *area*, those in force first, then the latest."""
    found = _all(conn, today)
    mine = [one for one in found if inside(tree, area, one.unit)]
    order = list(Standing)
    mine.sort(key=lambda one: (one.since, one.id), reverse=True)
    return sorted(mine, key=lambda one: order.index(one.standing))


def above(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Plan]:
    """Return the plans in force of the units above *area*, which hold in it too."""
    return [one for one in _all(conn, today) if one.unit in tree.ancestors(area) and one.standing is Standing.IN_FORCE]


def plan(conn: sqlite3.Connection, id: str, today: date) -> Plan:
    """Return one plan that is there."""
    return next(one for one in _all(conn, today) if one.id == id)


def chosen(found: list[Plan], *, text: str = "", standing: str = "") -> list[Plan]:
    """Return those whose name or number holds *text*, of a standing."""
    wanted = fold(text)
    return [one for one in found if wanted in fold(f"{one.name} {one.number}") and standing in ("", one.standing.value)]


def _all(conn: sqlite3.Connection, today: date) -> list[Plan]:
    states = things(conn, "plan")
    renewed = {state["renews"]: id for id, state in states.items() if state.get("renews")}
    return [_plan(id, state, renewed.get(id, ""), today) for id, state in states.items()]


def _plan(id: str, state: dict[str, Any], renewed_by: str, today: date) -> Plan:
    targets = sorted(state["targets"], key=lambda one: int(one["year"]))
    return Plan(
        id=id, name=state["name"], number=state.get("number") or "", unit=f"{state['epoch']}:{state['area']}",
        since=state["from"], until=state["to"], kinds=tuple(state.get("kinds") or ()),
        targets=tuple((one["year"], one["percent"], one.get("due") or "") for one in targets),
        period_percent=state.get("period_percent"), period_cohort=state.get("period_cohort") or "any_day",
        denominator=state.get("denominator") or "any_day", denominator_on=state.get("denominator_on") or "",
        deadlines=_deadlines(state), periods=_periods(state), standing=_standing(state, today),
        closed_on=state.get("closed_on") or "", closed_reason=state.get("closed_reason") or "",
        renews=state.get("renews") or "", renewed_by=renewed_by, invented=bool(state.get("invented")),
    )  # fmt: skip


def _standing(state: dict[str, Any], today: date) -> Standing:
    day = today.isoformat()
    if state.get("closed_on") and state["closed_on"] <= day:
        return Standing.CLOSED
    if state["to"] < day:
        return Standing.PAST
    return Standing.TO_COME if state["from"] > day else Standing.IN_FORCE


_ORDER = [report.value for report in Report]


def _deadlines(state: dict[str, Any]) -> tuple[Deadline, ...]:
    found = [
        Deadline(path.partition("/")[2], value.get("code") or "", value["report"], value.get("due") or "",
                 bool(value.get("strict", True)), value.get("year"), value.get("sender") or "", value["receiver"],
                 value.get("words") or "", value.get("name") or "", value.get("compiles") or "")
        for path, value in state.items() if path.startswith("deadline/") and value
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.year or 0, one.due, one.receiver)))


def _periods(state: dict[str, Any]) -> tuple[Period, ...]:
    found = [
        Period(path.partition("/")[2], value["report"], value["first"], value["cut_off"])
        for path, value in state.items() if path.startswith("period/") and value
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.report), one.cut_off)))
