"""Working days in Vietnam: Saturdays, Sundays and holidays are off, and holidays are dated data (data/holidays.csv).

Only holidays with a fixed date are certain. The others (Tết, the anniversary of the Hùng kings, the day beside
2 September) are announced each year: a limit is reckoned without them, so that it is never later than in law.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from schemas.data import files

_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Holiday:
    """One day off; *every_year*: `day` is that of its month in any year."""

    day: date
    every_year: bool
    name: str
    certain: bool
    source: str


@cache
def holidays() -> tuple[Holiday, ...]:
    """Read every holiday that comes with the program."""
    return tuple(_holiday(cells) for cells in files.rows("holidays.csv"))


def is_working(day: date) -> bool:
    """Say whether *day* is surely a working day, as far as fixed dates go."""
    return day.weekday() < SATURDAY and day not in _off(day.year)


def may_be_off(day: date) -> bool:
    """Say whether *day* is probably off, though no fixed date says so."""
    return day in _probably_off()


@lru_cache(maxsize=4096)
def working_days_after(start: date, count: int) -> date:
    """Return the last day of a limit of *count* working days; the day it runs from is not in it."""
    return _after(start, count, is_working)


@lru_cache(maxsize=4096)
def probably_after(start: date, count: int) -> date:
    """Return the same with the holidays that are not certain left out too."""
    return _after(start, count, lambda day: is_working(day) and not may_be_off(day))


def _after(start: date, count: int, works: Callable[[date], bool]) -> date:
    day = start
    while count > 0:
        day += _DAY
        count -= works(day)
    return day


@cache
def _probably_off() -> frozenset[date]:
    return frozenset(one.day for one in holidays() if not one.certain)


@cache
def _off(year: int) -> frozenset[date]:
    """Return the certain days off of a year; one on a weekend is made up on the next working day (Đ.111.3)."""
    fixed = {one.day.replace(year=year) for one in holidays() if one.certain and one.every_year}
    fixed |= {one.day for one in holidays() if one.certain and not one.every_year and one.day.year == year}
    for day in sorted(fixed):
        if day.weekday() >= SATURDAY:
            instead = day
            while instead.weekday() >= SATURDAY or instead in fixed:
                instead += _DAY
            fixed.add(instead)
    return frozenset(fixed)


def _holiday(cells: dict[str, str]) -> Holiday:
    every_year = cells["date"].startswith("*")
    text = cells["date"].replace("*", "2000")
    return Holiday(date.fromisoformat(text), every_year, cells["name"], files.flag(cells["certain"]), cells["source"])
