"""What would be a repeat in law today, act group by act group, with the decisions that it rests on."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas import violations
from schemas.repeat import Answer, Finding, Window, beside, look_up, sentence
from server.law.asking import possibly_the_same
from server.law.held import windows_of

_ORDER = {Answer.REPEAT: 0, Answer.CANNOT_TELL: 1, Answer.NOT_FOUND: 2}


@dataclass(frozen=True)
class GroupToday:
    """The answer for one act group, or for one act whose group is not decided. *codes* were decided on."""

    act_group: str
    codes: tuple[str, ...]
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        """Return it as programs get it."""
        found = self.finding
        return {
            "act_group": self.act_group,
            "codes": list(self.codes),
            "acts": [violations.words(code) for code in self.codes],
            "answer": found.answer.value,
            "cleared_on": found.cleared_on or None,
            "basis": found.basis.value if found.basis else None,
            "decisions": [one.as_json() for one in dict.fromkeys([*found.windows, *found.known])],
            "missing": [{"what": one.what.value, "of": one.of, "sentence": sentence(one)} for one in found.missing],
        }


def today(conn: sqlite3.Connection, operator: str, day: str) -> tuple[GroupToday, ...]:
    """Return the answer for an act committed on *day*, for each group in which *operator* was ever sanctioned."""
    own = windows_of(conn, operator)
    doubles = possibly_the_same(conn, operator)
    others = [(str(state.get("name") or ""), windows_of(conn, id)) for id, state in doubles.items()]
    groups: dict[tuple[str, str], list[str]] = {}
    for one in [*own, *(window for _, theirs in others for window in theirs)]:
        for code in one.codes:
            groups.setdefault((one.act_group, "" if one.act_group else code), []).append(code)
    found = [
        GroupToday(group, tuple(dict.fromkeys(codes)), _answer(own, others, codes[0], day))
        for (group, _), codes in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.finding.answer], violations.words(one.codes[0]))))


def _answer(own: list[Window], others: list[tuple[str, list[Window]]], code: str, day: str) -> Finding:
    return beside(look_up(own, code, day), [(name, look_up(theirs, code, day)) for name, theirs in others])
