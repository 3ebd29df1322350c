"""Reading what coverage needs to know of places: one, some, or all, a few hundred at a time.

Visits are read for a period only; it is half open, like every period here.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from server.coverage.spans import Record, read_state, unite
from server.coverage.steps import PlaceFacts, Visit

CHUNK = 400


def load(conn: sqlite3.Connection, root: str, since: str, until: str) -> PlaceFacts | None:
    """Return the facts of the place *root*, None when it is not a surviving record."""
    return load_many(conn, [root], since, until).get(root)


def load_many(conn: sqlite3.Connection, roots: Iterable[str], since: str, until: str) -> dict[str, PlaceFacts]:
    """Return the facts of places by root; those that are not surviving records are left out."""
    found: dict[str, PlaceFacts] = {}
    for chunk in _chunks(roots):
        found.update(_read(conn, _among(chunk), chunk, since, until))
    return found


def visits_again(
    conn: sqlite3.Connection, places: Iterable[PlaceFacts], since: str, until: str
) -> dict[str, PlaceFacts]:
    """Return *places* with their visits read anew, by root; what the register says of them is taken as it was."""
    known = {place.root: place for place in places}
    visits: dict[str, list[Visit]] = {}
    for chunk in _chunks(known):
        visits.update(_visits(conn, _among(chunk), chunk, since, until))
    return {root: place._replace(visits=_in_order(visits.get(root, []))) for root, place in known.items()}


def with_visits(place: PlaceFacts, added: Iterable[Visit]) -> PlaceFacts:
    """Return *place* with more visits, as reading it again would."""
    return place._replace(visits=_in_order([*place.visits, *added]))


def stream(conn: sqlite3.Connection, since: str, until: str, *, after: str = "") -> Iterator[PlaceFacts]:
    """Yield the facts of every place in the order of roots, from the first one past *after*.

    Called within one read transaction, so that all speak of one moment.
    """
    while roots := _next_roots(conn, after):
        yield from _read(conn, "BETWEEN ? AND ?", [roots[0], roots[-1]], since, until).values()
        after = roots[-1]


def near(conn: sqlite3.Connection, communes: Iterable[str], since: str, until: str) -> Iterator[PlaceFacts]:
    """Yield the facts of every place that may stand in present *communes* now, or may have moved there or away."""
    found: set[str] = set()
    for chunk in _chunks(communes):
        rows = conn.execute(f"SELECT establishment FROM placements WHERE commune {_among(chunk)}", chunk)
        found.update(row[0] for row in rows)
    moved = conn.execute("""SELECT id FROM things WHERE kind = 'establishment' AND state LIKE '%"place/%"place/%'""")
    found.update(row[0] for row in moved)
    for chunk in _chunks(sorted(found)):
        yield from _read(conn, _among(chunk), chunk, since, until).values()


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(values)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _among(values: Sequence[str]) -> str:
    return f"IN ({', '.join('?' * len(values))})"


def _next_roots(conn: sqlite3.Connection, after: str) -> list[str]:
    rows = conn.execute("SELECT id FROM establishments WHERE id = root AND id > ? ORDER BY id LIMIT ?", (after, CHUNK))
    return [row[0] for row in rows]


def _read(conn: sqlite3.Connection, which: str, values: Sequence[str], since: str, until: str) -> dict[str, PlaceFacts]:
    """Read the records and the visits of the roots that *which* selects, and put them together."""
    records: dict[str, dict[str, Record]] = {}
    for root, id, state in conn.execute(
        "SELECT root, establishments.id, state FROM establishments CROSS JOIN things"
        f" WHERE root {which} AND things.kind = 'establishment' AND things.id = establishments.id ORDER BY root",
        values,
    ):
        records.setdefault(root, {})[id] = read_state(state)
    visits = _visits(conn, which, values, since, until)
    return {
        root: _together(root, members, visits.get(root, [])) for root, members in records.items() if root in members
    }


def _visits(
    conn: sqlite3.Connection, which: str, values: Sequence[str], since: str, until: str
) -> dict[str, list[Visit]]:
    """Read the counting visits of the roots that *which* selects.

    CROSS JOIN, because SQLite then keeps the order: left to itself it begins with every
    visit of the period, for each few hundred places anew.
    """
    visits: dict[str, list[Visit]] = {}
    for root, *visit in conn.execute(
        "SELECT root, date, violations, found_working, team, basis FROM establishments CROSS JOIN visits"
        f" WHERE root {which} AND visits.establishment = establishments.id"
        "   AND counting = 1 AND date >= ? AND date < ?",
        [*values, since, until],
    ):
        visits.setdefault(root, []).append(Visit(*visit))
    return visits


def _together(root: str, members: dict[str, Record], visits: list[Visit]) -> PlaceFacts:
    """Unite what merged records know: open days and visits of all, unit and kinds of the survivor."""
    record = members[root]
    opens = record.opens
    if len(members) > 1:
        opens = unite(interval for member in members.values() for interval in member.opens)
    return PlaceFacts(root, opens, record.places, record.kinds, _in_order(visits))


def _in_order(visits: list[Visit]) -> tuple[Visit, ...]:
    return tuple(visits) if len(visits) < 2 else tuple(sorted(visits, key=_when))


def _when(visit: Visit) -> tuple[str, int, str, str]:
    return visit.date, visit.violations, visit.team, visit.basis
