"""What the past says of places, a few hundred at a time: visits, checks by others, decisions, tips, findings."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.planning.findings import open_findings
from server.planning.points import Sanction
from server.store import marks

Told = dict[str, dict[str, Any]]  # of each root: fields of Known
YEARS_OF_ACTS = 3  # later a violation or decision earns nothing


@dataclass(frozen=True)
class Frame:
    """The year that is planned, on which day; *period*: the first day of the one that must see everyone, or empty.

    *but* are assignments that are passed over.
    """

    year: int
    as_of: date
    period: str = ""
    but: frozenset[str] = frozenset()

    @property
    def acts_since(self) -> str:
        """The first day of acts that may still earn something."""
        return date(self.as_of.year - YEARS_OF_ACTS, 1, 1).isoformat()


def tell(conn: sqlite3.Connection, roots: Sequence[str], frame: Frame) -> Told:
    """Return the fields of Known that the past fills, for each of *roots*."""
    told: Told = {root: {} for root in roots}
    for root, visits in _visits(conn, roots).items():
        told[root] |= _of_visits(visits, frame)
    for root, sanctions in _sanctions(conn, roots, frame.acts_since).items():
        told[root]["sanctions"] = tuple(sanctions)
    for root, tips in _tips(conn, roots).items():
        told[root]["tips"] = tuple(tips)
    for root, days in open_findings(conn, roots).items():
        told[root]["findings"] = days
    for root, why, day in (*_outside(conn, roots, frame.year), *_assigned(conn, roots, frame)):
        told[root] = {"used": why, "used_on": day} | told[root]  # a visit that was made says more
    return told


Visit = tuple[str, int, int, str]  # date, violations, counting, team


def _visits(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, list[Visit]]:
    """Read the visits that were made; one that was rejected on review does not use up the year."""
    found: dict[str, list[Visit]] = defaultdict(list)
    for root, *visit in conn.execute(
        "SELECT root, date, violations, counting, team FROM establishments CROSS JOIN visits"
        "  LEFT JOIN reviews ON reviews.inspection = visits.id"
        f" WHERE root IN ({marks(roots)}) AND visits.establishment = establishments.id AND void = 0"
        "   AND outcome IN ('no_violation', 'violations') AND coalesce(review, '') <> 'rejected'"
        " ORDER BY root, date, visits.id",
        roots,
    ):
        found[root].append((visit[0], visit[1], visit[2], visit[3]))
    return found


def _of_visits(visits: list[Visit], frame: Frame) -> dict[str, Any]:
    last = visits[-1]
    found: dict[str, Any] = {"last_visit": last[0], "last_team": last[3]}
    found["violations"] = tuple((day, count) for day, count, *_ in visits if count and day >= frame.acts_since)
    found["in_period"] = bool(frame.period) and any(counting and day >= frame.period for day, _, counting, _ in visits)
    this_year = [day for day, *_ in visits if day.startswith(f"{frame.year:04d}")]
    return found | ({"used": "visit", "used_on": this_year[-1]} if this_year else {})


def _sanctions(conn: sqlite3.Connection, roots: Sequence[str], since: str) -> dict[str, list[Sanction]]:
    """Read the decisions against who runs the places now, whoever that operator is one with."""
    found: dict[str, list[Sanction]] = defaultdict(list)
    for root, day, text in conn.execute(
        "SELECT establishments.id, decisions.decided_on, things.state FROM establishments CROSS JOIN operators AS mine"
        " CROSS JOIN operators AS others CROSS JOIN decisions CROSS JOIN things"
        f" WHERE establishments.id IN ({marks(roots)}) AND mine.id = establishments.operator"
        "   AND others.root = mine.root AND decisions.operator = others.id AND decisions.decided_on >= ?"
        "   AND things.kind = 'decision' AND things.id = decisions.id ORDER BY establishments.id, decisions.decided_on,"
        " decisions.id",
        [*roots, since],
    ):
        state = json.loads(text)
        if state["sanction"] in {"fine", "warning"} and not state.get("cancelled_on"):
            found[root].append(Sanction(day, state["sanction"], state["number"]))
    return found


def _tips(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Read the tips that were verified as true and that no visit has followed."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for root, day, number in conn.execute(
        "SELECT root, received_on, number FROM establishments CROSS JOIN tips"
        f" WHERE root IN ({marks(roots)}) AND tips.establishment = establishments.id AND verified = 'true'"
        "   AND inspection IS NULL ORDER BY root, received_on, number",
        roots,
    ):
        found[root].append((day, number))
    return found


def _outside(conn: sqlite3.Connection, roots: Sequence[str], year: int) -> Iterator[tuple[str, str, str]]:
    rows = conn.execute(
        "SELECT root, max(date) FROM establishments CROSS JOIN outside_checks"
        f" WHERE root IN ({marks(roots)}) AND outside_checks.establishment = establishments.id"
        "   AND date >= ? AND date <= ? GROUP BY root",
        [*roots, f"{year:04d}-01-01", f"{year:04d}-12-31"],
    )
    return ((root, "outside", day) for root, day in rows.fetchall())


def _assigned(conn: sqlite3.Connection, roots: Sequence[str], frame: Frame) -> Iterator[tuple[str, str, str]]:
    """Find the places to which somebody is on the way by plan already, this year."""
    rows = conn.execute(
        "SELECT root, expires_on, assignments.id FROM establishments CROSS JOIN assignments"
        f" WHERE root IN ({marks(roots)}) AND assignments.establishment = establishments.id AND withdrawn = 0"
        "   AND basis = 'planned' AND expires_on >= ? AND expires_on <= ? AND expires_on >= ? ORDER BY expires_on",
        [*roots, f"{frame.year:04d}-01-01", f"{frame.year:04d}-12-31", frame.as_of.isoformat()],
    )
    return ((root, "assigned", day) for root, day, id in rows.fetchall() if id not in frame.but)
