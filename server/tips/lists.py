"""The tips of an area: each with its place and where it stands on a day."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas.units import UnitTree
from server.pages.areas import inside
from server.tips.times import Period, Timing, timing

_TIPS = (
    "SELECT tips.id, number, received_on, unit, tips.establishment, coalesce(name, ''), coalesce(code, ''),"
    " classification, verified, due_on, handled_on, tips.inspection FROM tips"
    " LEFT JOIN establishments ON establishments.id = tips.establishment"
)


@dataclass(frozen=True)
class Tip:
    """One tip in a list; *unit* is the key of its commune."""

    id: str
    number: str
    received_on: str
    unit: str
    establishment: str | None
    name: str
    code: str
    classification: str
    verified: str
    due_on: str
    handled_on: str | None
    inspection: str | None
    timing: Timing


def tips(conn: sqlite3.Connection, tree: UnitTree, unit: str | None, period: Period) -> list[Tip]:
    """Return the tips of *unit* (None: of everywhere) received in *period*, the earliest deadline first."""
    rows = conn.execute(
        f"{_TIPS} WHERE received_on >= ? AND received_on <= ? ORDER BY due_on, received_on, tips.id",
        (period.since.isoformat(), period.until.isoformat()),
    )
    as_of = period.as_of.isoformat()
    found = (_tip(row, as_of) for row in rows)
    return [tip for tip in found if unit is None or inside(tree, unit, tip.unit)]


def of_place(conn: sqlite3.Connection, establishment: str, as_of: str) -> list[Tip]:
    """Return the tips about a place, the latest first."""
    rows = conn.execute(f"{_TIPS} WHERE tips.establishment = ? ORDER BY received_on DESC", (establishment,))
    return [_tip(row, as_of) for row in rows]


def _tip(row: tuple[Any, ...], as_of: str) -> Tip:
    return Tip(*(*row, timing(row[9], row[10], as_of)))
