"""Whether an act of an operator would be a repeat, with the whole working: the command `repeat`, and pages to come."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas import likeness, violations
from schemas.register import State
from schemas.repeat import Finding, Window, beside, look_up, sentence
from server.history.candidates import having
from server.history.texts import alike, compact
from server.law.catalogue import current
from server.law.held import distinct_from, held, windows_of
from server.office import state_of


@dataclass(frozen=True)
class Asked:
    """What is found, and where it was looked: whose decisions are held, from which day."""

    finding: Finding
    day: str
    held_from: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return it as `repeat --json` prints it."""
        found = self.finding
        return {
            "answer": found.answer.value,
            "act_group": found.act_group,
            "cleared_on": found.cleared_on or None,
            "basis": found.basis.value if found.basis else None,
            "decisions": [self._window(one) for one in dict.fromkeys([*found.windows, *found.known])],
            "missing": [{"what": one.what.value, "of": one.of, "sentence": sentence(one)} for one in found.missing],
            "held_from": self.held_from,
        }

    def _window(self, one: Window) -> dict[str, Any]:
        return {
            "decision": one.decision,
            "number": one.number,
            "authority": one.authority,
            "decided_on": one.decided_on,
            "codes": list(one.codes),
            "articles": [violations.citation(code, one.decided_on) for code in one.codes],
            "answer": one.answer.value,
            "from": one.since,
            "to": one.until or None,
            "deciding": one in self.finding.windows,
            "basis": one.basis.value,
            "cleared_on": one.cleared_on or None,
            "complaint_from": one.complaint_from or None,
        }


def ask(conn: sqlite3.Connection, operator: str, code: str, day: str, *, but: str = "") -> Asked:
    """Say whether an act under *code* that *operator* commits on *day* is a repeat, by all but visit *but*."""
    catalogue = current(conn)
    finding = look_up(windows_of(conn, operator), code, day, but=but, catalogue=catalogue)
    others = [
        (str(state.get("name") or ""), look_up(windows_of(conn, id), code, day, but=but, catalogue=catalogue))
        for id, state in possibly_the_same(conn, operator).items()
    ]
    return Asked(beside(finding, others), day, held(conn))


def possibly_the_same(conn: sqlite3.Connection, operator: str) -> dict[str, State]:
    """Return the operators with decisions that may be *operator*, and of whom nobody has said which it is.

    They are looked for where the search looks: whoever is alike shares a name, a number or an address.
    """
    own = likeness.traits("operator", state_of(conn, "operator", operator) or {})
    ids = sorted(_sharing(conn, own) - distinct_from(conn, operator) - _united(conn, operator))
    states = {id: state_of(conn, "operator", id) or {} for id in ids}
    others = {id: likeness.traits("operator", state) for id, state in states.items()}
    return {id: states[id] for id in likeness.alike_to(own, others)}


def _united(conn: sqlite3.Connection, operator: str) -> set[str]:
    rows = conn.execute(
        "SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?)", (operator,)
    ).fetchall()
    return {operator, *(id for (id,) in rows)}


_SHARING = (
    "SELECT DISTINCT thing FROM lookup_index JOIN lookup_texts ON lookup_texts.id = lookup_index.rowid"
    " WHERE lookup_index MATCH ? AND kind = 'operator'"
    "   AND EXISTS (SELECT 1 FROM decisions WHERE decisions.operator = thing)"
)


def _sharing(conn: sqlite3.Connection, own: likeness.Traits) -> set[str]:
    """Return the operators with decisions that share a name, a number or an address with *own*."""
    told = [alike(own.name), alike(own.address), *map(compact, own.licences | own.phones)]
    asked = [match for text in told if (match := having(text))]
    return {id for match in asked for (id,) in conn.execute(_SHARING, (match,))}
