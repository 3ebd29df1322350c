"""The share inspected of a whole area, as of any day: by commune, by team, by planned visits, and as a workbook."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from flask_babel import Babel

from benchmarks import history
from benchmarks.ends import SEED, Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.invented import communes
from benchmarks.sizes import Size
from schemas.units import Epoch
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.coverage.answer import answer
from server.coverage.ask import coverage
from server.coverage.figures import Coverage
from server.coverage.years import recount
from server.pages.figures import Line
from server.pages.files import of_shares
from server.store import connect
from server.tables import Table, workbook

FIGURES = ("coverage", "coverage_by_team", "coverage_of_team", "coverage_planned", "coverage_xlsx")
DAYS = 20
PLAIN = """
    SELECT unit, count(*), count(seen.place)
      FROM places
      LEFT JOIN (SELECT DISTINCT place FROM visits WHERE date >= :first AND date <= :day) AS seen
        ON seen.place = places.id
     WHERE opened <= :day AND (closed IS NULL OR closed > :first)
     GROUP BY unit
"""


PLAIN_OF = """
    SELECT unit, count(*), count(seen.place)
      FROM places
      LEFT JOIN (SELECT DISTINCT place FROM visits WHERE {filter} AND date >= :first AND date <= :day) AS seen
        ON seen.place = places.id
     WHERE opened <= :day AND (closed IS NULL OR closed > :first)
     GROUP BY unit
"""
PLAIN_BY_TEAM = """
    SELECT team, count(DISTINCT place)
      FROM visits JOIN places ON places.id = visits.place
     WHERE date >= :first AND date <= :day AND opened <= :day AND (closed IS NULL OR closed > :first)
     GROUP BY team
"""
ROUNDS = 5


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Ask for days all over this year, and make sure that the plain recount says the same."""
    year = local_day(now()).year
    folder = office_with_history(workshop, size)
    conn, flat = connect(folder / "doi178.db").conn, sqlite3.connect(folder / "flat.db")
    asked = Random(SEED).sample([day for day in history.calendar(year) if day.year == year], DAYS)
    tell(f"  asking for {DAYS} days")
    for day in asked:
        assert _shares(_ask(conn, size, day)) == _plain(flat, day), f"coverage and recount differ as of {day}"
    ours, theirs = iter(asked), iter(asked)
    value = milliseconds(lambda: _ask(conn, size, next(ours)), DAYS)
    plain = milliseconds(lambda: _plain(flat, next(theirs)), DAYS)
    python = milliseconds(lambda: recount(conn, year), 1)
    note = (
        f"{size.counted_places} places, {size.counted_visits} visits, {len(communes(size.country))} communes, written"
        " straight into the projections; the plain SQL gives the same numbers; python: the recount behind verify"
    )
    yield Figure("coverage", size.name, value, "ms", {"recount": plain, "python": python}, note)
    yield from _with_filters(conn, flat, size, asked[:ROUNDS])
    yield _workbook(conn, flat, size, asked[0])
    conn.close()
    flat.close()


def office_with_history(workshop: Workshop, size: Size) -> Path:
    """Return the data of a new server with years of visits, and flat.db beside its database."""
    year = local_day(now()).year
    return workshop.office(f"history-{size.name}", lambda folder: history.enter(folder, size, year))


def _with_filters(
    conn: sqlite3.Connection, flat: sqlite3.Connection, size: Size, asked: list[date]
) -> Iterator[Figure]:
    """Measure rows by team, and one team's and the planned visits alone, each beside a plain query that agrees."""
    team = flat.execute("SELECT team FROM visits GROUP BY team ORDER BY count(*) DESC, team LIMIT 1").fetchone()[0]
    cases: tuple[tuple[str, dict[str, Any], Callable[[date], dict[str, int]]], ...] = (
        ("coverage_by_team", {"by": "team"}, lambda day: _plain_inspected(flat, PLAIN_BY_TEAM, day)),
        ("coverage_of_team", {"team": team}, lambda day: _plain_inspected(flat, _of(f"team = '{team}'"), day)),
        ("coverage_planned", {"basis": "planned"}, lambda day: _plain_inspected(flat, _of("basis = 'planned'"), day)),
    )
    for name, more, plainly in cases:
        for day in asked:
            assert _inspected(_ask(conn, size, day, **more)) == plainly(day), f"{name} and recount differ as of {day}"
        ours, theirs = iter(asked), iter(asked)
        value = milliseconds(partial(_next, ours, partial(_ask, conn, size, **more)), len(asked))
        plain = milliseconds(partial(_next, theirs, plainly), len(asked))
        yield Figure(name, size.name, value, "ms", {"recount": plain}, f"{len(asked)} days; the plain SQL agrees")


def _next(days: Iterator[date], ask: Callable[[date], object]) -> object:
    return ask(next(days))


def _of(filter: str) -> str:
    return PLAIN_OF.format(filter=filter)


def _workbook(conn: sqlite3.Connection, flat: sqlite3.Connection, size: Size, day: date) -> Figure:
    """Measure the answer and its workbook, as the page hands it out, beside the plain rows in a workbook."""

    app = Flask(__name__)
    Babel(app, default_locale="vi")

    def ours() -> bytes:
        asked = {"tree": unit_tree(conn), "epoch": Epoch.NEW, "year": day.year, "as_of": day, "unit": size.country}
        conn.execute("BEGIN")
        whole = answer(conn, by="commune", **asked)
        conn.execute("COMMIT")
        with app.app_context():
            before = whole.before.rows if whole.before else {}
            lines = [Line(row, row.name, "", before.get(row.label)) for row in whole.now.rows]
            return workbook(of_shares(whole, "Cả nước", lines))

    def plain() -> bytes:
        rows = [(unit, *counts) for unit, counts in _plain(flat, day).items()]
        return workbook(Table("t", "t", ("unit", "open", "inspected"), rows))

    value, simple = milliseconds(ours, ROUNDS), milliseconds(plain, ROUNDS)
    note = "with the year before, the trend of six years and the facts; plain: three columns of the plain SQL"
    return Figure("coverage_xlsx", size.name, value, "ms", {"recount": simple}, note)


def _inspected(found: Coverage) -> dict[str, int]:
    return {row.team or row.key: row.inspected for row in found.rows if row.inspected}


def _plain_inspected(flat: sqlite3.Connection, query: str, day: date) -> dict[str, int]:
    rows = flat.execute(query, {"first": f"{day.year}-01-01", "day": day.isoformat()})
    return {row[0]: row[-1] for row in rows if row[-1]}


def _ask(conn: sqlite3.Connection, size: Size, day: date, **more: Any) -> Coverage:
    conn.execute("BEGIN")
    found = coverage(
        conn, tree=unit_tree(conn), epoch=Epoch.NEW, year=day.year, as_of=day, unit=size.country,
        **{"by": "commune", **more},
    )  # fmt: skip
    conn.execute("COMMIT")
    return found


def _shares(answer: Coverage) -> dict[str, tuple[int, int]]:
    return {row.key: (row.open, row.inspected) for row in answer.rows if row.open}


def _plain(flat: sqlite3.Connection, day: date) -> dict[str, tuple[int, int]]:
    rows = flat.execute(PLAIN, {"first": f"{day.year}-01-01", "day": day.isoformat()})
    return {unit: (open, inspected) for unit, open, inspected in rows}
