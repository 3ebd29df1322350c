"""The one function that every figure of the share inspected comes from: pages, commands, files and returns."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Literal

from schemas.register import Kind
from schemas.units import Epoch, UnitTree
from server.coverage.figures import Coverage, Name, Row, Sum, Sums
from server.coverage.left_out import left_out
from server.coverage.lines import Lines
from server.coverage.question import Period, Question, ask, places_of
from server.coverage.steps import Counts, standing
from server.coverage.teams import by_team

By = Literal["unit", "commune", "kind", "team"]


def coverage(
    conn: sqlite3.Connection, *, tree: UnitTree, epoch: Epoch, year: int, as_of: date, unit: str | None = None,
    kinds: Iterable[str] = (), by: By = "unit", target: int | None = None, period: Period | None = None,
) -> Coverage:  # fmt: skip
    """Answer what share of the places of an area was inspected in *year*, as of a day, with all that is known now.

    *unit* is a key of the map of *epoch*, None for everything there is. Without *kinds* the
    plan's kinds count, without *target* the plan's targets stand at each row. *period*, a
    first and a last day, asks the same of another window. Rows are the units right below,
    or the communes, kinds or teams. Called within one read transaction; raises UnknownUnit.
    """
    question = ask(conn, tree, epoch, unit, year=year, as_of=as_of, kinds=kinds, period=period)
    if by == "team":
        total, sums = by_team(conn, question, places_of(conn, question))
    else:
        total, sums = _by_place(conn, question, by)
    lines = Lines(conn, question, target)
    return Coverage(
        total=lines.total(total),
        rows=tuple(_rows(lines, question, sums, by)),
        by=by,
        year=year,
        since=question.first,
        as_of=question.as_of,
        kinds=tuple(sorted(question.kinds)),
        plan=question.plan,
        holding_back=lines.reported.holding_back(unit),
    )


def _by_place(conn: sqlite3.Connection, question: Question, by: By) -> tuple[Sum, Sums]:
    """Add up what stands in the area, in total and under each row's name."""
    total, sums = Sum(), {name: Sum() for name in _expected(question, by)}
    names_of = _namer(question, by)
    for unit, kinds, counts in _cells(conn, question):
        sure = question.where.sure(unit)
        if question.where.holds(sure) and question.wants(kinds):
            total.add(counts)
            for name in names_of(sure, kinds):
                sums.setdefault(name, Sum()).add(counts)
    for one in left_out(conn, question):
        total.not_counted += 1
        for name in names_of(one.unit, one.kinds or ""):
            sums.setdefault(name, Sum()).not_counted += 1
    return total, sums


def _expected(question: Question, by: By) -> list[Name]:
    """Name the rows that stand there even with nothing in them."""
    if by == "kind":
        return [("kind", kind.value) for kind in Kind if question.wants(kind.value)]
    units = question.where.communes() if by == "commune" else question.where.children()
    return [("unit", key) for key in units]


def _namer(question: Question, by: By) -> Callable[[str, str], list[Name]]:
    """Return what names the rows in which a place stands, by its sure unit and its kinds."""
    where = question.where

    def kinds_of(sure: str, kinds: str) -> list[Name]:
        return [("kind", kind) for kind in kinds.split() if question.wants(kind)] or [("kind", "")]

    def child(sure: str, kinds: str) -> list[Name]:
        key = where.child_of(sure)
        return [("unit", key) if key else ("unknown", sure)]

    def commune(sure: str, kinds: str) -> list[Name]:
        key = where.commune_of(sure)
        return [("unit", key) if key else ("unknown", sure)]

    return {"kind": kinds_of, "commune": commune}.get(by, child)


def _rows(lines: Lines, question: Question, sums: Sums, by: By) -> Iterator[Row]:
    """Yield the rows in their order; what stands under no name that was expected comes last, if there is any."""
    expected = set(_expected(question, by)) if by != "team" else set(sums)
    order = {kind.value: place for place, kind in enumerate(Kind)}
    for name in sorted(sums, key=lambda name: (name not in expected, order.get(name[1], 99), name)):
        if name in expected or sums[name]:
            yield lines.row(name, sums[name])


def _cells(conn: sqlite3.Connection, question: Question) -> Iterator[tuple[str, str, Counts]]:
    """Yield unit, kinds and counts at the end of the window: a sum of day deltas, or where there are none, a count."""
    known = conn.execute("SELECT 1 FROM coverage_years WHERE year = ?", (question.year,)).fetchone()
    if known and question.period is None:
        yield from _summed(conn, question)
        return
    for place in places_of(conn, question):
        unit, kinds, counts = standing(place, question.since, question.until)
        if any(counts):
            yield unit, kinds, counts


def _summed(conn: sqlite3.Connection, question: Question) -> Iterator[tuple[str, str, Counts]]:
    keys = question.where.keys()
    units = f" AND unit IN ({', '.join('?' * len(keys))})" if keys is not None else ""
    rows = conn.execute(
        "SELECT unit, kinds, sum(open), sum(inspected), sum(inspected_not_open), sum(visits), sum(with_violations)"
        f"  FROM coverage_deltas WHERE year = ?{units} AND day < ? GROUP BY unit, kinds",
        (question.year, *(keys or ()), question.until),
    )
    return ((unit, kinds, Counts(*counts)) for unit, kinds, *counts in rows)
