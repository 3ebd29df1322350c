"""The same question of other years: the same period of the year before, and the trend over years."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.coverage.ask import coverage
from server.coverage.figures import Coverage, Name, Row
from server.coverage.question import EVERY_KIND

YEARS = 6  # of a trend, the asked one being the last


@dataclass(frozen=True)
class Before:
    """The same period of the year before: its figures in all, and of the rows that it has too."""

    total: Row
    rows: Mapping[Name, Row]
    year: int
    as_of: date


@dataclass(frozen=True)
class Year:
    """One year of a trend: all of it (of the asked one, so far), and up to the same day as the asked one."""

    year: int
    as_of: date
    whole: Row
    same_day: date
    to_same_day: Row

    def as_json(self) -> dict[str, Any]:
        """Return it as commands and programs read it."""
        return {
            "year": self.year, "as_of": self.as_of.isoformat(), "open": self.whole.open,
            "inspected": self.whole.inspected, "share": self.whole.share, "target": self.whole.target,
            "same_day": self.same_day.isoformat(), "open_to_same_day": self.to_same_day.open,
            "inspected_to_same_day": self.to_same_day.inspected,
        }  # fmt: skip


def same_day(day: date, year: int) -> date:
    """Return *day* in another *year*; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def year_before(conn: sqlite3.Connection, answer: Coverage, **asked: Any) -> Before | None:
    """Ask what *answer* was asked of the same period of the year before; None where there was no place, or a period.

    The kinds are those of *answer*, whatever the plan of that year says, so that like is compared with like.
    """
    if answer.period:
        return None
    day = same_day(answer.as_of, answer.year - 1)
    found = coverage(conn, **_other(answer, asked), year=answer.year - 1, as_of=day, by=answer.by)  # type: ignore[arg-type]
    if not (found.total.open or found.total.visits):
        return None
    return Before(found.total, {row.label: row for row in found.rows}, found.year, found.as_of)


def trend(conn: sqlite3.Connection, answer: Coverage, **asked: Any) -> tuple[Year, ...]:
    """Ask the same of the years up to that of *answer*, the earliest first, from the first with a visit on."""
    if answer.period:
        return ()
    found = [_year(conn, answer, year, asked) for year in range(answer.year - YEARS + 1, answer.year)]
    while found and not found[0].whole.visits:
        del found[0]
    return (*found, Year(answer.year, answer.as_of, answer.total, answer.as_of, answer.total)) if found else ()


def _year(conn: sqlite3.Connection, answer: Coverage, year: int, asked: dict[str, Any]) -> Year:
    other = _other(answer, asked) | {"year": year}
    last, day = date(year, 12, 31), same_day(answer.as_of, year)
    whole = coverage(conn, **other, as_of=last).total
    return Year(year, last, whole, day, coverage(conn, **other, as_of=day).total)


def _other(answer: Coverage, asked: dict[str, Any]) -> dict[str, Any]:
    leave = ("year", "as_of", "by", "period", "kinds")
    return {name: value for name, value in asked.items() if name not in leave} | {"kinds": answer.kinds or EVERY_KIND}


def change_in_tenths(now: Row, before: Row | None) -> int | None:
    """Return by how many tenths of a percent point the share rose, or fell; None where one of them has no share."""
    if before is None or not before.open or not now.open:
        return None
    above = 2000 * (now.inspected * before.open - before.inspected * now.open) + now.open * before.open
    return above // (2 * now.open * before.open)
