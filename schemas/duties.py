"""Duties: what a visit's outcome makes the team do, and by when. Which there are is data (data/duties.toml)."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from schemas import data, workdays
from schemas.data import files
from schemas.inspections import Basis, Outcome


class Unit(StrEnum):
    """What a limit is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True)
class DutyRow:
    """One duty as the data has it; see the head of the file."""

    id: str
    words: str
    words_en: str
    when: tuple[str, ...]
    limit: int
    unit: Unit
    extended: int
    source: str
    model: bool
    mark: str
    confirmed_by: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Due:
    """A duty of one visit with its last day, and the time of that day where it is counted in hours.

    *extended* is the last day where the law allows longer; *later* that with holidays that are not certain.
    """

    row: DutyRow
    day: date
    clock: str = ""
    extended: date | None = None
    later: date | None = None


@cache
def rows() -> tuple[DutyRow, ...]:
    """Read every duty that comes with the program, in the order of the file."""
    text = packaged(data).joinpath("duties.toml").read_text(encoding="utf-8")
    return tuple(_row(cells) for cells in tomllib.loads(text)["duty"])


def reasons(body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what in a visit makes duties, by the names that `when` uses; none of a voided one or an attempt.

    Whether findings are still open and what happened to the paper is not in the body: it is told to `due`.
    """
    if body.get("void") is True or str(body.get("outcome")) not in {one.value for one in Outcome if one.counts}:
        return ()
    unscheduled = body.get("basis") == Basis.UNSCHEDULED
    said = {
        "inspected": True,
        "unscheduled": unscheduled,
        "not_unscheduled": not unscheduled,
        "violations": bool(body.get("violations")),
        "crime": body.get("crime_signs") is True,
        "child": minors(body) > 0,
        "child_not_called": minors(body) > 0 and body.get("child_called") is not True,
    }
    return tuple(name for name, holds in said.items() if holds)


def minors(body: Mapping[str, Any]) -> int:
    """Return how many people under 18 a visit counted; what is no number counts none."""
    counts = body.get("workers")
    found = counts.get("under_18") if isinstance(counts, Mapping) else None
    return found if type(found) is int else 0


def due(holds: Collection[str], day: date, ended: datetime | None = None) -> list[Due]:
    """Return the duties of a visit of *day*, of which *holds* are the reasons; the one due first stands first.

    *ended* is when it ended, in Vietnam's time; hours are counted from there, else from the end of the day.
    """
    end = ended or datetime.combine(day + timedelta(days=1), time())
    found = [
        _due(row, day, end)
        for row in rows()
        if set(row.when) <= set(holds) and files.covers(row.valid_from, row.valid_to, day)
    ]
    return sorted(found, key=lambda one: (one.day, one.clock))


def ended_at(body: Mapping[str, Any]) -> datetime | None:
    """Return when a visit ended, in Vietnam's time; an end before the start is on the next day."""
    try:
        day, end = date.fromisoformat(str(body.get("date"))), time.fromisoformat(str(body.get("ended")))
    except ValueError:
        return None
    after_midnight = str(body.get("ended")) < str(body.get("started") or "")
    return datetime.combine(day + timedelta(days=after_midnight), end)


def _due(row: DutyRow, day: date, end: datetime) -> Due:
    if row.unit is Unit.HOURS:
        last = end + timedelta(hours=row.limit)
        return Due(row, last.date(), f"{last:%H:%M}")
    if row.unit is Unit.DAYS:
        return Due(row, day + timedelta(days=row.limit))
    last_day, probably = workdays.working_days_after(day, row.limit), workdays.probably_after(day, row.limit)
    longer = workdays.working_days_after(day, row.extended) if row.extended else None
    return Due(row, last_day, extended=longer, later=probably if probably != last_day else None)


def _row(cells: dict[str, Any]) -> DutyRow:
    return DutyRow(
        **{
            **cells,
            "when": tuple(cells["when"]),
            "unit": Unit(cells["unit"]),
            "valid_from": files.day(cells["valid_from"]),
            "valid_to": files.day(cells["valid_to"]),
        }
    )
