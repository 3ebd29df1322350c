"""Requests of operators about their own data: those of an area, what waits for an answer first."""

import sqlite3
from dataclasses import dataclass

from schemas.register import State
from server.history.candidates import having
from server.history.changes import name_of
from server.history.reach import Communes, places_of, root_of, units_of
from server.history.texts import REGISTRATION, compact, padded
from server.office import state_of, things


@dataclass(frozen=True)
class DataRequest:
    """One request as the list has it. *late*: not answered on its day, or not yet and that day is past."""

    id: str
    operator: str
    operator_name: str
    units: tuple[str, ...]
    paper: str
    asks: str
    about: str
    received_on: str
    due_on: str
    answer: str
    answered_on: str
    answer_paper: str
    answer_note: str
    late: bool


def requests_of(conn: sqlite3.Connection, communes: Communes, today: str) -> list[DataRequest]:
    """Return the requests of operators with a place in *communes*: open ones first, the nearest deadline first."""
    found = [
        one for id, state in things(conn, "data_request").items() if (one := _of(conn, id, state, (communes, today)))
    ]
    return sorted(found, key=lambda one: (bool(one.answer), one.due_on if not one.answer else "", one.id))


def request_of(conn: sqlite3.Connection, communes: Communes, today: str, id: str) -> DataRequest | None:
    """Return one request; None where there is none of that id, or its operator has no place in *communes*."""
    state = state_of(conn, "data_request", id)
    return _of(conn, id, state, (communes, today)) if state else None


def _of(conn: sqlite3.Connection, id: str, state: State, where: tuple[Communes, str]) -> DataRequest | None:
    communes, today = where
    root = root_of(conn, "operator", state["operator"]) or state["operator"]
    places = places_of(conn, communes, root)
    if communes is not None and not places.here:
        return None
    until = state.get("answered_on") or today
    return DataRequest(
        id=id, operator=root, operator_name=name_of(conn, "operator", root), units=units_of(conn, places.here),
        paper=state["paper"], asks=state["asks"], about=state.get("about") or "", received_on=state["received_on"],
        due_on=state["due_on"], answer=state.get("answer") or "", answered_on=state.get("answered_on") or "",
        answer_paper=state.get("answer_paper") or "", answer_note=state.get("answer_note") or "",
        late=until > state["due_on"],
    )  # fmt: skip


def operator_named(conn: sqlite3.Connection, communes: Communes, named: str) -> str | None:
    """Return the operator of *communes* that an id or a registration number names, None where that is not one."""
    root = root_of(conn, "operator", named)
    found = {root} if root else _registered(conn, compact(named))
    mine = [one for one in found if communes is None or places_of(conn, communes, one).here]
    return mine[0] if len(mine) == 1 else None


def _registered(conn: sqlite3.Connection, number: str) -> set[str]:
    if len(number) < 2:
        return set()
    rows = conn.execute(
        "SELECT operators.root FROM lookup_index JOIN lookup_texts ON lookup_texts.id = lookup_index.rowid"
        "  JOIN operators ON operators.id = lookup_texts.thing"
        " WHERE lookup_index MATCH ? AND what = ? AND lookup_texts.text = ?",
        (having(number), REGISTRATION, padded(number)),
    )
    return {row[0] for row in rows}
