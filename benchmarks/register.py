"""The register of the widest area of an account: what was not inspected this year, and all that needs a look."""

import sqlite3
from collections.abc import Iterator
from datetime import date

from benchmarks.coverage import office_with_history
from benchmarks.ends import Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.invented import communes
from benchmarks.sizes import Size
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.register.asking import THIS_YEAR, Asked, Row, find, rows
from server.register.quality import Area, Quality, count
from server.store import connect

FIGURES = ("register_list", "register_quality")
TIMES, SHOWN = 10, 50
NOT_INSPECTED = """
    SELECT id FROM establishments JOIN placements ON establishment = id
     WHERE merged_into IS NULL AND commune IN (SELECT key FROM temp.asked)
       AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.establishment = id AND counting = 1 AND date >= ?)
     ORDER BY name
"""
NOT_OPEN = """
    SELECT count(*) FROM visits JOIN places ON places.id = visits.place
     WHERE unit IN (SELECT key FROM temp.asked) AND (date < opened OR (closed IS NOT NULL AND date >= closed))
"""


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Ask for both on a server of this size, and make sure that plain SQL says the same."""
    today = local_day(now())
    folder = office_with_history(workshop, size)
    conn, flat = connect(folder / "doi178.db").conn, sqlite3.connect(folder / "flat.db")
    keys = tuple(communes(size.area))
    for one in (conn, flat):
        one.execute("CREATE TEMP TABLE asked (key TEXT PRIMARY KEY)")
        one.executemany("INSERT INTO asked VALUES (?)", [(key,) for key in keys])
    tell("  asking for the list and for what needs a look")
    found, plain = _list(conn, keys, today), _plain(conn, today)
    assert {row.id for row in found} <= set(plain) and len(found) == min(SHOWN, len(plain))
    note = f"{size.counted_places} places, {size.counted_visits} visits, {len(keys)} communes asked for"
    value = milliseconds(lambda: _list(conn, keys, today), TIMES)
    theirs = milliseconds(lambda: _plain(conn, today), TIMES)
    yield Figure("register_list", size.name, value, "ms", {"plain": theirs}, f"{note}; {len(plain)} not inspected")
    quality, recounted = _quality(conn, keys, today), _recount(flat)
    assert (quality.counts["not_open"] or 0) + (quality.counts["before_opening"] or 0) == recounted
    value = milliseconds(lambda: _quality(conn, keys, today), TIMES)
    theirs = milliseconds(lambda: _recount(flat), TIMES)
    said = f"{note}; {quality.total} things to look at; the plain SQL counts visits while not open only"
    yield Figure("register_quality", size.name, value, "ms", {"recount": theirs}, said)
    conn.close()
    flat.close()


def _list(conn: sqlite3.Connection, keys: tuple[str, ...], today: date) -> list[Row]:
    """Count the places that were not inspected this year, and read the first page of them."""
    found = find(conn, Asked(keys, today, left=THIS_YEAR))
    return rows(conn, found.ids[:SHOWN], today)


def _plain(conn: sqlite3.Connection, today: date) -> list[str]:
    return [id for (id,) in conn.execute(NOT_INSPECTED, (f"{today.year}-01-01",)).fetchall()]


def _quality(conn: sqlite3.Connection, keys: tuple[str, ...], today: date) -> Quality:
    return count(conn, unit_tree(conn), Area(keys, frozenset(), today))


def _recount(flat: sqlite3.Connection) -> int:
    (found,) = flat.execute(NOT_OPEN).fetchone()
    return int(found)
