"""The list of an area and a year, worked out: the same seed over the same data gives the same list."""

import json
import sqlite3
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from schemas.units import UnitTree
from server.coverage.targets import Plan
from server.office import things
from server.pages.areas import whole_communes
from server.planning.draw import choose
from server.planning.points import Part, score
from server.planning.quotas import Aim, Quota, by_commune, by_kind
from server.planning.survey import Asked, Survey, survey
from server.planning.turns import Team, turns
from server.planning.weights import InForce, in_force


@dataclass(frozen=True)
class Line:
    """A place on the list, why it is there, and who is to go when; an empty team: nobody could."""

    establishment: str
    commune: str
    kinds: tuple[str, ...]
    points: int
    parts: tuple[Part, ...]
    chosen: str
    team: str
    month_from: str
    month_to: str
    again: bool

    def as_json(self) -> dict[str, Any]:
        """Return it as it is printed and hashed."""
        return asdict(self) | {"parts": [part.as_json() for part in self.parts]}


@dataclass(frozen=True)
class Proposed:
    """A proposed list with all that it was made from."""

    asked: Asked
    seed: str
    weights: InForce
    aim: Aim
    plan: Plan | None
    communes: dict[str, Quota]
    kinds: dict[str, Quota]
    lines: tuple[Line, ...]
    facts: str  # hash of what was known
    places: int  # that were looked at

    @property
    def list_hash(self) -> str:
        """What the list is compared by."""
        return _hash([line.as_json() for line in self.lines])

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `plan propose --json`."""
        return {
            "unit": self.asked.unit, "year": self.asked.year, "as_of": self.asked.as_of.isoformat(), "seed": self.seed,
            "target": self.aim.target, "period": self.aim.period, "years_left": self.aim.years_left,
            "plan": {"id": self.plan.id, "name": self.plan.name, "number": self.plan.number} if self.plan else None,
            "weights": self.weights.values, "weights_of": self.weights.area, "facts": self.facts,
            "list": self.list_hash, "communes": [quota.as_json() for quota in self.communes.values()],
            "kinds": [quota.as_json() for quota in self.kinds.values()],
            "lines": [line.as_json() for line in self.lines],
        }  # fmt: skip


def propose(
    conn: sqlite3.Connection, tree: UnitTree, asked: Asked, seed: str, weights: InForce | None = None
) -> Proposed:
    """Work the list out, within one read transaction; *weights* are those in force. Raises NoTarget."""
    weights = weights or in_force(conn, tree, asked.unit)
    found = survey(conn, tree, asked)
    teams = teams_of(conn, tree, asked)
    communes, kinds = by_commune(found.places, found.aim), by_kind(found.places, found.aim)
    scored = [score(place, weights.values, asked.as_of) for place in found.places]
    chosen = choose(scored, communes, kinds, seed=seed, percent=weights.values["random_percent"])
    who = turns(
        chosen, found.communes, teams, most=weights.values["team_most"], year=asked.year,
        from_month=asked.from_month, seed=seed,
    )  # fmt: skip
    lines = tuple(
        Line(one.scored.known.id, one.scored.known.unit, one.scored.known.kinds, one.scored.points, one.scored.parts,
             one.how, turn.team, turn.month_from, turn.month_to, turn.again)
        for one, turn in zip(chosen, who, strict=True)
    )  # fmt: skip
    return Proposed(
        asked, seed, weights, found.aim, found.plan, communes, kinds, lines, _facts(found, teams, weights),
        len(found.places),
    )  # fmt: skip


def teams_of(conn: sqlite3.Connection, tree: UnitTree, asked: Asked) -> list[Team]:
    """Return the teams that are valid in the year and whose area touches the asked one, in the order of their ids."""
    scope = tree.scope(asked.unit)
    day = max(asked.as_of.isoformat(), f"{asked.year:04d}-01-01")
    given = _given(conn, asked)
    found = []
    for id, state in things(conn, "team").items():
        area = f"{state['epoch']}:{state['area']}"
        begun = (state.get("valid_from") or "") <= f"{asked.year:04d}-12-31"
        if area in scope and begun and (state.get("valid_to") or "9999") >= day:
            communes = frozenset(whole_communes(tree, area))
            found.append(Team(id, state["name"], state["level"], communes, given[id]))
    return found


def _given(conn: sqlite3.Connection, asked: Asked) -> Counter[str]:
    """Count what each team has been given by plan for the year."""
    rows = conn.execute(
        "SELECT id, team FROM assignments WHERE withdrawn = 0 AND basis = 'planned' AND reserved = 0"
        "   AND expires_on >= ? AND expires_on <= ?",
        (f"{asked.year:04d}-01-01", f"{asked.year:04d}-12-31"),
    )
    return Counter(team for id, team in rows if id not in asked.but)


def _facts(found: Survey, teams: list[Team], weights: InForce) -> str:
    """Hash all that the list follows from but the seed: equal hashes and seeds must give equal lists."""
    return _hash({
        "places": [vars(place) | {"communes": sorted(found.communes[place.id])} for place in found.places],
        "teams": [vars(team) | {"communes": sorted(team.communes)} for team in teams],
        "aim": asdict(found.aim), "weights": weights.values,
    })  # fmt: skip


def _hash(said: Any) -> str:
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
