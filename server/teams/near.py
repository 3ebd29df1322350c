"""The teams of units, and those that may be sent within an area; found by an index of where teams are."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.text import sort_key
from schemas.units import UnitTree
from server.pages.areas import units_inside
from server.store import in_parts, marks

_UNIT = "json_extract(state, '$.epoch') || ':' || json_extract(state, '$.area')"  # in the words of the indexes
_RENEWS = "json_extract(state, '$.renews')"


def teams_at(conn: sqlite3.Connection, units: Iterable[str]) -> dict[str, str]:
    """Return id and name of the teams whose areas are among *units*."""
    return dict(_at(conn, "json_extract(state, '$.name')", units))


def states_at(conn: sqlite3.Connection, units: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return id and state of the teams whose areas are among *units*."""
    return {id: json.loads(state) for id, state in _at(conn, "state", units)}


def renewed_by(conn: sqlite3.Connection, teams: Iterable[str]) -> dict[str, str]:
    """Return which team was set up in place of each of *teams*; none where there is none."""
    found: dict[str, str] = {}
    for some in in_parts(sorted(teams)):
        rows = conn.execute(
            f"SELECT {_RENEWS}, id FROM things WHERE kind = 'team' AND {_RENEWS} IN ({marks(some)})", some
        )
        found.update(sorted(rows.fetchall()))
    return found


def _at(conn: sqlite3.Connection, what: str, units: Iterable[str]) -> Iterator[tuple[str, str]]:
    for some in in_parts(sorted(units)):
        yield from conn.execute(
            f"SELECT id, {what} FROM things WHERE kind = 'team' AND {_UNIT} IN ({marks(some)})", some
        )


def teams_near(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[tuple[str, str]]:
    """Return id and name of the teams of an area and those above that may come there, in the order of their names."""
    found = teams_at(conn, {area, *tree.ancestors(area), *units_inside(tree, area)})
    return sorted(found.items(), key=lambda team: sort_key(team[1]))
