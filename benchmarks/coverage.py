"""The share inspected of a whole area by commune, as of any day: from the day deltas, beside two ways to recount it."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from benchmarks import history
from benchmarks.ends import SEED, Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.invented import communes
from benchmarks.sizes import Size
from schemas.units import Epoch
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.coverage.ask import coverage
from server.coverage.figures import Coverage
from server.coverage.years import recount
from server.store import connect

FIGURES = ("coverage",)
DAYS = 20
PLAIN = """
    SELECT unit, count(*), count(seen.place)
      FROM places
      LEFT JOIN (SELECT DISTINCT place FROM visits WHERE date >= :first AND date <= :day) AS seen
        ON seen.place = places.id
     WHERE opened <= :day AND (closed IS NULL OR closed > :first)
     GROUP BY unit
"""


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
    conn.close()
    flat.close()


def office_with_history(workshop: Workshop, size: Size) -> Path:
    """Return the data of a new server with years of visits, and flat.db beside its database."""
    year = local_day(now()).year
    return workshop.office(f"history-{size.name}", lambda folder: history.enter(folder, size, year))


def _ask(conn: sqlite3.Connection, size: Size, day: date) -> Coverage:
    conn.execute("BEGIN")
    answer = coverage(
        conn, tree=unit_tree(conn), epoch=Epoch.NEW, year=day.year, as_of=day, unit=size.country, by="commune"
    )
    conn.execute("COMMIT")
    return answer


def _shares(answer: Coverage) -> dict[str, tuple[int, int]]:
    return {row.key: (row.open, row.inspected) for row in answer.rows if row.open}


def _plain(flat: sqlite3.Connection, day: date) -> dict[str, tuple[int, int]]:
    rows = flat.execute(PLAIN, {"first": f"{day.year}-01-01", "day": day.isoformat()})
    return {unit: (open, inspected) for unit, open, inspected in rows}
