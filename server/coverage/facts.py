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
    waiting = iter(roots)
    while chunk := list(islice(waiting, CHUNK)):
        found.update(_read(conn, f"IN ({', '.join('?' * len(chunk))})", chunk, since, until))
    return found


def stream(
    conn: sqlite3.Connection, since: str, until: str, *, after: str = "", codes: Sequence[str] = ()
) -> Iterator[PlaceFacts]:
    """Yield the facts of every place in the order of roots, from the first one past *after*.

    With *codes*, a place is left out when its record names none of these communes on
    any day. Called within one read transaction, so that all speak of one moment.
    """
    while roots := _next_roots(conn, after, codes):
        if codes:
            found = load_many(conn, roots, since, until)
        else:
            found = _read(conn, "BETWEEN ? AND ?", [roots[0], roots[-1]], since, until)
        yield from found.values()
        after = roots[-1]


def _next_roots(conn: sqlite3.Connection, after: str, codes: Sequence[str]) -> list[str]:
    sql = "SELECT id FROM establishments WHERE id = root AND id > ? ORDER BY id LIMIT ?"
    if codes:
        named = " OR ".join(["state LIKE ?"] * len(codes))
        sql = (
            "SELECT establishments.id FROM establishments"
            "  JOIN things ON things.kind = 'establishment' AND things.id = establishments.id"
            f" WHERE establishments.id = root AND establishments.id > ? AND ({named})"
            " ORDER BY establishments.id LIMIT ?"
        )
    values = [after, *(f'%"{code}"%' for code in codes), CHUNK]
    return [row[0] for row in conn.execute(sql, values)]


def _read(conn: sqlite3.Connection, which: str, values: Sequence[str], since: str, until: str) -> dict[str, PlaceFacts]:
    """Read the records and the visits of the roots that *which* selects, and put them together."""
    records: dict[str, dict[str, Record]] = {}
    for root, id, state in conn.execute(
        "SELECT root, establishments.id, state FROM establishments"
        "  JOIN things ON things.kind = 'establishment' AND things.id = establishments.id"
        f" WHERE root {which} ORDER BY root",
        values,
    ):
        records.setdefault(root, {})[id] = read_state(state)
    visits: dict[str, list[Visit]] = {}
    for root, *visit in conn.execute(
        "SELECT root, date, violations, found_working, team FROM establishments"
        "  JOIN visits ON visits.establishment = establishments.id"
        f" WHERE root {which} AND counting = 1 AND date >= ? AND date < ?",
        [*values, since, until],
    ):
        visits.setdefault(root, []).append(Visit(*visit))
    return {
        root: _together(root, members, visits.get(root, ())) for root, members in records.items() if root in members
    }


def _together(root: str, members: dict[str, Record], visits: Sequence[Visit]) -> PlaceFacts:
    """Unite what merged records know: open days and visits of all, unit and kinds of the survivor."""
    record = members[root]
    opens = record.opens
    if len(members) > 1:
        opens = unite(interval for member in members.values() for interval in member.opens)
    in_order = tuple(visits) if len(visits) < 2 else tuple(sorted(visits, key=_when))
    return PlaceFacts(root, opens, record.places, record.kinds, in_order)


def _when(visit: Visit) -> tuple[str, int, str]:
    return visit.date, visit.violations, visit.team
