"""What counting visits say in numbers: workers, papers, conditions. Counts only, never anybody's name."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from schemas.items import read
from server.coverage.under import Listing
from server.store import in_parts, marks


def informed(conn: sqlite3.Connection, listing: Listing) -> tuple[int, int, tuple[str, ...]]:
    """Return workers informed, workers there, and the visits that say so: of each place the last such visit."""
    last: dict[str, tuple[str, int, int]] = {}
    for id, place, body in bodies(conn, listing):
        reached, there = body.get("informed"), (body.get("workers") or {}).get("total")
        if reached is not None and there is not None and place not in last:
            last[place] = id, min(int(reached), int(there)), int(there)
    visits = tuple(sorted(id for id, _, _ in last.values()))
    return sum(one[1] for one in last.values()), sum(one[2] for one in last.values()), visits


def bodies(conn: sqlite3.Connection, listing: Listing) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield id, place and body of the visits under a number, the latest first."""
    order = listing.visit_places()
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
