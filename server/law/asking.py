"""Whether an act of an operator would be a repeat, with the whole working: the command `repeat`, and pages to come."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas import violations
from schemas.repeat import Finding, Window, beside, look_up, sentence
from server.history.doubles import possibly_the_same
from server.law.catalogue import current
from server.law.held import held, windows_of


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
