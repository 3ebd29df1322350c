"""The plans that hold in an area: years, targets, periods, and by when which report is due."""

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from schemas.plans import Report
from schemas.text import fold, sort_key
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
    heading: str = ""
    every: str = "year"  # once, request, regular, whole_year
    settled: str = ""

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
    settled: str = ""


@dataclass(frozen=True)
class Indicator:
    """One indicator of a plan, as schemas/indicators.py has it; of one that counts what is no more, *counts_was*."""

    code: str
    name: str
    english: str
    heading: str
    sentence: str
    measure: str  # share, months, growth, text
    period: str  # year, to_end
    at_least: int | None
    at_most: int | None
    strives: bool
    numerator: str
    denominator: str
    counts: str
    counts_was: str
    counts_note: str
    cohort: str
    source: str  # computed, entered
    known: str
    reports: tuple[str, ...]
    to: str
    small_cells: int
    settled: str


@dataclass(frozen=True)
class Task:
    """One piece of work that a plan orders, as schemas/indicators.py has it; *due*: MM-DD, or empty."""

    code: str
    name: str
    heading: str
    sentence: str
    lead: tuple[str, ...]
    help: tuple[str, ...]
    time: str
    deadline: str
    due: str
    settled: str


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
    indicators: tuple[Indicator, ...] = ()
    tasks: tuple[Task, ...] = ()
    issued: str = ""  # the id of the plan in schemas/issued_plans.py that it was made from
    issued_by: str = ""
    grounds: tuple[str, ...] = ()
    principle: str = ""
    settled: str = ""


def plans(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Plan]:
    """Return the plans for units in *area*, those in force first, then the latest."""
    return in_order(one for one in all_plans(conn, today) if inside(tree, area, one.unit))


def in_order(found: Iterable[Plan]) -> list[Plan]:
    """Return plans with those in force first, then the latest."""
    order = list(Standing)
    latest = sorted(found, key=lambda one: (one.since, one.id), reverse=True)
    return sorted(latest, key=lambda one: order.index(one.standing))


def above(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Plan]:
    """Return the plans in force of the units above *area*, which hold in it too."""
    mine = tree.ancestors(area)
    return [one for one in all_plans(conn, today) if one.unit in mine and one.standing is Standing.IN_FORCE]


def plan(conn: sqlite3.Connection, id: str, today: date) -> Plan:
    """Return one plan that is there."""
    return next(one for one in all_plans(conn, today) if one.id == id)


def chosen(found: list[Plan], *, text: str = "", standing: str = "") -> list[Plan]:
    """Return those whose name or number holds *text*, of a standing."""
    wanted = fold(text)
    return [one for one in found if wanted in fold(f"{one.name} {one.number}") and standing in ("", one.standing.value)]


def from_state(id: str, state: dict[str, Any], today: date) -> Plan:
    """Return a plan from its state, whatever else is there."""
    return _plan(id, state, "", today)


def all_plans(conn: sqlite3.Connection, today: date) -> list[Plan]:
    """Return every plan, wherever it is for."""
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
        indicators=tuple(_read(Indicator, *one) for one in _coded(state, "indicator")),
        tasks=tuple(_read(Task, *one) for one in _coded(state, "task")),
        issued=state.get("issued") or "", issued_by=state.get("issued_by") or "",
        grounds=tuple(state.get("grounds") or ()), principle=state.get("principle") or "",
        settled=state.get("settled") or "",
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
                 bool(value.get("strict", True)), value.get("year"), value.get("sender") or "",
                 value.get("receiver") or "", value.get("words") or "", value.get("name") or "",
                 value.get("compiles") or "", value.get("heading") or "", value.get("every") or "year",
                 value.get("settled") or "")
        for path, value in state.items() if path.startswith("deadline/") and value
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.year or 0, one.due, one.receiver)))


def _periods(state: dict[str, Any]) -> tuple[Period, ...]:
    found = [
        Period(path.partition("/")[2], value["report"], value["first"], value["cut_off"], value.get("settled") or "")
        for path, value in state.items() if path.startswith("period/") and value
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.report), one.cut_off)))


def _coded(state: dict[str, Any], group: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what a group of the plan holds by code, H2.1 before H10.1."""
    paths = [path for path, value in state.items() if path.startswith(f"{group}/") and value]
    return [(path.partition("/")[2], state[path]) for path in sorted(paths, key=_by_number)]


def _by_number(code: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", code)
    return [(int(part), "") if part.isdecimal() else (0, sort_key(part)) for part in parts]


def _read(kind: Any, code: str, said: dict[str, Any]) -> Any:
    whole = {"code": code, **{one.name: _EMPTY[one.type] for one in fields(kind) if one.name != "code"}}
    for name, value in said.items():
        if name in whole and value is not None:
            whole[name] = tuple(value) if isinstance(value, list) else value
    return kind(**whole)


_EMPTY: dict[Any, Any] = {str: "", int: 0, int | None: None, bool: False, tuple[str, ...]: ()}
