"""Counting sanction decisions into a tally: each by the day on which it was decided, unless it was cancelled."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from schemas.fields import is_day
from schemas.register import State
from server.coverage import facts
from server.coverage.steps import PlaceFacts
from server.law.months import add_months
from server.returns.figures.places import Period
from server.returns.figures.tally import Where
from server.store import in_parts, marks


class Decided(NamedTuple):
    """A decision in force; *of* is the place it is about, or the operator where it names no place."""

    id: str
    of: str
    decided_on: str
    execution: str
    done_on: str


_COLUMNS = "decisions.id, {of}, decided_on, execution, done_on"
_AT_PLACES = (
    f"SELECT {_COLUMNS.format(of='root')} FROM establishments CROSS JOIN decisions"
    " WHERE root IN ({marks}) AND decisions.establishment = establishments.id AND decisions.establishment <> ''"
    "   AND cancelled = 0 AND decided_on < ?"
)
# Of whoever is one with somebody who runs, or ran, one of the places.
_OF_OPERATORS = (
    f"SELECT DISTINCT {_COLUMNS.format(of='own.root')} FROM establishments"
    "  CROSS JOIN operator_places CROSS JOIN operators AS own CROSS JOIN operators AS one CROSS JOIN decisions"
    " WHERE establishments.root IN ({marks}) AND operator_places.establishment = establishments.id"
    "   AND own.id = operator_places.operator AND one.root = own.root AND decisions.operator = one.id"
    "   AND decisions.establishment = '' AND cancelled = 0 AND decided_on < ?"
)


def count_decisions(conn: sqlite3.Connection, periods: Sequence[Period]) -> None:
    """Count the decisions about the places of all *periods*, and those that name no place about who runs them."""
    roots = sorted({root for period in periods for root in period.standing})
    until = max(period.question.until for period in periods)
    at_places = _read(conn, _AT_PLACES, roots, until)
    found = [(one, [period.standing.get(one.of) for period in periods]) for one in at_places]
    found += _without_place(conn, periods, roots)
    states = _states(conn, [one.id for one, _ in found if any(_matters(one, period) for period in periods)])
    for one, places in found:
        if one.id in states:
            for period, where in zip(periods, places, strict=True):
                if where:
                    _count(period, where, one, states[one.id])


def _read(conn: sqlite3.Connection, query: str, roots: Sequence[str], until: str) -> Iterator[Decided]:
    for part in in_parts(roots):
        yield from (Decided(*row) for row in conn.execute(query.format(marks=marks(part)), [*part, until]))


def _matters(one: Decided, period: Period) -> bool:
    """Say whether a decision was made in a period, or may still be to be carried out at its end."""
    return period.holds(one.decided_on) or (one.decided_on <= period.last and not _is_done(one, period.last))


def _is_done(one: Decided, day: str) -> bool:
    return one.execution == "done" and one.done_on <= day


def _states(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, State]:
    found: dict[str, State] = {}
    for part in in_parts(sorted(set(ids))):
        rows = conn.execute(f"SELECT id, state FROM things WHERE kind = 'decision' AND id IN ({marks(part)})", part)
        found.update({id: json.loads(state) for id, state in rows})
    return found


def _count(period: Period, where: Where, one: Decided, state: State) -> None:
    put = period.tally.put
    if one.decided_on <= period.last and remedies_pend(state, period.last):
        put(where, "remedies_pending", one.id)
    if not period.holds(one.decided_on):
        return
    sanctions = {state.get("sanction"), *(state.get("sanctions") or {}).values()}
    put(where, "decisions", one.id)
    if "warning" in sanctions:
        put(where, "warnings", one.id)
    if "fine" in sanctions:
        put(where, "fines", one.id)
        amount = state.get("amount")
        put(where, "fines_without_amount" if amount is None else "fine_amount", one.id, amount or 0)
    for what, months in suspensions(state):
        put(where, "suspensions", f"{one.id}/{what}")
        if months:
            put(where, "suspension_months", f"{one.id}/{what}", months)


def remedies_pend(state: State, day: str) -> bool:
    """Say whether remedies were ordered and there is no day, up to *day*, on which they were done."""
    done = str(state.get("remedies_done_on") or "")
    return bool(done or "remedies" in (state.get("ordered") or ())) and not (is_day(done) and done <= day)


def suspensions(state: State) -> list[tuple[str, int]]:
    """Return what a decision suspends, and for how many months, begun ones too; 0 where a day of it is not known."""
    spans = {path.partition("/")[2]: span for path, span in state.items() if path.startswith("suspension/") and span}
    if not spans and state.get("suspension_to"):
        return [("unknown", 0)]
    return [(what, _months(span)) for what, span in sorted(spans.items())]


def _months(span: dict[str, Any]) -> int:
    if not (span.get("from") and span.get("to")):
        return 0
    first, last = date.fromisoformat(span["from"]), date.fromisoformat(span["to"])
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (add_months(first, months) <= last)


def _without_place(
    conn: sqlite3.Connection, periods: Sequence[Period], roots: Sequence[str]
) -> list[tuple[Decided, list[Where | None]]]:
    """Return the decisions that name no place, each where all places of its operator surely stand."""
    until = max(period.question.until for period in periods)
    since = min(period.question.since for period in periods)
    found = {one.id: one for one in _read(conn, _OF_OPERATORS, roots, until)}
    if not found:
        return []
    run = _run_by(conn, sorted({one.of for one in found.values()}))
    places = facts.load_many(conn, sorted({root for some in run.values() for root in some}), since, until)
    stand = {
        operator: [_all_stand(period, [places[root] for root in some if root in places]) for period in periods]
        for operator, some in run.items()
    }
    return [(one, stand[one.of]) for one in found.values()]


def _run_by(conn: sqlite3.Connection, operators: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in in_parts(operators):
        for operator, root in conn.execute(
            "SELECT operators.root, establishments.root FROM operators CROSS JOIN operator_places"
            "  CROSS JOIN establishments"
            f" WHERE operators.root IN ({marks(part)}) AND operator_places.operator = operators.id"
            "   AND establishments.id = operator_places.establishment",
            part,
        ):
            found.setdefault(operator, set()).add(root)
    return found


def _all_stand(period: Period, places: Iterable[PlaceFacts]) -> Where | None:
    """Return the smallest unit that surely holds all of *places*, under their kinds where these are the same."""
    standing = [period.question.stands(place)[:2] for place in places]
    sure = {period.question.where.sure(unit) for unit, _ in standing}
    unit = period.question.where.tree.smallest_sure(sure) if all(sure) else None
    kinds = {kinds for _, kinds in standing}
    return period.where(unit or "", kinds.pop() if len(kinds) == 1 else None)
