"""The law's answer with its whole working: each decision, what is known of each part, the two ends, what is missing."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date

from schemas.register import State
from schemas.repeat import Answer, Basis, Missing
from schemas.violations import Catalogue
from server.law.asking import ask
from server.law.bounds import bounds, enforcement_limit
from server.law.catalogue import current
from server.law.decision import Decision, Known, Part, Sanction, read
from server.law.held import coded_in, states_of
from server.law.months import NEVER, add_months
from server.law.windows import MONTHS


@dataclass(frozen=True)
class PartKnown:
    """What is known of one part: whether it was ordered, and *done* on a day, `no`, or nothing (empty)."""

    part: str
    ordered: bool
    done: str = ""


@dataclass(frozen=True)
class Reasoned:
    """One decision about the act, and how far it reaches. Days are ISO; an empty one has not come, or is not known.

    It surely opens its window to the day before *sure_until*, and surely no more from *cleared_on*
    on: *earliest* and *latest* are the two ends that *months* are counted from, *limit* the day on
    which it can no longer be enforced. *deciding*: the answer rests on it.
    """

    id: str
    number: str
    authority: str
    decided_on: str
    delivered_on: str
    committed_on: str
    operator: str
    inspection: str
    codes: tuple[str, ...]
    articles: tuple[str, ...]
    sanction: str
    months: int
    parts: tuple[PartKnown, ...]
    limit: str
    earliest: str
    latest: str
    sure_until: str
    cleared_on: str
    basis: str
    cancelled_on: str = ""
    complaint_from: str = ""
    evasion_from: str = ""
    evasion_to: str = ""
    deciding: bool = False


@dataclass(frozen=True)
class HeldOf:
    """Of one authority: from which day its decisions are held, and how many."""

    authority: str
    since: str
    decisions: int


@dataclass(frozen=True)
class Working:
    """The answer to one question, and everything that it rests on."""

    operator: str
    operator_name: str
    united: tuple[str, ...]  # names of all records that are this operator
    code: str
    article: str
    day: str
    answer: Answer
    act_group: str
    group_codes: tuple[str, ...]
    group_confirmed: bool
    cleared_on: str
    basis: Basis | None
    missing: tuple[Missing, ...]
    decisions: tuple[Reasoned, ...]
    others: int  # decisions about other acts
    held_since: str
    held: tuple[HeldOf, ...]


def working(conn: sqlite3.Connection, operator: str, code: str, day: str, *, but: str = "") -> Working:
    """Answer whether an act under *code* that *operator* commits on *day* is a repeat, with the working.

    *but* is the visit on which the act was found: what was decided of that visit is no earlier
    sanction of it. The day is that of the act, and everything known now is used.
    """
    catalogue, asked = current(conn), ask(conn, operator, code, day, but=but)
    group, deciding = asked.finding.act_group, {one.decision for one in asked.finding.windows}
    states = {id: state for id, state in states_of(conn, operator).items() if not but or state.get("inspection") != but}
    for id in deciding - states.keys():  # of a possible duplicate
        states[id] = _state(conn, "decision", id)
    coded = coded_in(conn, states)
    found = [
        reasoned(id, state, catalogue, coded=coded.get(id, []), deciding=id in deciding) for id, state in states.items()
    ]
    about = [one for one in found if one and _concerns(one, catalogue, group, code)]
    names = _names(conn, operator)
    held = asked.held_from
    return Working(
        operator, names[0], tuple(names), code, catalogue.citation(code, day), day, asked.finding.answer, group,
        next((one.codes for one in catalogue.act_groups if one.id == group), ()), catalogue.is_confirmed(group),
        asked.finding.cleared_on, asked.finding.basis, asked.finding.missing,
        tuple(sorted(about, key=lambda one: one.decided_on, reverse=True)), len(found) - len(about), held["from"],
        tuple(HeldOf(one["authority"], one["from"], one["decisions"]) for one in held["authorities"]),
    )  # fmt: skip


def _state(conn: sqlite3.Connection, kind: str, id: str) -> State:
    row = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return json.loads(row[0]) if row else {}


def _names(conn: sqlite3.Connection, operator: str) -> list[str]:
    """Return the name of *operator*, then those of the records that merges have made one with it."""
    rows = conn.execute(
        "SELECT things.id, things.state FROM operators JOIN things ON things.kind = 'operator'"
        " AND things.id = operators.id WHERE operators.root = (SELECT root FROM operators WHERE id = ?)",
        (operator,),
    ).fetchall()
    found = {id: str(json.loads(state).get("name") or "") for id, state in rows}
    return list(dict.fromkeys([found.get(operator, ""), *found.values()]))


def _concerns(one: Reasoned, catalogue: Catalogue, group: str, code: str) -> bool:
    day = one.committed_on or one.decided_on
    return any(catalogue.group_of(act, day) == group if group else act == code for act in one.codes)


def reasoned(
    id: str, state: State, catalogue: Catalogue, *, coded: list[str], deciding: bool = False
) -> Reasoned | None:
    """Reason about one decision by itself, a cancelled one too; None where it has no day that can be read."""
    decision = read(id, {**state, "cancelled_on": None}, catalogue, coded)
    if decision is None:
        return None
    found, sanction = bounds(decision), _sanction(decision)
    months = MONTHS.get(sanction, 0)
    ends = (enforcement_limit(decision), found.earliest, found.latest)
    clear = [add_months(end, months) if months else decision.decided_on for end in ends[1:]]
    said = {path: str(state.get(path) or "") for path in _SAID}
    codes = tuple(code for code, _, _ in decision.acts)
    return Reasoned(
        id=id, codes=codes, articles=tuple(catalogue.citation(code, said["decided_on"]) for code in codes),
        sanction=sanction.value, months=months, parts=_parts(decision),
        limit=_text(ends[0]), earliest=_text(ends[1]), latest=_text(ends[2]),
        sure_until=_text(clear[0]), cleared_on=_text(clear[1]), basis=found.basis.value, deciding=deciding, **said,
    )  # fmt: skip


_SAID = (
    *("number", "authority", "decided_on", "delivered_on", "committed_on", "operator", "inspection", "cancelled_on"),
    *("complaint_from", "evasion_from", "evasion_to"),
)


def _sanction(decision: Decision) -> Sanction:
    """Return the gravest sanction of its acts: that of a list; each act's own window stands in `windows`."""
    kinds = {sanction for _, _, sanction in decision.acts}
    return next((one for one in (Sanction.FINE, Sanction.WARNING) if one in kinds), Sanction.NONE)


def _parts(decision: Decision) -> tuple[PartKnown, ...]:
    found = []
    for part in Part:
        done = decision.parts.get(part, Known.NOTHING)
        text = done.value if isinstance(done, Known) else done.isoformat()
        found.append(PartKnown(part.value, part in decision.parts, text))
    return tuple(found)


def _text(day: date) -> str:
    return "" if day == NEVER else day.isoformat()
