"""Which findings are open at places: read from the visits' own bodies, and what papers say of them since."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence

from schemas.findings import Said, Seen, followed_on, found_on, left_open
from schemas.items import read
from server.store import marks

_VISITS = (
    "SELECT root, visits.id, visits.date, visits.violations, line FROM establishments CROSS JOIN visits"
    " CROSS JOIN items WHERE root IN ({roots}) AND visits.establishment = establishments.id"
    "   AND void = 0 AND outcome IN ('no_violation', 'violations') AND items.name = visits.item AND line <> x''"
)
_PAPERS = (
    "SELECT root, inspection, said FROM establishments CROSS JOIN visits CROSS JOIN said_of_visits"
    " WHERE root IN ({roots}) AND visits.establishment = establishments.id AND void = 0"
    "   AND inspection = visits.id AND said_of_visits.kind = 'resolution' ORDER BY said_of_visits.id"
)


def open_findings(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the day of each open finding at those of *roots* that have any; at most as many as one statement asks."""
    said: dict[str, list[Said]] = defaultdict(list)
    names = marks(roots)
    for root, id, day, violations, line in conn.execute(_VISITS.format(roots=names), roots):
        if violations or b'"fail"' in line or b'"followed"' in line:  # most visits leave nothing: they need no reading
            body = read(line).body
            said[root].append(Said(id, day, found=found_on(body), followed=followed_on(body)))
    for root, inspection, text in conn.execute(_PAPERS.format(roots=names), roots):
        paper = json.loads(text)
        seen = Seen(inspection, paper["finding"], True, paper.get("seen", ""))
        said[root].append(Said(inspection, paper["on"], "~", followed=(seen,)))
    found = {root: tuple(sorted(one.date for one in left_open(all_said))) for root, all_said in said.items()}
    return {root: days for root, days in found.items() if days}
