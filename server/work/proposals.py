"""What communes propose after the review of their lists."""

import json
import sqlite3
from typing import Any

from schemas.units import UnitTree
from schemas.work import Decided
from server.office import state_of
from server.pages.areas import inside
from server.work.model import Proposal


def proposals(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int) -> tuple[Proposal, ...]:
    """Return the proposals of a year from communes in *unit*: those that wait for a decision first."""
    rows = conn.execute(
        "SELECT list_proposals.id, unit, state FROM list_proposals"
        " JOIN things ON things.kind = 'list_proposal' AND things.id = list_proposals.id"
        " WHERE year = ? ORDER BY list_proposals.id",
        (year,),
    )
    found = [_of(conn, id, json.loads(state)) for id, of, state in rows if inside(tree, unit, of)]
    return tuple(sorted(found, key=lambda one: (one.standing is not Decided.PROPOSED, one.proposed_on, one.id)))


def proposal(conn: sqlite3.Connection, id: str) -> Proposal:
    """Return one that is there."""
    return _of(conn, id, state_of(conn, "list_proposal", id) or {})


def _of(conn: sqlite3.Connection, id: str, state: dict[str, Any]) -> Proposal:
    place = state.get("establishment") or ""
    named = conn.execute("SELECT name FROM establishments WHERE id = ?", (place,)).fetchone() if place else None
    return Proposal(
        id, f"{state['epoch']}:{state['unit']}", state["year"], state["asks"], state["text"], place,
        named[0] if named else "", state["proposed_on"], state.get("paper") or "", Decided(state["standing"]),
        state.get("decided_on") or "", state.get("reason") or "",
    )  # fmt: skip
