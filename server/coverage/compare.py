"""The same question of other years: the same period of the year before, and the trend over years."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.coverage.adding import Adding, add_all, add_counted
from server.coverage.figures import Brief, Coverage, Name, Row, Sum
from server.coverage.question import EVERY_KIND, Question, ask

YEARS = 6  # of a trend, the asked one being the last


@dataclass(frozen=True)
class Before:
    """The same period of the year before: its figures in all, and of the rows that it has too, without targets."""

    total: Brief
    rows: Mapping[Name, Brief]
    year: int
    as_of: date


@dataclass(frozen=True)
class Year:
    """One year of a trend: all of it (of the asked one, so far), and up to the same day as the asked one."""

    year: int
    as_of: date
    whole: Brief
    same_day: date
    to_same_day: Brief

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
    question, target = _of_year(conn, answer, day, asked)
    total, sums = add_counted(conn, Adding(conn, question, answer.by))
    if not (total.open or total.visits):
        return None
    rows = {name: _brief(found, None) for name, found in sums.items()}
    return Before(_brief(total, target), rows, day.year, day)


def trend(conn: sqlite3.Connection, answer: Coverage, **asked: Any) -> tuple[Year, ...]:
    """Ask the same of the years up to that of *answer*, the earliest first, from the first with a visit on."""
    if answer.period:
        return ()
    found = [_year(conn, answer, year, asked) for year in range(answer.year - YEARS + 1, answer.year)]
    while found and not found[0].whole.visits:
        del found[0]
    now = _brief(answer.total, answer.total.target)
    return (*found, Year(answer.year, answer.as_of, now, answer.as_of, now)) if found else ()


def _year(conn: sqlite3.Connection, answer: Coverage, year: int, asked: dict[str, Any]) -> Year:
    last, day = date(year, 12, 31), same_day(answer.as_of, year)
    whole, to_same_day = (
        _brief(add_all(conn, question), target)
        for question, target in (_of_year(conn, answer, as_of, asked) for as_of in (last, day))
    )
    return Year(year, last, whole, day, to_same_day)


def _of_year(
    conn: sqlite3.Connection, answer: Coverage, as_of: date, asked: dict[str, Any]
) -> tuple[Question, int | None]:
    """Return the question of *answer* up to *as_of* of another year, and the target of its whole area."""
    unit = asked.get("unit")
    question = ask(
        conn, asked["tree"], asked["epoch"], unit, year=as_of.year, as_of=as_of, kinds=answer.kinds or EVERY_KIND,
        team=answer.team, basis=answer.basis,
    )  # fmt: skip
    given = asked.get("target")
    return question, question.target_of(unit) if given is None else given


def _brief(found: Sum | Row, target: int | None) -> Brief:
    return Brief(found.open, found.inspected, found.visits, target)


def change_in_tenths(now: Row, before: Brief | Row | None) -> int | None:
    """Return by how many tenths of a percent point the share rose, or fell; None where one of them has no share."""
    if before is None or not before.open or not now.open:
        return None
    above = 2000 * (now.inspected * before.open - before.inspected * now.open) + now.open * before.open
    return above // (2 * now.open * before.open)
