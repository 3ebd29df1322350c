"""The plans that teams work under, as they were issued: indicators, deadlines and tasks with the plan's own sentences.

A plan in force is a thing of the register; these files are what one is made from (data/plans/*.toml).
"""

import tomllib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from schemas import data

_DAY = timedelta(days=1)


class Measure(StrEnum):
    """What kind of figure an indicator is."""

    SHARE = "share"  # numerator of denominator, in percent
    MONTHS = "months"  # months in which something was done, of all
    GROWTH = "growth"  # by how many percent more than the year before
    TEXT = "text"  # a narrative, no figure


class Source(StrEnum):
    """Where an indicator's figure comes from."""

    COMPUTED = "computed"  # from our own records
    ENTERED = "entered"  # by the unit that reports


@dataclass(frozen=True)
class Indicator:
    """One indicator. *known*: what of our own records gives or helps it; *small_cells*: hidden below that, beyond."""

    code: str
    name: str
    english: str
    heading: str
    sentence: str
    measure: Measure
    period: str  # year, or to_end: once for the whole period
    reports: tuple[str, ...]
    to: str
    source: Source
    at_least: int | None = None  # percent
    at_most: int | None = None
    strives: bool = False  # “phấn đấu”
    numerator: str = ""
    denominator: str = ""
    counts: str = ""
    cohort: str = ""
    known: str = ""
    small_cells: int = 0
    settled: str = ""


@dataclass(frozen=True)
class Deadline:
    """One deadline. Before a day is strict: for 20 June the last day is the 19th; *inclusive* says otherwise."""

    code: str
    name: str
    kind: str
    heading: str
    sentence: str
    every: str  # year, once, request, regular, whole_year
    sent_by: tuple[str, ...]
    to: tuple[str, ...]
    before: str = ""  # month-day, or a day
    within: str = ""  # a month, or year-quarter
    compiles: str = ""
    inclusive: bool = False
    settled: str = ""

    def last_day(self, year: int) -> date | None:
        """Return the last day on which it is in time in *year*; None where no day is named, or not in that year."""
        if self.before:
            named = date.fromisoformat(self.before if len(self.before) > len("12-31") else f"{year}-{self.before}")
            return (named if self.inclusive else named - _DAY) if named.year == year else None
        return _end_of(self.within, year) if self.within else None


@dataclass(frozen=True)
class Task:
    """One piece of work: who leads, who helps, when."""

    code: str
    name: str
    heading: str
    lead: tuple[str, ...]
    help: tuple[str, ...]
    time: str
    sentence: str = ""
    deadline: str = ""
    settled: str = ""


@dataclass(frozen=True)
class Issued:
    """A plan as it was issued, of the area *epoch*:*area*."""

    id: str
    name: str
    number: str
    number_note: str
    issued_by: str
    level: str
    epoch: str
    area: str
    since: date
    until: date
    grounds: tuple[str, ...]
    principle: str
    indicators: tuple[Indicator, ...]
    deadlines: tuple[Deadline, ...]
    tasks: tuple[Task, ...]


@cache
def issued() -> tuple[Issued, ...]:
    """Read every plan that comes with the program, the oldest first."""
    folder = packaged(data).joinpath("plans")
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
    return tuple(sorted((_plan(tomllib.loads(text)) for text in texts), key=lambda plan: plan.since))


def differing(one: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Return the indicators of two plans that mean the same (H3.3 and T3.3) and differ in what they ask for.

    The plans may be issued ones or those of the register.
    """
    theirs = {indicator.code[1:]: indicator for indicator in other.indicators}
    for ours in one.indicators:
        mate = theirs.get(ours.code[1:])
        if mate and _asked(ours) != _asked(mate):
            yield ours, mate


def _asked(one: Any) -> tuple[Any, ...]:
    return one.at_least, one.at_most, one.period, one.counts


def _end_of(within: str, year: int) -> date | None:
    """Return the last day of a month (`01`) of *year*, or of a quarter (`2023-Q1`) where it is of that year."""
    if "-Q" not in within:
        month = int(within)
        return date(year, month, monthrange(year, month)[1])
    of, _, quarter = within.partition("-Q")
    month = 3 * int(quarter)
    return date(year, month, monthrange(year, month)[1]) if int(of) == year else None


def _plan(said: dict[str, Any]) -> Issued:
    plan = dict(said["plan"])
    since, until = date.fromisoformat(plan.pop("from")), date.fromisoformat(plan.pop("to"))
    return Issued(
        **{name: _frozen(value) for name, value in plan.items()}, since=since, until=until,
        indicators=tuple(_read(Indicator, row) for row in said["indicator"]),
        deadlines=tuple(_read(Deadline, _renamed(row)) for row in said["deadline"]),
        tasks=tuple(_read(Task, {"help": [], **row}) for row in said["task"]),
    )  # fmt: skip


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {("sent_by" if name == "from" else name): value for name, value in row.items()}


def _read(kind: Any, row: dict[str, Any]) -> Any:
    enums = {"measure": Measure, "source": Source}
    known = {one.name for one in fields(kind)}
    assert row.keys() <= known, row.keys() - known
    return kind(**{name: enums[name](value) if name in enums else _frozen(value) for name, value in row.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
