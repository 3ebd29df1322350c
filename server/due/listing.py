"""What is due between two days: for whom, by when, what was sent, how long is left, what is missing, what clashes."""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from schemas.plans import Report
from schemas.units import Epoch, UnitTree, epoch_on
from server.due import quarterly
from server.due.clashes import with_clashes
from server.due.days import Coming, coming
from server.due.done import Done, done
from server.due.missing import with_missing
from server.due.senders import senders, units
from server.due.sent import Key, Return, key_of, returns
from server.due.shape import Clash, Due, Missing, Standing
from server.pages.areas import inside, units_inside
from server.plans.listing import Plan, all_plans

__all__ = ["Clash", "Due", "Missing", "Standing", "due"]
SOON = timedelta(days=14)


def due(conn: sqlite3.Connection, tree: UnitTree, area: str, first: date, last: date, today: date) -> tuple[Due, ...]:
    """Return what the units in *area* have to send between two days, both in it, by day.

    What has no day is in it wherever its plan holds in those days, at the end. Called within one read transaction.
    """
    plans = [plan for plan in all_plans(conn, today) if plan.unit in tree.scope(area)]
    years = date(first.year, 1, 1), date(last.year, 12, 31)  # another plan's earlier day may lie before the first
    there = returns(conn, f"{first.year - 1}-01-01", f"{last.year + 1}-12-31")
    finished = done(conn, plans, years)
    every = [_told(one, there, finished) for plan in plans for one in _of_plan(tree, plan, years, today)]
    mine = with_clashes(tree, every, {plan.id: plan.unit for plan in plans})
    mine += [_told(one, there, finished) for one in _quarters(conn, units_inside(tree, area), (first, last))]
    asked = [one for one in mine if _between(one, first, last) and _is_in(tree, area, one)]
    return tuple(sorted(with_missing(conn, tree, plans, asked, every, today), key=_order))


def of_return(conn: sqlite3.Connection, tree: UnitTree, of: Key, today: date) -> Due | None:
    """Return the deadline that a return is for, by its plan, deadline, unit and last day; None where it has none."""
    plan, deadline, unit, until = of
    year = int(until[:4])
    found = due(conn, tree, unit, date(year, 1, 1), date(year + 1, 4, 30), today) if plan and deadline else ()
    mine = (one for one in found if (one.plan, one.return_unit) == (plan, unit)
            and deadline in (one.code, one.deadline))  # fmt: skip
    return next((one for one in mine if (one.cut_off or one.last_day)[:4] == until[:4]), None)


def _is_in(tree: UnitTree, area: str, one: Due) -> bool:
    return inside(tree, area, one.unit) or (bool(one.stands_for) and inside(tree, area, one.stands_for))


def _between(one: Due, first: date, last: date) -> bool:
    return not one.last_day or first.isoformat() <= one.last_day <= last.isoformat()


def _order(one: Due) -> tuple[str, ...]:
    return one.last_day or "9999", one.plan_name, one.plan, one.code, one.deadline, one.cut_off, one.unit


def _of_plan(tree: UnitTree, plan: Plan, years: tuple[date, date], today: date) -> Iterator[Due]:
    for one in coming(plan, *years):
        for unit in units(tree, plan, senders(plan, one.deadline), one.last_day or min(today, years[1])):
            said = _due(plan, one, unit, today)
            compiles = bool(said.in_place_of) and not inside(tree, plan.unit, unit)
            yield replace(said, stands_for=plan.unit) if compiles else said


def _due(plan: Plan, one: Coming, unit: str, today: date) -> Due:
    said = one.deadline
    ended = plan.unit.startswith(f"{Epoch.OLD}:") and epoch_on(one.last_day or today) is Epoch.NEW
    return Due(
        plan=plan.id, plan_name=plan.name, plan_number=plan.number, plan_unit=plan.unit, code=said.code,
        deadline=said.place, report=said.report, name=said.name, unit=unit, sender=said.sender, receiver=said.receiver,
        words=said.words, before=before(one.last_day, strict=said.strict), strict=said.strict,
        last_day=_iso(one.last_day), first=_iso(one.first), cut_off=_iso(one.cut_off),
        standing=standing(one.last_day, today), every=said.every, compiles=said.compiles,
        days=(one.last_day - today).days if one.last_day else None,
        go_by=_iso(one.last_day), in_place_of=plan.unit if ended else "",
    )  # fmt: skip


def _quarters(conn: sqlite3.Connection, within: Collection[str], asked: tuple[date, date]) -> Iterator[Due]:
    """Return the report of the teams of each quarter of those days: of a source that names no day and no receiver."""
    said = quarterly.source()
    for first, last in quarterly.quarters(*asked):
        for unit in quarterly.units_with_teams(conn, within, first, last):
            yield Due(
                plan="", plan_name=said["source"], plan_number="", plan_unit="", code=said["code"],
                deadline=said["report"], report=said["report"], name=said["name"], unit=unit, sender=said["sender"],
                receiver=said["receiver"], words=said["words"], before="", last_day="", first=first.isoformat(),
                cut_off=last.isoformat(), standing=Standing.NO_DAY, every="quarter", confidence=said["mark"],
                caution=said["caution"],
            )  # fmt: skip


def _told(one: Due, there: dict[Key, Return], finished: dict[Key, Done]) -> Due:
    """Return it with what was sent, in time or late by its first version's day; the draft; or done, or not to be."""
    if one.report == Report.OTHER:
        said = finished.get((one.plan, one.deadline, one.unit, one.last_day[:4]))
        return _finished(one, said) if said else one
    keys = (key_of(one.plan, place, one.return_unit, one.cut_off or one.last_day) for place in (one.code, one.deadline))
    found = next((there[key] for key in keys if key in there), None)
    if found is None:
        return one
    told = replace(one, return_id=found.id, version=found.version, number=found.number, sent_on=found.sent_on)
    return replace(told, standing=_sent_at(one, found.sent_on)) if found.sent_on else told


def _finished(one: Due, said: Done) -> Due:
    return replace(one, sent_on=said.on, standing=_sent_at(one, said.on) if said.was_done else Standing.NOT_DONE)


def _sent_at(one: Due, day: str) -> Standing:
    return Standing.LATE_SENT if one.last_day and day > one.last_day else Standing.SENT


def standing(last_day: date | None, today: date) -> Standing:
    """Return how what was not sent stands: overdue from the day after the last day in time."""
    if last_day is None:
        return Standing.NO_DAY
    if today > last_day:
        return Standing.OVERDUE
    return Standing.DUE if last_day - today <= SOON else Standing.TO_COME


def before(last_day: date | None, *, strict: bool) -> str:
    """Return the day as a plan says it: “trước ngày 20/6/2026”, or “chậm nhất ngày 31/1/2026”."""
    if last_day is None:
        return ""
    named = last_day + timedelta(days=1) if strict else last_day
    text = f"{named.day}/{named.month}/{named.year}"
    return f"trước ngày {text}" if strict else f"chậm nhất ngày {text}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
