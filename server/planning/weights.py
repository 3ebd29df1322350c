"""By which weights an area ranks its places: its own, those of the nearest area above it, or the program's."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas.planning import NUMBERS, default_weights
from schemas.units import UnitTree
from server.office import state_of


@dataclass(frozen=True)
class InForce:
    """The weights of an area; *area* is the unit that they were set for, empty: they came with the program."""

    values: dict[str, int]
    area: str = ""


@dataclass(frozen=True)
class Changed:
    """Who changed the weights of an area, when, why, and what from and to."""

    at: str
    author: str
    note: str
    numbers: tuple[tuple[str, int | None, int], ...]  # of each weight: its name, before, after


def in_force(conn: sqlite3.Connection, tree: UnitTree, unit: str) -> InForce:
    """Return the weights by which *unit* is ranked."""
    for key in (unit, *tree.ancestors(unit)):
        state = state_of(conn, "weights", key)
        if state:
            return InForce(default_weights() | {name: state[name] for name in NUMBERS if name in state}, key)
    return InForce(dict(default_weights()))


def history(conn: sqlite3.Connection, unit: str) -> list[Changed]:
    """Return the changes of the weights that were set for *unit* itself, the latest first."""
    rows = conn.execute(
        "SELECT line FROM items WHERE kind = 'weights' AND id = ? AND standing = 'accepted' ORDER BY seq DESC", (unit,)
    )
    found = []
    for (line,) in rows.fetchall():
        item: dict[str, Any] = json.loads(line)
        after, was = item["body"]["set"], item["body"]["was"]
        numbers = tuple((name, was.get(name), after[name]) for name in NUMBERS if name in after)
        found.append(Changed(item["recorded_at"], item["author"], str(after.get("note") or ""), numbers))
    return found
