"""What is missing for a return: values not entered, units below that have not sent, laptops silent, no number."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schemas.units import UnitTree
from server.coverage.complete import Reported
from server.due.senders import Sender, named
from server.due.shape import Due, Missing
from server.indicators.asked import asked
from server.plans.listing import Indicator, Plan

LOOKED_AT = timedelta(days=45)  # before the last day: of what is further off nothing is missing yet
SILENT = timedelta(days=7)  # of a laptop, up to the cut-off day
Values = dict[tuple[str, str, str, str], set[str]]  # plan, unit, report, year: the indicators with a figure


@dataclass(frozen=True)
class _Known:
    """What is read once for all."""

    tree: UnitTree
    plans: dict[str, Plan]
    unsent: dict[tuple[str, str, str], tuple[str, ...]]  # plan, deadline and year: the units that have not sent
    values: Values
    reported: Reported
    today: date


def with_missing(
    conn: sqlite3.Connection, tree: UnitTree, plans: Iterable[Plan], dues: list[Due], every: list[Due], today: date
) -> list[Due]:  # fmt: skip
    """Return each of *dues* with what is missing for it; *every* has all deadlines of their plans and years."""
    if not any(_is_near(one, today) for one in dues):
        return dues
    by_id = {plan.id: plan for plan in plans}
    known = _Known(tree, by_id, _unsent(every), _values(conn, dues), Reported(conn, tree), today)
    return [replace(one, missing=tuple(_missing(one, known))) if _is_near(one, today) else one for one in dues]


def _is_near(one: Due, today: date) -> bool:
    if not one.open:
        return bool(one.return_id) and not one.number
    last = one.last_day or one.cut_off
    return bool(last) and date.fromisoformat(last) - today <= LOOKED_AT


def _missing(one: Due, known: _Known) -> Iterator[Missing]:
    if not one.open:
        yield Missing("number", 1)
        return
    if not one.cut_off:
        return
    plan = known.plans.get(one.plan)
    there = known.values.get((one.plan, one.unit, one.report, one.cut_off[:4]), set())
    every = plan.indicators if plan else ()
    lacking = [each for each in every if _asked_of(each, one, known) and each.code not in there]
    if lacking:
        yield Missing("values", len(lacking))
    below = [unit for unit in known.unsent.get((one.plan, _below(one), _year(one)), ()) if unit != one.unit]
    if below and (one.compiles or _is_own(one)):
        yield Missing("units", len(below), tuple(below))
    limit = min(date.fromisoformat(one.cut_off), known.today - SILENT)
    if silent := known.reported.silent(one.unit, limit):
        yield Missing("laptops", len(silent))


def _asked_of(indicator: Indicator, one: Due, known: _Known) -> bool:
    """Say whether the unit of a deadline enters the figure of an indicator: its office also those of departments."""
    if indicator.source != "entered" or one.in_place_of:  # whoever stands for an ended unit has no page to enter it
        return False
    if not _is_own(one):
        return asked(indicator, known.tree, one.plan_unit, one.unit)
    return any(Sender.BELOW not in named((body,)) for body in indicator.reports)


def _is_own(one: Due) -> bool:
    """Say whether its unit stands for the plan's own unit, also where that is no more, and not for one below."""
    return one.unit == one.plan_unit or bool(one.compiles)


def _below(one: Due) -> str:
    return one.compiles or one.code or one.deadline


def _year(one: Due) -> str:
    return (one.cut_off or one.last_day)[:4]


def _unsent(every: list[Due]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    found = defaultdict(list)
    for one in every:
        if one.open and one.last_day:
            found[one.plan, one.code or one.deadline, _year(one)].append(one.unit)
    return {key: tuple(units) for key, units in found.items()}


def _values(conn: sqlite3.Connection, dues: list[Due]) -> Values:
    days = [one.cut_off for one in dues if one.cut_off]
    found: Values = defaultdict(set)
    if not days:
        return found
    rows = conn.execute(
        "SELECT plan, unit, report, until, indicator FROM indicator_values"
        " WHERE standing <> 'returned' AND until BETWEEN ? AND ?",
        (f"{min(days)[:4]}-01-01", f"{max(days)[:4]}-12-31"),
    )
    for plan, unit, report, until, indicator in rows:
        found[plan, unit, report, until[:4]].add(indicator)
    return found
