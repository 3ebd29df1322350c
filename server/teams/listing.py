"""The teams of an area: how each stands on a day, whose cards have run out, what goes with it."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from schemas.text import fold, sort_key
from schemas.units import UnitTree
from server.office import state_of, things
from server.pages.areas import units_inside
from server.teams.near import renewed_by, states_at

SOON = timedelta(days=30)  # before a card or a decision runs out
QUORUM = 3


class Standing(StrEnum):
    """Whether a team may go out on a day."""

    WORKING = "working"
    TO_COME = "to_come"
    RUN_OUT = "run_out"
    CLOSED = "closed"


class Card(StrEnum):
    """How an inspection card stands on a day."""

    GOOD = "good"
    SOON = "soon"
    RUN_OUT = "run_out"
    NONE = "none"  # no number is known
    OPEN = "open"  # a number, and no day on which it ends


@dataclass(frozen=True)
class Member:
    """One member, with the card; *seat* is the path in the team's state."""

    seat: str
    name: str
    agency: str
    role: str
    card: str
    expires_on: str
    standing: Card


@dataclass(frozen=True)
class Team:
    """One team; *renewed_by*: the team of the decision after it; *ends_soon*: its own decision does."""

    id: str
    name: str
    level: str
    unit: str
    decision: str
    valid_from: str
    valid_to: str
    closed_on: str
    closed_reason: str
    standing: Standing
    ends_soon: bool
    members: tuple[Member, ...]
    renews: str
    renewed_by: str
    laptops: tuple[tuple[str, str], ...]
    users: tuple[tuple[str, str], ...]

    @property
    def run_out(self) -> int:
        """How many cards have run out."""
        return sum(member.standing is Card.RUN_OUT for member in self.members)

    @property
    def soon(self) -> int:
        """How many cards run out within a month."""
        return sum(member.standing is Card.SOON for member in self.members)

    @property
    def too_few(self) -> bool:
        """Whether it has fewer members than make a quorum."""
        return len(self.members) < QUORUM


def teams(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Team]:
    """Return the teams whose area lies in *area*: those that work first, then by name."""
    states = states_at(conn, units_inside(tree, area))
    known = _Known(conn, states, today)
    found = [known.team(id, state) for id, state in states.items()]
    order = list(Standing)
    return sorted(found, key=lambda one: (order.index(one.standing), sort_key(one.name), one.valid_from, one.id))


def team(conn: sqlite3.Connection, id: str, today: date) -> Team:
    """Return one team that is there."""
    state = state_of(conn, "team", id)
    assert state is not None, "whoever asks knows that it is there"
    return _Known(conn, {id: state}, today).team(id, state)


def chosen(found: list[Team], *, text: str = "", standing: str = "", cards: str = "") -> list[Team]:
    """Return those whose name or decision holds *text*, of a standing; *cards*: with some that have run out."""
    wanted = fold(text)
    return [
        one for one in found
        if wanted in fold(f"{one.name} {one.decision}") and standing in ("", one.standing.value)
        and (not cards or one.run_out or one.soon)
    ]  # fmt: skip


class _Known:
    """What names some teams, read once."""

    def __init__(self, conn: sqlite3.Connection, teams: Iterable[str], today: date) -> None:
        self._today = today
        self._renewed = renewed_by(conn, teams)
        self._laptops = _by_team(things(conn, "device"), "retired_on")
        self._users = _by_team(things(conn, "user"), "disabled")

    def team(self, id: str, state: dict[str, Any]) -> Team:
        last = state.get("valid_to") or ""
        standing = self._standing(state)
        return Team(
            id=id, name=state["name"], level=state["level"], unit=f"{state['epoch']}:{state['area']}",
            decision=state.get("decision") or "", valid_from=state.get("valid_from") or "", valid_to=last,
            closed_on=state.get("closed_on") or "", closed_reason=state.get("closed_reason") or "", standing=standing,
            ends_soon=standing is Standing.WORKING and bool(last) and last <= (self._today + SOON).isoformat(),
            members=members(state, self._today), renews=state.get("renews") or "", renewed_by=self._renewed.get(id, ""),
            laptops=tuple(self._laptops.get(id, ())), users=tuple(self._users.get(id, ())),
        )  # fmt: skip

    def _standing(self, state: dict[str, Any]) -> Standing:
        today = self._today.isoformat()
        if state.get("closed_on") and state["closed_on"] <= today:
            return Standing.CLOSED
        if state.get("valid_to") and state["valid_to"] < today:
            return Standing.RUN_OUT
        return Standing.TO_COME if (state.get("valid_from") or "") > today else Standing.WORKING


def _by_team(found: dict[str, dict[str, Any]], gone: str) -> dict[str, list[tuple[str, str]]]:
    named: dict[str, list[tuple[str, str]]] = {}
    for id, state in found.items():
        if state.get("team") and not state.get(gone):
            named.setdefault(state["team"], []).append((id, state["name"]))
    return named


def members(state: dict[str, Any], today: date) -> tuple[Member, ...]:
    """Return the members in the order of their seats, each with how the card stands on a day."""
    paths = sorted((path for path, value in state.items() if path.startswith("member/") and value), key=_seat)
    return tuple(_member(path.partition("/")[2], state[path], today) for path in paths)


def _seat(path: str) -> tuple[int, str]:
    seat = path.partition("/")[2]
    return (int(seat) if seat.isdecimal() else 1000), seat


def _member(seat: str, value: dict[str, Any], today: date) -> Member:
    card, last = value.get("card") or "", value.get("card_expires_on") or ""
    return Member(seat, value["name"], value.get("agency") or "", value.get("role") or "", card, last,
                  _card(card, last, today))  # fmt: skip


def _card(card: str, last: str, today: date) -> Card:
    if not card:
        return Card.NONE
    if not last:
        return Card.OPEN
    if last < today.isoformat():
        return Card.RUN_OUT
    return Card.SOON if last <= (today + SOON).isoformat() else Card.GOOD


def count(found: list[Team]) -> Counter[Standing]:
    """Count teams by how they stand."""
    return Counter(one.standing for one in found)
