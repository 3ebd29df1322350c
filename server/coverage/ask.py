"""The one function that every figure of the share inspected comes from: pages, commands, files and returns."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from schemas.units import Epoch, UnitTree
from server.coverage.adding import Adding, add_up
from server.coverage.figures import Coverage, Row, Sums
from server.coverage.lines import Lines
from server.coverage.question import Period, ask

By = Literal["unit", "across", "commune", "kind", "basis", "team"]


def coverage(
    conn: sqlite3.Connection, *, tree: UnitTree, epoch: Epoch, year: int, as_of: date, unit: str | None = None,
    kinds: Iterable[str] = (), by: By = "unit", target: int | None = None, period: Period | None = None,
    team: str = "", basis: str = "",
) -> Coverage:  # fmt: skip
    """Answer what share of the places of an area was inspected in *year*, as of a day, with all that is known now.

    *unit* is a key of the map of *epoch*, None for everything there is. Without *kinds* the
    plan's kinds count, without *target* the plan's targets stand at each row. *period*, a
    first and a last day, asks the same of another window. With *team* and *basis* only such
    visits count, and a team answers for the places of its area. Rows are the units right
    below, or those of the other map, or the communes, kinds, bases or teams. Called within one read transaction;
    raises UnknownUnit.
    """
    question = ask(
        conn, tree, epoch, unit, year=year, as_of=as_of, kinds=kinds, period=period, team=team, basis=basis
    )  # fmt: skip
    adding = Adding(conn, question, by)
    total, sums = add_up(conn, adding)
    lines = Lines(conn, question, target, adding.teams)
    return Coverage(
        total=lines.total(total),
        rows=tuple(_rows(lines, adding, sums)),
        by=by,
        year=year,
        since=question.first,
        as_of=question.as_of,
        kinds=tuple(sorted(question.kinds)),
        plan=question.plan,
        holding_back=lines.reported.holding_back(unit),
        period=question.period,
        team=team,
        basis=basis,
    )


def _rows(lines: Lines, adding: Adding, sums: Sums) -> Iterator[Row]:
    """Yield the rows in their order; what stands under no name that was expected comes last, if there is any."""
    expected = dict.fromkeys(adding.expected)
    for name in (*expected, *sorted(sums.keys() - expected)):
        if name in expected or sums[name]:
            yield lines.row(name, sums[name])
