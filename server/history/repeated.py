"""Places whose operator repeated a sanctioned act, as of a day; docs/histories.md says which acts make a place stand.

Both acts were sanctioned: the earlier one opened the window, the later one was committed inside it and is itself the
subject of a decision in force. The place leaves on the day on which the later decision is cleared, or when it changes
hands: the law asks about the operator, not about the premises.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.repeat import Answer, Window, look_up
from schemas.violations import Catalogue
from server.history.reach import Communes
from server.history.spans import holding, last_span
from server.law.catalogue import current
from server.law.decision import Decision, Sanction
from server.law.held import decisions_of
from server.law.months import add_months
from server.law.windows import LOOK_BACK, windows
from server.office import state_of
from server.store import in_parts, marks


@dataclass(frozen=True)
class Repeated:
    """A place that stands on the list: the act, the decision whose window it fell into, the one that decided on it.

    *answer* is repeat, or cannot_tell where a fact is missing; *missing* says which, in the words of the law's answer.
    """

    place: str
    name: str
    code: str
    communes: tuple[str, ...]
    address: str
    status: str
    operator: str
    operator_name: str
    act_group: str
    act: str
    committed_on: str
    earlier: str
    earlier_on: str
    decision: str
    decided_on: str
    answer: str
    cleared_on: str


@dataclass(frozen=True)
class _Act:
    """A sanctioned act that repeats an earlier one, or may: *decision* decided on it, *earlier* made it a repeat."""

    code: str
    group: str
    committed_on: str
    decision: Decision
    earlier: Window
    answer: Answer


def repeated_places(conn: sqlite3.Connection, day: str, communes: Communes) -> list[Repeated]:
    """Return the places of *communes* that stand on the list as of *day*, with everything known now."""
    found = [
        row
        for operator, places in _operators(conn, day, communes).items()
        for act, window in _standing(conn, operator, day)
        for place in places
        if (row := _row(conn, place, operator, day, (act, window)))
    ]
    return sorted(found, key=_order)


def _order(one: Repeated) -> tuple[bool, tuple[str, ...], str, str, str]:
    return one.answer != Answer.REPEAT, one.communes, one.name, one.place, one.act_group


def _operators(conn: sqlite3.Connection, day: str, communes: Communes) -> dict[str, list[str]]:
    """Return the operators of the area with two decisions or more, each with the places of the area it ever ran."""
    asked = (
        "SELECT DISTINCT operators.root, establishments.root FROM placements"
        "  JOIN establishments ON establishments.id = placements.establishment AND establishments.merged_into IS NULL"
        "  JOIN establishments AS merged ON merged.root = establishments.id"
        "  JOIN operator_places ON operator_places.establishment = merged.id"
        "  JOIN operators ON operators.id = operator_places.operator"
        " WHERE {where} (SELECT count(*) FROM operators AS one JOIN decisions ON decisions.operator = one.id"
        "        WHERE one.root = operators.root AND decided_on <= ?) > 1 ORDER BY 1, 2"
    )
    parts: list[tuple[str, ...]] = [()] if communes is None else [tuple(one) for one in in_parts(sorted(communes))]
    found: dict[str, list[str]] = {}
    for some in parts:
        where = f"commune IN ({marks(some)}) AND" if communes is not None else ""
        for operator, place in conn.execute(asked.format(where=where), (*some, day)):
            places = found.setdefault(operator, [])
            if place not in places:
                places.append(place)
    return found


def _standing(conn: sqlite3.Connection, operator: str, day: str) -> list[tuple[_Act, Window]]:
    """Return, group by group, the newest repeated act whose decision is not cleared on *day*, and its window then."""
    decisions = [one for one in decisions_of(conn, operator) if one.decided_on.isoformat() <= day]
    opened = windows(decisions)
    found: dict[str, tuple[_Act, Window]] = {}
    for act in _acts(conn, decisions):
        window = next((one for one in opened if one.decision == act.decision.id and one.holds(day)
                       and one.concerns(act.group, act.code) and one.answer is not Answer.NOT_FOUND), None)  # fmt: skip
        if window:
            found[act.group] = (act, window)
    return list(found.values())


def _acts(conn: sqlite3.Connection, decisions: list[Decision]) -> Iterator[_Act]:
    """Yield the sanctioned acts that fell into the window of an earlier decision, the earliest decision first.

    An act whose group is not decided repeats nothing; remedies alone are no sanction.
    """
    ordered, catalogue = sorted(decisions, key=lambda one: (one.decided_on, one.id)), current(conn)
    for place, decision in enumerate(ordered):
        earlier = windows(ordered[:place])
        for code, group, sanction in decision.acts if earlier else ():
            if group and sanction is not Sanction.NONE:
                act = _repeats(_committed(conn, decision), decision, (code, group), earlier, catalogue=catalogue)
                if act:
                    yield act


def _repeats(
    committed: str, decision: Decision, act: tuple[str, str], earlier: list[Window], *, catalogue: Catalogue
) -> _Act | None:
    """Say what the earlier *windows* make of an act; where its day is not known, whether it may have fallen in one."""
    code, group = act
    if committed:
        found = look_up(earlier, code, committed, but=decision.inspection, catalogue=catalogue)
        if found.answer is Answer.NOT_FOUND or not found.windows:
            return None
        return _Act(code, group, committed, decision, found.windows[0], found.answer)
    first = add_months(decision.decided_on, -LOOK_BACK).isoformat()
    near = [one for one in earlier if one.concerns(group, code) and (not one.until or one.until > first)
            and not (decision.inspection and one.inspection == decision.inspection)]  # fmt: skip
    return _Act(code, group, "", decision, near[-1], Answer.CANNOT_TELL) if near else None


def _committed(conn: sqlite3.Connection, decision: Decision) -> str:
    """Return the day of the act: as the decision says, else that of the visit that found it; empty: not known."""
    if decision.committed_on:
        return decision.committed_on.isoformat()
    row = conn.execute("SELECT date FROM visits WHERE id = ?", (decision.inspection,)).fetchone()
    return row[0] if row else ""


def _row(
    conn: sqlite3.Connection, place: str, operator: str, day: str, act_then: tuple[_Act, Window]
) -> Repeated | None:  # fmt: skip
    """Say it of a place; None where somebody else ran it on *day*, or it had closed for good."""
    act, window = act_then
    state = state_of(conn, "establishment", place) or {}
    span = holding(state, "operator", day)
    status = (holding(state, "status", day) or {}).get("status") or ""
    if span is None or status == "closed" or not _is_one_with(conn, span["operator"], operator):
        return None
    sure = act.answer is Answer.REPEAT and window.answer is Answer.REPEAT
    communes = tuple(row[0] for row in conn.execute(
        "SELECT commune FROM placements WHERE establishment = ? ORDER BY commune", (place,)
    ))  # fmt: skip
    return Repeated(
        place=place, name=state.get("name") or "", code=state.get("code") or "", communes=communes,
        address=(last_span(state, "place") or {}).get("address") or "", status=status, operator=operator,
        operator_name=str((state_of(conn, "operator", operator) or {}).get("name") or ""), act_group=act.group,
        act=act.code, committed_on=act.committed_on, earlier=act.earlier.number, earlier_on=act.earlier.decided_on,
        decision=act.decision.number, decided_on=act.decision.decided_on.isoformat(),
        answer=(Answer.REPEAT if sure else Answer.CANNOT_TELL).value, cleared_on=window.cleared_on,
    )  # fmt: skip


def _is_one_with(conn: sqlite3.Connection, one: str, root: str) -> bool:
    row = conn.execute("SELECT root FROM operators WHERE id = ?", (one,)).fetchone()
    return bool(row) and row[0] == root
