"""The findings that visits left at places, as they stand after all that was said of them since."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from schemas.findings import Finding, Said, Seen, standing
from schemas.in_brief import read_findings
from schemas.office import How
from server.store import in_parts, marks


def of_visit(conn: sqlite3.Connection, establishment: str, inspection: str) -> list[Finding]:
    """Return what a visit left to be put right, as it stands now."""
    return [one for one in of_places(conn, [establishment]) if one.inspection == inspection]


def of_places(conn: sqlite3.Connection, places: Iterable[str]) -> list[Finding]:
    """Return every finding at *places*; of merged records those of all of them, as of one place."""
    heard = _heard(conn, sorted(set(places)))
    return [finding for said in heard.values() for finding in standing(said)]


def _heard(conn: sqlite3.Connection, places: list[str]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    where: dict[str, str] = {}
    for some in in_parts(places):
        rows = conn.execute(
            "SELECT visits.id, records.root, date, findings FROM establishments AS asked"
            "  JOIN establishments AS records ON records.root = asked.root"
            "  JOIN visits ON visits.establishment = records.id"
            f" WHERE asked.id IN ({marks(some)}) AND findings <> ''",
            some,
        )
        for id, root, day, text in rows.fetchall():
            if id not in where:
                where[id] = root
                made, followed = read_findings(text)
                found[root].append(Said(id, day, id, How.ON_SITE, found=made, followed=followed))
    for paper in _papers(conn, list(where)):
        found[where[paper.inspection]].append(paper)
    return found


def _papers(conn: sqlite3.Connection, visits: list[str]) -> Iterable[Said]:
    for some in in_parts(visits):
        rows = conn.execute(
            "SELECT id, author, said FROM said_of_visits WHERE kind = 'resolution'"
            f" AND inspection IN ({marks(some)}) ORDER BY id",
            some,
        )
        for id, author, text in rows.fetchall():
            body = json.loads(text)
            seen = Seen(body["inspection"], body.get("finding", ""), True, body.get("seen", ""))
            yield Said(seen.inspection, body.get("on", ""), id, body.get("how", ""), author, followed=(seen,))
