"""One tip with its words: for those who handle it, and nobody else."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from server.office import state_of
from server.planning.places import named
from server.tips.times import Timing, timing


@dataclass(frozen=True)
class OneTip:
    """A tip as it stands; *state* holds its fields, *unit* the key of its commune."""

    id: str
    unit: str
    state: dict[str, Any]
    timing: Timing
    name: str = ""
    code: str = ""
    visits: tuple[tuple[str, str], ...] = ()  # id and day of the visits to its place since


def find(conn: sqlite3.Connection, id: str, as_of: str) -> OneTip | None:
    """Return a tip, None when there is none of this id."""
    state = state_of(conn, "tip", id)
    if state is None:
        return None
    place = state.get("establishment")
    known = named(conn, [place])[place] if place else None
    return OneTip(
        id, f"{state['epoch']}:{state['unit']}", state, timing(state["due_on"], state.get("handled_on"), as_of),
        known.name if known else "", known.code if known else "",
        visits_since(conn, place, state["received_on"]) if place else (),
    )  # fmt: skip


def visits_since(conn: sqlite3.Connection, establishment: str, day: str) -> tuple[tuple[str, str], ...]:
    """Return the visits to a place from *day* on: one of them may be what came of the tip."""
    rows = conn.execute(
        "SELECT visits.id, visits.date FROM establishments CROSS JOIN visits"
        " WHERE root = (SELECT root FROM establishments WHERE id = ?) AND visits.establishment = establishments.id"
        "   AND void = 0 AND date >= ? ORDER BY date DESC LIMIT 50",
        (establishment, day),
    )
    return tuple(rows.fetchall())
