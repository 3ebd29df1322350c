"""The places behind the figure: open in the window and not yet inspected, commune by commune."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from schemas.text import sort_key
from schemas.units import Epoch, UnitTree
from server.coverage import facts
from server.coverage.question import Period, Question, ask, places_of
from server.coverage.steps import standing

Found = tuple[str, str]  # root, kinds


@dataclass(frozen=True)
class Remaining:
    """A place that is still to be inspected; *unit* is a key of the asked map, of the smallest sure unit."""

    id: str
    code: str
    name: str
    unit: str
    unit_name: str
    kinds: tuple[str, ...]
    address: str
    last_visit: str | None  # the last counting one up to the as-of day, of any year


def remaining_list(
    conn: sqlite3.Connection, *, tree: UnitTree, epoch: Epoch, year: int, as_of: date, unit: str | None = None,
    kinds: Iterable[str] = (), period: Period | None = None, offset: int = 0, limit: int | None = None,
) -> Iterator[Remaining]:  # fmt: skip
    """Yield the places of the area that were open in the window and are not inspected yet.

    They are as many as the total's open less inspected, and ordered by commune (those
    whose commune is not known last), then by name as a Vietnamese dictionary has it.
    *offset* and *limit* cut a page out; no more than a commune is held with its details.
    Called within one read transaction.
    """
    question = ask(conn, tree, epoch, unit, year=year, as_of=as_of, kinds=kinds, period=period)
    left = islice(_in_order(conn, question, offset), limit)
    yield from left


def _in_order(conn: sqlite3.Connection, question: Question, offset: int) -> Iterator[Remaining]:
    by_unit = _not_inspected(conn, question)
    for unit in sorted(by_unit, key=lambda key: (not question.where.commune_of(key), key)):
        if offset >= len(by_unit[unit]):
            offset -= len(by_unit[unit])
            continue
        yield from _details(conn, question, unit, by_unit[unit])[offset:]
        offset = 0


def _not_inspected(conn: sqlite3.Connection, question: Question) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for place in places_of(conn, question):
        unit, kinds, counts = standing(place, question.since, question.until)
        if counts.open and not counts.inspected and question.wants(kinds):
            sure = question.where.sure(unit)
            if question.where.holds(sure):
                found.setdefault(sure, []).append((place.root, kinds))
    return found


def _details(conn: sqlite3.Connection, question: Question, unit: str, places: list[Found]) -> list[Remaining]:
    known = question.where.tree.get(unit)
    unit_name = known.name if known else ""
    found = []
    for start in range(0, len(places), facts.CHUNK):
        chunk = dict(places[start : start + facts.CHUNK])
        last = _last_visits(conn, list(chunk), question.until)
        for id, code, name, state in _records(conn, list(chunk)):
            address = _address(json.loads(state), question.as_of.isoformat())
            kinds = tuple(chunk[id].split())
            found.append(Remaining(id, code, name, unit, unit_name, kinds, address, last.get(id)))
    return sorted(found, key=lambda one: (sort_key(one.name), one.id))


def _records(conn: sqlite3.Connection, roots: list[str]) -> Iterable[tuple[str, str, str, str]]:
    return conn.execute(
        "SELECT establishments.id, code, name, state FROM establishments CROSS JOIN things"
        f" WHERE establishments.id IN ({', '.join('?' * len(roots))})"
        "   AND things.kind = 'establishment' AND things.id = establishments.id",
        roots,
    )


def _last_visits(conn: sqlite3.Connection, roots: list[str], until: str) -> dict[str, str]:
    rows = conn.execute(
        "SELECT root, max(date) FROM establishments CROSS JOIN visits"
        f" WHERE root IN ({', '.join('?' * len(roots))}) AND visits.establishment = establishments.id"
        "   AND counting = 1 AND date < ? GROUP BY root",
        [*roots, until],
    )
    return dict(rows.fetchall())


def _address(state: dict[str, object], day: str) -> str:
    """Return the address of the span that holds on *day*, or of the first there is."""
    spans = [span for path, span in state.items() if path.startswith("place/") and isinstance(span, dict)]
    begun = [span for span in spans if span["from"] <= day]
    if begun:
        return max(begun, key=_begins).get("address") or ""
    return min(spans, key=_begins).get("address") or "" if spans else ""


def _begins(span: dict[str, str]) -> str:
    return span["from"]
