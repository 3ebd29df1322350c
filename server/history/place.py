"""The history of one establishment: what it is, what held from which day, what happened, what would be a repeat."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from schemas.days import local_day
from schemas.units import UnitTree
from server.history import changes, status
from server.history.age import Age, age_of
from server.history.changes import name_of
from server.history.decisions import decision_events
from server.history.events import Event, in_order
from server.history.reach import communes_of, members, root_of
from server.history.spans import Span, holding, spans
from server.history.visits import visits_of
from server.office import state_of


@dataclass(frozen=True)
class PlaceFacts:
    """What a place is today. *merged*: how many other records are one with it."""

    id: str
    code: str
    name: str
    units: tuple[str, ...]
    address: str
    status: str
    kinds: tuple[str, ...]
    operator: str
    operator_name: str
    operator_form: str
    operator_registration: str
    licences: tuple[Span, ...]
    merged: int


@dataclass(frozen=True)
class PlaceHistory:
    """One establishment as its page tells it; *today* is the answer of the law for who runs it now."""

    facts: PlaceFacts
    spans: tuple[Event, ...]
    timeline: tuple[Event, ...]
    today: tuple[status.GroupToday, ...]
    age: Age

    def as_json(self) -> dict[str, Any]:
        """Return it as `history --json` and the API tell it."""
        return told(self.facts, self.spans, self.timeline, self.today, self.age)


def told(
    facts: Any, spans: tuple[Event, ...], timeline: tuple[Event, ...], today: tuple[status.GroupToday, ...], age: Age
) -> dict[str, Any]:  # fmt: skip
    """Return a history as programs get it."""
    return {
        "facts": asdict(facts),
        "spans": [asdict(one) for one in spans],
        "timeline": [asdict(one) for one in timeline],
        "repeat": [one.as_json() for one in today],
        "age": age.as_json(),
    }


def history_of_place(conn: sqlite3.Connection, tree: UnitTree, id: str, at: datetime) -> PlaceHistory | None:
    """Return the history of the record that stands for a place; None where there is no place of that id."""
    root = root_of(conn, "establishment", id)
    state = state_of(conn, "establishment", root) if root else None
    if root is None or state is None:
        return None
    ids, day = members(conn, "establishment", root), local_day(at).isoformat()
    facts = _facts(conn, root, state, day)
    of_spans = tuple(changes.of_spans(conn, tree, state))
    events = [*of_spans, *changes.of_edits(conn, "establishment", root), *_checks(conn, ids), *visit_events(conn, ids)]
    events += _decisions(conn, ids)
    today = status.today(conn, facts.operator, day) if facts.operator else ()
    return PlaceHistory(facts, of_spans, in_order(events), today, age_of(conn, tree, facts.units, at))


def _facts(conn: sqlite3.Connection, id: str, state: dict[str, Any], day: str) -> PlaceFacts:
    held = {group: holding(state, group, day) or {} for group in ("place", "status", "operator")}
    owner = held["operator"].get("operator") or ""
    operator = state_of(conn, "operator", owner) or {} if owner else {}
    kinds = {one["kind"] for one in spans(state, "kind") if one["from"] <= day <= (one.get("to") or "9999")}
    return PlaceFacts(
        id=id, code=state.get("code") or "", name=state.get("name") or "", units=communes_of(conn, id),
        address=held["place"].get("address") or "", status=held["status"].get("status") or "",
        kinds=tuple(sorted(kinds)), operator=root_of(conn, "operator", owner) or "" if owner else "",
        operator_name=operator.get("name") or "", operator_form=operator.get("form") or "",
        operator_registration=operator.get("registration") or "", licences=tuple(spans(state, "licence")),
        merged=len(members(conn, "establishment", id)) - 1,
    )  # fmt: skip


def _checks(conn: sqlite3.Connection, ids: tuple[str, ...]) -> list[Event]:
    found = []
    for id in ids:
        rows = conn.execute("SELECT date, agency, paper FROM outside_checks WHERE establishment = ?", (id,))
        found += [Event(day, "outside_check", id, said={"agency": by, "paper": paper}) for day, by, paper in rows]
    return found


def visit_events(conn: sqlite3.Connection, ids: tuple[str, ...]) -> list[Event]:
    """Return the visits of *ids* as events, each with the name of its team."""
    visits = visits_of(conn, ids)
    teams = {team: name_of(conn, "team", team) for team in {one.team for one in visits}}
    return [
        Event(one.date, "visit", one.establishment, said={
            **vars(one), "findings": tuple(map(vars, one.findings)), "team_name": teams[one.team],
        })
        for one in visits
    ]  # fmt: skip


def _decisions(conn: sqlite3.Connection, ids: tuple[str, ...]) -> list[Event]:
    """Return the decisions about this place, whoever ran it."""
    found: dict[str, Event] = {}
    for id in ids:
        for (operator,) in conn.execute(
            "SELECT operator FROM operator_places WHERE establishment = ? ORDER BY operator", (id,)
        ).fetchall():
            found |= {one.about: one for one in decision_events(conn, operator, ids, only=ids)}
    return list(found.values())
