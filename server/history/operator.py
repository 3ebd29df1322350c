"""The history of one operator: its places, the visits while it ran them, what was decided of it anywhere."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from schemas.days import local_day
from schemas.register import State
from schemas.units import UnitTree
from server.history import changes, status
from server.history.age import Age, age_of
from server.history.decisions import decision_events
from server.history.events import Event, in_order
from server.history.place import told, visit_events
from server.history.reach import Communes, members, places_of, root_of, units_of
from server.history.spans import spans
from server.office import state_of

HOUSEHOLDS = frozenset({"household", "individual"})


@dataclass(frozen=True)
class Run:
    """A place of the area that the operator runs or ran: from which day, and to which where it no longer does."""

    place: str
    name: str
    code: str
    since: str
    until: str


@dataclass(frozen=True)
class OperatorFacts:
    """What an operator is. Of a household or a person nothing stands here but name, form and number of the business.

    *elsewhere*, *visits_elsewhere*: its places outside the area, and the visits there, counted and not named.
    """

    id: str
    name: str
    form: str
    registration: str
    phone: str
    address: str
    merged: int
    places: tuple[Run, ...]
    elsewhere: int
    visits_elsewhere: int
    units: tuple[str, ...]


@dataclass(frozen=True)
class OperatorHistory:
    """One operator as its page tells it."""

    facts: OperatorFacts
    spans: tuple[Event, ...]
    timeline: tuple[Event, ...]
    today: tuple[status.GroupToday, ...]
    age: Age

    def as_json(self) -> dict[str, Any]:
        """Return it as `history --json` and the API tell it."""
        return told(self.facts, self.spans, self.timeline, self.today, self.age)


def history_of_operator(
    conn: sqlite3.Connection, tree: UnitTree, id: str, communes: Communes, at: datetime
) -> OperatorHistory | None:  # fmt: skip
    """Return what *communes* may know of an operator; None where there is none of that id, or none of its places here.

    What was decided of it is told from anywhere, as the law asks about the operator and not about a place.
    """
    root = root_of(conn, "operator", id)
    state = state_of(conn, "operator", root) if root else None
    if root is None or state is None:
        return None
    places = places_of(conn, communes, root)
    if communes is not None and not places.here:
        return None
    ids = frozenset(members(conn, "operator", root))
    runs = tuple(run for place in places.here for run in _runs(conn, place, ids))
    away = tuple(run for place in places.elsewhere for run in _runs(conn, place, ids))
    visits = _visits(conn, runs)
    facts = OperatorFacts(
        id=root, name=state.get("name") or "", form=state.get("form") or "", **_own(state), merged=len(ids) - 1,
        places=runs, elsewhere=len(places.elsewhere), visits_elsewhere=len(_visits(conn, away)),
        units=units_of(conn, places.here),
    )  # fmt: skip
    of_spans = tuple(event for run in runs for event in _event(run))
    named = [id for place in places.here for id in members(conn, "establishment", place)]
    events = [*of_spans, *visits, *decision_events(conn, root, named), *changes.of_edits(conn, "operator", root)]
    day = local_day(at).isoformat()
    return OperatorHistory(
        facts, of_spans, in_order(events), status.today(conn, root, day), age_of(conn, tree, facts.units, at)
    )


def _own(state: State) -> dict[str, str]:
    """Return the numbers of an operator; of a household or a person its own telephone and address stay away."""
    shown = ("registration",) if state.get("form") in HOUSEHOLDS else ("registration", "phone", "address")
    return {key: (state.get(key) or "") if key in shown else "" for key in ("registration", "phone", "address")}


def _runs(conn: sqlite3.Connection, place: str, operators: frozenset[str]) -> list[Run]:
    """Return the times in which one of *operators* ran a place; a span holds to the day before the next."""
    state = state_of(conn, "establishment", place) or {}
    chain = spans(state, "operator")
    found = []
    for at, span in enumerate(chain):
        if span["operator"] in operators:
            following = chain[at + 1]["from"] if at + 1 < len(chain) else ""
            ended = _day_after(span["to"]) if span.get("to") else ""
            until = min(filter(None, (following, ended)), default="")
            found.append(Run(place, state.get("name") or "", state.get("code") or "", span["from"], until))
    return found


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _event(run: Run) -> Iterator[Event]:
    said = {"place": run.place, "name": run.name, "code": run.code}
    yield Event(run.since, "runs", run.place, said=said)
    if run.until:
        yield Event(run.until, "leaves", run.place, said=said)


def _visits(conn: sqlite3.Connection, runs: tuple[Run, ...]) -> list[Event]:
    """Return the visits that fell into *runs*; on the day a place changes hands the new operator answers."""
    found = []
    for place in dict.fromkeys(run.place for run in runs):
        mine = [run for run in runs if run.place == place]
        events = visit_events(conn, members(conn, "establishment", place))
        for one in events:
            if any(run.since <= one.day and (not run.until or one.day < run.until) for run in mine):
                found.append(replace(one, said=one.said | {"place": place, "place_name": mine[0].name}))
    return found
