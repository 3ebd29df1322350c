"""What would be a repeat in law today, act group by act group, with the decisions that it rests on."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from schemas.repeat import Answer, Finding, beside, look_up, sentence
from server.history.doubles import possibly_the_same
from server.law.catalogue import current
from server.law.held import windows_of

_ORDER = {Answer.REPEAT: 0, Answer.CANNOT_TELL: 1, Answer.NOT_FOUND: 2}


@dataclass(frozen=True)
class GroupToday:
    """The answer for one act group, or for one act whose group is not decided. *codes* were decided on."""

    act_group: str
    codes: tuple[str, ...]
    acts: tuple[str, ...]  # what the catalogue calls them
    finding: Finding

    def as_json(self) -> dict[str, Any]:
        """Return it as programs get it."""
        found = self.finding
        return {
            "act_group": self.act_group,
            "codes": list(self.codes),
            "acts": list(self.acts),
            "answer": found.answer.value,
            "cleared_on": found.cleared_on or None,
            "basis": found.basis.value if found.basis else None,
            "decisions": [one.as_json() for one in dict.fromkeys([*found.windows, *found.known])],
            "missing": [{"what": one.what.value, "of": one.of, "sentence": sentence(one)} for one in found.missing],
        }


def today(conn: sqlite3.Connection, operator: str, day: str) -> tuple[GroupToday, ...]:
    """Return the answer for an act committed on *day*, for each group in which *operator* was ever sanctioned."""
    own, catalogue = windows_of(conn, operator), current(conn)
    others = [
        (str(state.get("name") or ""), windows_of(conn, id)) for id, state in possibly_the_same(conn, operator).items()
    ]
    groups: dict[tuple[str, str], list[str]] = {}
    for one in [*own, *(window for _, theirs in others for window in theirs)]:
        for code in one.codes:
            groups.setdefault((one.act_group, "" if one.act_group else code), []).append(code)
    found = [
        GroupToday(group, alike, tuple(map(catalogue.words, alike)), beside(
            look_up(own, codes[0], day, catalogue=catalogue),
            [(name, look_up(theirs, codes[0], day, catalogue=catalogue)) for name, theirs in others],
        ))
        for (group, _), codes in groups.items() for alike in [tuple(dict.fromkeys(codes))]
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (_ORDER[one.finding.answer], one.acts)))
