"""Operators that may be one with another and have decisions: looked for by what they share, not among all there are."""

import sqlite3

from schemas import likeness
from schemas.register import State
from server.history.candidates import having, holding
from server.history.reach import members
from server.history.texts import alike, compact
from server.law.held import distinct_from
from server.office import state_of


def possibly_the_same(conn: sqlite3.Connection, operator: str) -> dict[str, State]:
    """Return the operators with decisions that may be *operator*, of whom nobody has said which it is.

    The answer is that of holding every operator with decisions in the country against it: whoever is likely
    (schemas/likeness.py) shares a name, a number or an address.
    """
    own = likeness.traits("operator", state_of(conn, "operator", operator) or {})
    ids = _sharing(conn, own) - distinct_from(conn, operator) - set(members(conn, "operator", operator))
    found = {id: state_of(conn, "operator", id) or {} for id in sorted(ids)}
    traits = {id: likeness.traits("operator", other) for id, other in found.items()}
    return {id: found[id] for id in likeness.alike_to(own, traits)}


_SHARING = (
    "SELECT DISTINCT thing FROM lookup_index JOIN lookup_texts ON lookup_texts.id = lookup_index.rowid"
    " WHERE lookup_index MATCH ? AND kind = 'operator'"
    "   AND EXISTS (SELECT 1 FROM decisions WHERE decisions.operator = thing)"
)


def _sharing(conn: sqlite3.Connection, own: likeness.Traits) -> set[str]:
    """Return the operators with decisions that share a name, a number or an address: all likeness comes from these."""
    numbers = [*own.licences, *(phone[-8:] for phone in own.phones)]  # without the country's, which not all write
    asked = filter(None, [having(alike(own.name)), having(alike(own.address)), *map(holding, map(compact, numbers))])
    return {id for match in asked for (id,) in conn.execute(_SHARING, (match,))}
