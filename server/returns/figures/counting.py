"""Counting everything of an area and its days in one pass over its places; the table is made from what was counted."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from schemas.units import UnitTree
from server.coverage.lines import EVERYTHING
from server.coverage.question import Question, places_of
from server.coverage.where import Where
from server.returns.figures.beside import (
    count_acts,
    count_handed_over,
    count_informed,
    count_repeated,
    count_tips,
)
from server.returns.figures.columns import COLUMNS
from server.returns.figures.days import Asked, asked_of
from server.returns.figures.decided import count_decisions
from server.returns.figures.places import Period, count_left_out, count_paused, visits_to
from server.returns.figures.tally import rows_of
from server.returns.table import Figures


def figures(
    conn: sqlite3.Connection, tree: UnitTree, unit: str | None, first: date, last: date, *, plan: str | None = None
) -> Figures:
    """Count what stands in *unit* (a key of either map) from *first* to *last*, both in it, with all known now.

    *plan* is the id of the plan whose kinds count; without it that of the unit in that year, as coverage has it.
    Called within one read transaction; raises UnknownUnit.
    """
    asked = asked_of(conn, tree, unit, first, last, plan=plan)
    periods = count(conn, asked)
    rows = rows_of(asked, periods[0].tally, periods[1].tally if asked.before else None)
    return Figures(
        unit=unit,
        name=_name(asked.now.where),
        first=first.isoformat(),
        last=last.isoformat(),
        before=(asked.before.since, asked.before.as_of.isoformat()) if asked.before else None,
        kinds=tuple(sorted(asked.now.kinds)),
        plan=asked.plan.id if asked.plan else None,
        target=asked.target,
        exact=asked.now.where.exact(unit or "", last),
        columns=COLUMNS,
        rows=rows.rows,
        of_units=rows.of_units,
        of_kinds=rows.of_kinds,
        total=rows.total,
    )


def count(conn: sqlite3.Connection, asked: Asked) -> tuple[Period, ...]:
    """Count the period of now, and that of the year before where there is one."""
    periods = tuple(Period(conn, question) for question in asked.questions)
    _count_places(conn, asked.widest, periods)
    roots = sorted({root for period in periods for root in period.standing})
    visits = list(visits_to(conn, roots, asked.widest.since, asked.widest.until))
    for visit in visits:
        for period in periods:
            period.take_visit(visit)
    count_acts(conn, periods, visits)
    count_informed(conn, periods, visits)
    count_handed_over(conn, periods)
    count_decisions(conn, periods)
    for period in periods:
        count_left_out(conn, period)
        count_repeated(conn, period)
        count_tips(conn, period)
    return periods


def _count_places(conn: sqlite3.Connection, widest: Question, periods: Sequence[Period]) -> None:
    shut: list[list[str]] = [[] for _ in periods]
    for place in places_of(conn, widest):
        for period, some in zip(periods, shut, strict=True):
            if not period.take(place):
                some.append(place.root)
    for period, some in zip(periods, shut, strict=True):
        count_paused(conn, period, some)


def _name(where: Where) -> str:
    known = where.tree.get(where.unit) if where.unit else None
    return known.name if known else EVERYTHING
