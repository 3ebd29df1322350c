"""The counting visits of an area and a window, and what their minutes say of workers. Counts only, never a name."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.items import read
from server.coverage.adding import Adding
from server.coverage.cells import cells_of
from server.coverage.facts import load_many
from server.coverage.question import Question
from server.store import in_parts, marks


def informed(conn: sqlite3.Connection, question: Question) -> tuple[int, int, tuple[str, ...]]:
    """Return workers informed, workers there, and the visits that say so: of each place the last such visit."""
    last: dict[str, tuple[str, int, int]] = {}
    for id, place, body in bodies(conn, question):
        reached, there = body.get("informed"), (body.get("workers") or {}).get("total")
        if reached is not None and there is not None and place not in last:
            last[place] = id, min(int(reached), int(there)), int(there)
    visits = tuple(sorted(id for id, _, _ in last.values()))
    return sum(one[1] for one in last.values()), sum(one[2] for one in last.values()), visits


def bodies(conn: sqlite3.Connection, question: Question) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield id, place and body of the visits that the share inspected counts in the question, the latest first."""
    order = visits(conn, question)
    for part in in_parts(list(order)):
        rows = conn.execute(
            "SELECT visits.id, line FROM visits JOIN items ON items.name = visits.item"
            f" WHERE visits.id IN ({marks(part)}) AND line IS NOT NULL",
            part,
        )
        lines = dict(rows.fetchall())
        for id in part:
            if id in lines:
                yield id, order[id], read(lines[id]).body


def visits(conn: sqlite3.Connection, question: Question) -> dict[str, str]:
    """Return the place of each of these visits, the latest first; only places that were visited are looked at."""
    found = list(_in_window(conn, question))
    adding = Adding(conn, question, "unit")
    places = load_many(conn, sorted({root for _, _, root in found}), question.since, question.until)
    inside = {root for root, place in places.items()
              if any(adding.sure(cell) is not None for cell in cells_of(place, question, "unit"))}  # fmt: skip
    found.sort(reverse=True)
    return {id: root for _, id, root in found if root in inside}


def _in_window(conn: sqlite3.Connection, question: Question) -> Iterator[tuple[str, str, str]]:
    """Yield day, id and place of the counting visits to places that stand in the area now, or have ever moved."""
    days = [question.since, question.until]
    keys = question.where.keys()
    if keys is None:
        yield from conn.execute(
            "SELECT date, visits.id, root FROM visits CROSS JOIN establishments"
            " WHERE counting = 1 AND date >= ? AND date < ? AND establishments.id = visits.establishment",
            days,
        )
        return
    communes = sorted({commune for key in keys for commune in question.where.tree.present(key)})
    for part in in_parts(_places(conn, communes)):
        yield from conn.execute(
            "SELECT date, visits.id, root FROM establishments CROSS JOIN visits"
            f" WHERE root IN ({marks(part)}) AND visits.establishment = establishments.id"
            "   AND counting = 1 AND date >= ? AND date < ?",
            [*part, *days],
        )


def _places(conn: sqlite3.Connection, communes: Iterable[str]) -> list[str]:
    found: set[str] = set()
    for part in in_parts(list(communes)):
        found.update(id for (id,) in conn.execute(
            f"SELECT establishment FROM placements WHERE commune IN ({marks(part)})", part
        ))  # fmt: skip
    moved = conn.execute("""SELECT id FROM things WHERE kind = 'establishment' AND state LIKE '%"place/%"place/%'""")
    return sorted(found | {id for (id,) in moved})
