"""The figures of a return: a whole area by commune and kind, of this year beside the same days of the last."""

import sqlite3
from collections.abc import Iterator
from datetime import date

from benchmarks.ends import Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.invented import communes
from benchmarks.pages import filled
from benchmarks.sizes import Size
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.coverage.compare import same_day
from server.returns.figures import figures
from server.returns.table import Figures
from server.store import connect, marks

FIGURES = ("return_figures",)
ROUNDS = 3
PLAIN = """
    SELECT count(*), count(DISTINCT root)
      FROM visits JOIN establishments ON establishments.id = visits.establishment
     WHERE counting = 1 AND date BETWEEN ? AND ? {within}
"""
WITHIN = "AND root IN (SELECT establishment FROM placements WHERE commune IN ({marks}))"


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Count the table, and make sure that plain SQL finds as many visits and inspected places in both years."""
    conn = connect(filled(size, workshop) / "doi178.db").conn
    days = date(local_day(now()).year, 1, 1), local_day(now())
    tell("  counting the figures of a return")
    told = _ask(conn, size, days)
    assert _seen(told) == tuple(_plain(conn, size, some) for some in _both(days)), "figures and plain SQL differ"
    value = milliseconds(lambda: _ask(conn, size, days), ROUNDS)
    plain = milliseconds(lambda: [_plain(conn, size, some) for some in _both(days)], ROUNDS)
    note = (
        f"{told.total.cells['open'].value} places open, {len(communes(size.country))} communes, {len(told.rows)} rows,"
        f" {len(told.columns)} columns with ids, two years; plain: visits and inspected places alone, in all"
    )
    yield Figure("return_figures", size.name, value, "ms", {"plain": plain}, note)
    conn.close()


def _ask(conn: sqlite3.Connection, size: Size, days: tuple[date, date]) -> Figures:
    conn.execute("BEGIN")
    found = figures(conn, unit_tree(conn), size.country, *days)
    conn.execute("COMMIT")
    return found


def _both(days: tuple[date, date]) -> tuple[tuple[date, date], tuple[date, date]]:
    first, last = days
    return days, (same_day(first, first.year - 1), same_day(last, last.year - 1))


def _seen(told: Figures) -> tuple[tuple[int, int], ...]:
    """Return visits and places with one, open or not, of both years."""
    cells = told.total.cells
    now_seen = {*cells["inspected"].ids, *cells["not_open"].ids}
    seen_before = {*cells["inspected"].ids_before, *cells["not_open"].ids_before}
    return (len(cells["visits"].ids), len(now_seen)), (len(cells["visits"].ids_before), len(seen_before))


def _plain(conn: sqlite3.Connection, size: Size, days: tuple[date, date]) -> tuple[int, int]:
    where = communes(size.country) if size.country else []
    query = PLAIN.format(within=WITHIN.format(marks=marks(where)) if where else "")
    visits, places = conn.execute(query, [*(day.isoformat() for day in days), *where]).fetchone()
    return visits, places
