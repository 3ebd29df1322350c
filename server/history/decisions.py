"""The decisions of a history, as the register has them: what was decided, and what is known of each part."""

import sqlite3
from collections.abc import Collection
from typing import Any

from schemas.register import State
from schemas.violations import Catalogue
from server.history.changes import name_of
from server.history.events import Event
from server.law.catalogue import current
from server.law.held import states_of

PARTS = ("main", "additional", "remedies")


def decision_events(
    conn: sqlite3.Connection, operator: str, named: Collection[str], only: Collection[str] | None = None
) -> list[Event]:
    """Return the decisions about *operator* and who is one with it.

    A place is named only where it is among *named*; *only*: those about these places.
    """
    found, catalogue = states_of(conn, operator).items(), current(conn)
    return [
        Event(str(state.get("decided_on") or ""), "decision", about=id, said=_said(conn, state, (catalogue, named)))
        for id, state in found
        if only is None or state.get("establishment") in only
    ]


def _said(conn: sqlite3.Connection, state: State, known: tuple[Catalogue, Collection[str]]) -> dict[str, Any]:
    catalogue, named = known
    place, day = str(state.get("establishment") or ""), str(state.get("committed_on") or state.get("decided_on") or "")
    kept = ("number", "authority", "decided_on", "delivered_on", "committed_on", "sanction", "amount", "suspension_to",
            "cancelled_on", "complaint_from", "evasion_from", "evasion_to")  # fmt: skip
    said: dict[str, Any] = {key: state[key] for key in kept if state.get(key) not in (None, "")}
    said["acts"] = [
        {"code": code, "words": catalogue.words(code), "article": catalogue.citation(code, day),
         "sanction": (state.get("sanctions") or {}).get(code) or state.get("sanction") or ""}
        for code in state.get("codes") or ()
    ]  # fmt: skip
    said["parts"] = {part: state.get(f"{part}_done_on") or "" for part in PARTS if _was_ordered(state, part)}
    if place:
        where = {"establishment": place, "place": name_of(conn, "establishment", place)}
        said |= where if place in named else {"elsewhere": True}
    if state.get("inspection") and place in named:
        said["inspection"] = state["inspection"]
    return said


def _was_ordered(state: State, part: str) -> bool:
    return part in (state.get("ordered") or ()) or bool(state.get(f"{part}_done_on"))
