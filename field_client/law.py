"""Whether an act at a place would be a repeat, and what its fine ranges over: by what the server has told of decisions.

The server makes the windows (docs/repeat-violation.md); here they are looked up, also far from any network.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlite_utils import Database

from field_client.catalogue import current
from field_client.places import NotKnown, Thing, find
from field_client.store import decided, get_meta
from schemas import likeness, violations
from schemas.register import State
from schemas.repeat import Answer, Finding, Lacks, Missing, Window, beside, look_up, window
from schemas.whose import operator_on

Known = Mapping[str, tuple[tuple[Window, ...], frozenset[str]]]  # operator: windows, and whom it is not


@dataclass(frozen=True)
class Held:
    """Whose decisions the server held at the last contact, and from which day; empty where it held none."""

    since: str = ""
    authorities: tuple[tuple[str, str], ...] = ()  # name, first day
    more: int = 0

    @property
    def count(self) -> int:
        """How many authorities there are."""
        return len(self.authorities) + self.more


@dataclass(frozen=True)
class Subject:
    """Who answers for what is done at a place on a day: the windows known, and records that may be the same."""

    operator: Thing | None
    windows: tuple[Window, ...] = ()
    twins: tuple[tuple[str, tuple[Window, ...]], ...] = ()
    lacks: tuple[Missing, ...] = field(default=())
    catalogue: violations.Catalogue = field(default_factory=violations.used)

    def find(self, code: str, day: str, *, but: str = "") -> Finding:
        """Say whether an act under *code* on *day* is a repeat; *but* is the visit on which it was found."""
        finding = look_up(self.windows, code, day, but=but, catalogue=self.catalogue)
        if self.lacks and finding.answer is not Answer.REPEAT:
            return Finding(Answer.CANNOT_TELL, finding.act_group, (), (*self.lacks, *finding.missing))
        others = [
            (name, look_up(windows, code, day, but=but, catalogue=self.catalogue)) for name, windows in self.twins
        ]
        return beside(finding, others)

    def codes(self) -> list[str]:
        """Return one code of each act group of which anything is known, in the order of their decisions."""
        every = [*self.windows, *(one for _, windows in self.twins for one in windows)]
        first = {one.act_group or one.codes[0]: one.codes[0] for one in sorted(every, key=lambda one: one.decided_on)}
        return list(first.values())


def subject(db: Database, place: State, day: date) -> Subject:
    """Return who answers for an act at a place that stands at *place* on *day*.

    On the day it changes hands that is the new operator. What the server has not compared
    yet, or never told, makes every answer unsure.
    """
    if not get_meta(db.conn, "cursor"):
        return Subject(None, lacks=(Missing(Lacks.DATA),))
    id = operator_on(place, day)
    if id is None:
        return Subject(None, lacks=(Missing(Lacks.OPERATOR),))
    try:
        operator = find(db, "operator", id)
    except NotKnown:
        return Subject(None, lacks=(Missing(Lacks.NEW_OPERATOR),))
    windows, apart = _known(db.conn, [id]).get(id, ((), frozenset()))
    lacks = () if _told(db.conn, id) else (Missing(Lacks.NEW_OPERATOR),)
    return Subject(operator, windows, tuple(_twins(db, operator, apart)), lacks, current(db.conn))


def _told(conn: sqlite3.Connection, operator: str) -> bool:
    """Say whether the server has told of an operator: of one that only this laptop knows it has compared nothing."""
    row = conn.execute("SELECT 1 FROM things WHERE kind = 'operator' AND id = ? AND gone = 0", (operator,)).fetchone()
    return row is not None


def _known(conn: sqlite3.Connection, operators: Iterable[str]) -> Known:
    rows = conn.execute(
        "SELECT things.id, things.state FROM json_each(?) AS asked CROSS JOIN things"
        " ON things.kind = 'repeat' AND things.id = asked.value AND things.gone = 0",
        (json.dumps(list(operators)),),
    )
    return {id: _read(json.loads(text)) for id, text in rows}


def _read(said: Mapping[str, Any]) -> tuple[tuple[Window, ...], frozenset[str]]:
    return tuple(window(one) for one in said.get("windows", ())), frozenset(said.get("distinct", ()))


def _twins(db: Database, operator: Thing, apart: frozenset[str]) -> Iterable[tuple[str, tuple[Window, ...]]]:
    """Return the operators with decisions that may be *operator*, and of whom nobody has said which it is."""
    own, root = likeness.traits("operator", operator.state), _root(db, operator.id)
    known = _known(db.conn, [id for id in decided.sharing(db.conn, own) if id != operator.id and id not in apart])
    others = {id: find(db, "operator", id) for id, (_, distinct) in known.items() if operator.id not in distinct}
    traits = {id: likeness.traits("operator", other.state) for id, other in others.items()}
    for id in likeness.alike_to(own, traits):
        if _root(db, id) != root:
            yield others[id].name, known[id][0]


def _root(db: Database, operator: str) -> str:
    chain = [operator]
    while True:
        try:
            into = find(db, "operator", chain[-1])["merged_into"]
        except NotKnown:
            return chain[-1]
        if not into or into in chain:
            return chain[-1]
        chain.append(into)


def held(conn: sqlite3.Connection) -> Held:
    """Return whose decisions the server holds, as it said at the last contact."""
    row = conn.execute("SELECT state FROM things WHERE kind = 'decisions_held' AND gone = 0 LIMIT 1").fetchone()
    said = json.loads(row[0]) if row else {}
    authorities = tuple((one["authority"], one["from"]) for one in said.get("authorities", ()))
    return Held(said.get("from", ""), authorities, int(said.get("more", 0)))


def fine(code: str, day: date, form: str) -> tuple[int, int] | None:
    """Return the fine range of an act for an operator of *form*; None where nobody has confirmed it."""
    row = violations.find(code, day)
    return violations.amount_range(row, form) if row else None
