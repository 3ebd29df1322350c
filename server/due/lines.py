"""The calendar as it is read: one line a deadline, for however many units, in sections by what is most urgent."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from schemas.units import UnitTree
from server.due.listing import due
from server.due.shape import Due, Standing

LOOK_BACK = timedelta(days=60)  # into the year before: what is overdue since does not end with the year
LOOK_AHEAD = timedelta(days=62)
_ORDER = list(Standing)


@dataclass(frozen=True)
class Line:
    """One deadline of one plan and period, with all units of it that one may see."""

    dues: tuple[Due, ...]

    @property
    def one(self) -> Due:
        """What is the same for all of them: the most urgent of them."""
        return min(self.dues, key=lambda one: _ORDER.index(one.standing))

    @property
    def waited_for(self) -> tuple[Due, ...]:
        """Those that have not sent."""
        return tuple(one for one in self.dues if one.open)

    @property
    def standing(self) -> Standing:
        """How it stands: as its most urgent."""
        return self.one.standing

    @property
    def period(self) -> str:
        """What names its days in an address."""
        return self.one.cut_off or self.one.last_day or "-"


@dataclass(frozen=True)
class Section:
    """A part of the calendar. *month*: YYYY-MM of what is due in it; else *what*: overdue, no_day or sent."""

    what: str
    month: str
    lines: tuple[Line, ...]


def lines(found: Iterable[Due]) -> list[Line]:
    """Put the units of one deadline together, in the order in which they are due."""
    ordered = sorted(found, key=_same)
    return [Line(tuple(some)) for _, some in groupby(ordered, key=_same)]


def _same(one: Due) -> tuple[str, ...]:
    return one.last_day or "9999", one.cut_off, one.plan_name, one.plan, one.code, one.deadline


def sections(found: Iterable[Line]) -> list[Section]:
    """Return what is overdue first, then month by month what is still to be sent, what has no day, what is over."""
    parts: dict[tuple[int, str, str], list[Line]] = {}
    for line in found:
        parts.setdefault(_place(line), []).append(line)
    return [Section(what, month, tuple(parts[place])) for place in sorted(parts) for _, month, what in [place]]


def _place(line: Line) -> tuple[int, str, str]:
    if not line.waited_for:
        return 3, "", "sent"
    if line.standing is Standing.OVERDUE:
        return 0, "", "overdue"
    if line.standing is Standing.NO_DAY:
        return 2, "", "no_day"
    return 1, line.one.last_day[:7], "month"


def year_of(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int, today: date) -> list[Due]:
    """Return what is due in *year*; of the present one also what is left over of the last, and soon in the next."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if year != today.year:
        return list(due(conn, tree, unit, first, last, today))
    found = due(conn, tree, unit, min(first, today - LOOK_BACK), max(last, today + LOOK_AHEAD), today)
    start, since = first.isoformat(), (today - LOOK_BACK).isoformat()
    return [one for one in found if _is_of(one, start, since)]


def _is_of(one: Due, start: str, since: str) -> bool:
    if one.last_day:
        return one.last_day >= start or one.standing is Standing.OVERDUE
    return not one.cut_off or one.cut_off[:4] == start[:4] or (one.open and since <= one.cut_off < start)
