"""What is due between two days: for whom, by when, what was sent, how long is left, and what clashes."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from schemas.units import Epoch, UnitTree, epoch_on
from server.due.days import Coming, coming
from server.due.senders import senders, units
from server.pages.areas import inside
from server.plans.listing import Plan, all_plans

SOON = timedelta(days=14)


class Standing(StrEnum):
    """How a deadline of one unit stands on a day; the most urgent first."""

    OVERDUE = "overdue"
    DUE = "due"  # within 14 days
    TO_COME = "to_come"
    NO_DAY = "no_day"  # on request, all year round, or a day that no source names
    LATE_SENT = "late_sent"
    SENT = "sent"


@dataclass(frozen=True)
class Missing:
    """What is still missing: *what* is values, units, laptops or number; *units* are keys, where units lack it."""

    what: str
    count: int
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clash:
    """Another deadline for the same report of the same unit that comes earlier."""

    plan: str
    plan_name: str
    code: str
    name: str
    receiver: str
    before: str
    last_day: str


@dataclass(frozen=True)
class Due:
    """One deadline of one unit. Days are ISO, empty where there is none; *before* is the day as the plan says it.

    *deadline* is its place in the plan, which a return names. *in_place_of*: the unit of the map that ended.
    *go_by*: the day that reminders go by, earlier than *last_day* where another plan wants the same report sooner.
    """

    plan: str
    plan_name: str
    plan_number: str
    code: str
    deadline: str
    report: str
    name: str
    unit: str
    sender: str
    receiver: str
    words: str
    before: str
    last_day: str
    first: str
    cut_off: str
    standing: Standing
    days: int | None = None  # left until *last_day*; less than nothing: over it
    sent_on: str = ""
    return_id: str = ""
    version: int = 0
    every: str = "year"
    compiles: str = ""
    in_place_of: str = ""
    go_by: str = ""
    clash: Clash | None = None
    confidence: str = ""  # of a source that is no plan: how sure it is
    missing: tuple[Missing, ...] = ()

    @property
    def key(self) -> str:
        """Return what names it for ever: plan, deadline, unit and year."""
        return "/".join((self.plan or "-", self.deadline, self.unit, self.cut_off or self.last_day))


def due(conn: sqlite3.Connection, tree: UnitTree, area: str, first: date, last: date, today: date) -> tuple[Due, ...]:
    """Return what the units in *area* have to send between two days, both in it; the most urgent first.

    What has no day is in it wherever its plan holds in those days.
    """
    found = [one for plan in all_plans(conn, today) for one in _of_plan(tree, area, plan, (first, last, today))]
    return tuple(sorted(found, key=order))


def order(one: Due) -> tuple[object, ...]:
    """Return what sorts the most urgent first."""
    return one.last_day or "9999", one.plan_name, one.code, one.deadline, one.unit


def _of_plan(tree: UnitTree, area: str, plan: Plan, days: tuple[date, date, date]) -> Iterator[Due]:
    first, last, today = days
    for one in coming(plan, first, last):
        for unit in units(tree, plan, senders(plan, one.deadline), one.last_day or min(today, last)):
            if inside(tree, area, unit):
                yield _due(plan, one, unit, today)


def _due(plan: Plan, one: Coming, unit: str, today: date) -> Due:
    said = one.deadline
    return Due(
        plan=plan.id, plan_name=plan.name, plan_number=plan.number, code=said.code, deadline=said.place,
        report=said.report, name=said.name, unit=unit, sender=said.sender, receiver=said.receiver, words=said.words,
        before=before(said.strict, one.last_day), last_day=_iso(one.last_day), first=_iso(one.first),
        cut_off=_iso(one.cut_off), standing=standing(one.last_day, today),
        days=(one.last_day - today).days if one.last_day else None, compiles=said.compiles,
        in_place_of=plan.unit if _is_past(plan, one, today) else "", go_by=_iso(one.last_day),
    )  # fmt: skip


def _is_past(plan: Plan, one: Coming, today: date) -> bool:
    return plan.unit.startswith(f"{Epoch.OLD}:") and epoch_on(one.last_day or today) is Epoch.NEW


def standing(last_day: date | None, today: date) -> Standing:
    """Return how what was not sent stands: overdue from the day after the last day in time."""
    if last_day is None:
        return Standing.NO_DAY
    if today > last_day:
        return Standing.OVERDUE
    return Standing.DUE if last_day - today <= SOON else Standing.TO_COME


def before(strict: bool, last_day: date | None) -> str:
    """Return the day as a plan says it: “trước ngày 20/6/2026”, or “chậm nhất ngày 31/1/2026”."""
    if last_day is None:
        return ""
    named = last_day + timedelta(days=1) if strict else last_day
    text = f"{named.day}/{named.month}/{named.year}"
    return f"trước ngày {text}" if strict else f"chậm nhất ngày {text}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
