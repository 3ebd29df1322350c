"""The assignments of an area: whose turn it is where, until when, what came of it, and who else is on the way there."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from schemas.assignments import first_open_days
from schemas.days import local_day
from schemas.text import sort_key
from server.office import things
from server.store import in_parts, marks

LOOK_BACK = timedelta(days=366)  # what is over longer ago stands in no list
UNSCHEDULED = "unscheduled"


class State(StrEnum):
    """How an assignment stands."""

    WAITING = "waiting"
    DONE = "done"
    LATE = "late"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Other:
    """Another assignment to the same place for a common day: teams of two levels may meet there."""

    team: str
    basis: str
    expires_on: str


@dataclass(frozen=True)
class Assignment:
    """One assignment; *commune* is a key, *team* a name; *done*: the day of an inspection since, or empty."""

    id: str
    establishment: str
    name: str
    code: str
    commune: str
    team_id: str
    basis: str
    given_on: str
    starts_on: str
    expires_on: str
    reserved: bool
    withdrawn: bool
    done: str
    team: str = ""
    state: State = State.WAITING
    others: tuple[Other, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is neither past nor taken back."""
        return self.state in {State.WAITING, State.DONE}


@dataclass(frozen=True)
class Wanted:
    """Which assignments: of present *communes*, of one team, in one state (None: those that are open).

    *secrets*: unscheduled ones too, which are for their team and the coordinator only.
    """

    communes: Sequence[str]
    at: datetime
    team: str = ""
    state: State | None = None
    secrets: bool = True


_ROWS = (
    "SELECT assignments.id, assignments.establishment, establishments.name, code, commune, assignments.team,"
    " assignments.basis, given_on, starts_on, expires_on, reserved, withdrawn,"
    " coalesce((SELECT max(visits.date) FROM visits WHERE visits.establishment = assignments.establishment"
    "            AND counting = 1"
    "            AND visits.date >= CASE starts_on WHEN '' THEN given_on ELSE starts_on END"
    "            AND (assignments.basis = 'planned' OR visits.team = assignments.team)), '')"
    "  FROM assignments JOIN establishments ON establishments.id = assignments.establishment"
    "  JOIN placements ON placements.establishment = assignments.establishment"
    " WHERE commune IN ({communes}) AND expires_on >= ?"
)


def assignments(conn: sqlite3.Connection, wanted: Wanted) -> list[Assignment]:
    """Return them, the nearest end first, each once and with who else is on the way to its place."""
    since = (local_day(wanted.at) - LOOK_BACK).isoformat()
    found: dict[str, Assignment] = {}
    for some in in_parts(wanted.communes):
        rows = conn.execute(_ROWS.format(communes=marks(some)), (*some, since))
        found |= {row[0]: _row(row) for row in rows if wanted.secrets or row[6] != UNSCHEDULED}
    names = {id: str(state["name"]) for id, state in things(conn, "team").items()}
    all_open = first_open_days(wanted.at)
    known = [_known(one, names, all_open) for one in found.values()]
    shown = [one for one in known if _is_wanted(one, wanted)]
    return sorted(_with_others(shown, known), key=lambda one: (one.expires_on, sort_key(one.name), one.id))


def _row(row: Sequence[Any]) -> Assignment:
    one = Assignment(*row)
    return replace(one, reserved=bool(one.reserved), withdrawn=bool(one.withdrawn))


def _known(one: Assignment, names: dict[str, str], first_open: tuple[str, str]) -> Assignment:
    assigned, reserved = first_open
    past = one.expires_on < (reserved if one.reserved else assigned)
    if one.withdrawn:
        state = State.WITHDRAWN
    elif one.done:
        state = State.DONE
    else:
        state = State.LATE if past else State.WAITING
    return replace(one, team=names.get(one.team_id, ""), state=state)


def _is_wanted(one: Assignment, wanted: Wanted) -> bool:
    if wanted.team and one.team_id != wanted.team:
        return False
    if wanted.state:
        return one.state is wanted.state
    return one.open and one.expires_on >= local_day(wanted.at).isoformat()


def _with_others(shown: list[Assignment], known: list[Assignment]) -> list[Assignment]:
    at_place: dict[str, list[Assignment]] = defaultdict(list)
    for one in known:
        if one.state is State.WAITING:
            at_place[one.establishment].append(one)
    return [replace(one, others=tuple(_meets(one, at_place[one.establishment]))) for one in shown]


def _meets(one: Assignment, here: list[Assignment]) -> list[Other]:
    if one.state is not State.WAITING:
        return []
    return [
        Other(other.team, other.basis, other.expires_on) for other in here
        if other.team_id != one.team_id and _begins(other) <= one.expires_on and _begins(one) <= other.expires_on
    ]  # fmt: skip


def _begins(one: Assignment) -> str:
    return one.starts_on or one.given_on


def by_team(found: Sequence[Assignment]) -> dict[str, list[Assignment]]:
    """Return *found* team by team, in the order of their names: what each is handed on paper."""
    groups: dict[str, list[Assignment]] = defaultdict(list)
    for one in found:
        groups[one.team].append(one)
    return {team: groups[team] for team in sorted(groups, key=sort_key)}
