"""The annex of a return: the inspections behind its figures, one line each; no names of persons."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from schemas.items import read
from schemas.units import UnitTree
from schemas.violations import Catalogue
from server.coverage.left_out import left_out
from server.coverage.question import places_of
from server.coverage.under import address_on
from server.law.catalogue import current
from server.returns.figures.days import asked_of
from server.returns.figures.places import Period, Visit, visits_to
from server.review.queue import team_names
from server.store import in_parts, marks

NO_CODE = "Hành vi khác (chưa có mã)"


@dataclass(frozen=True)
class Line:
    """One counted inspection. *violations* are the acts in words, *decisions* the numbers of what was decided on it.

    *unit* is a key of the asked map, empty where the commune is not known; *kinds* are those that count.
    """

    id: str
    date: str
    establishment: str
    name: str
    code: str
    address: str
    unit: str
    unit_name: str
    kinds: tuple[str, ...]
    basis: str
    team: str
    team_name: str
    outcome: str
    number: str
    violations: tuple[str, ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """One visit that was received and is not counted, with why (held, conflict, quarantined, short)."""

    item: str
    date: str
    establishment: str
    name: str
    unit: str
    unit_name: str
    team: str
    team_name: str
    why: str


@dataclass(frozen=True)
class Annex:
    """As many *lines* as the table has visits, the earliest first; *beside*: what it does not count."""

    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return {
            "lines": [_plain(line) for line in self.lines],
            "beside": [asdict(one) for one in self.beside],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Annex":
        """Read what `as_json` wrote, exactly as it was."""
        lists = ("kinds", "violations", "decisions")
        lines = tuple(Line(**{**one, **{name: tuple(one[name]) for name in lists}}) for one in kept["lines"])
        return cls(lines, tuple(Beside(**one) for one in kept["beside"]))


def annex(
    conn: sqlite3.Connection, tree: UnitTree, unit: str | None, first: date, last: date, *, plan: str | None = None
) -> Annex:  # fmt: skip
    """List the inspections that `figures` counts, asked the same. Called within one read transaction."""
    question = asked_of(conn, tree, unit, first, last, plan=plan).now
    period = Period(conn, question)
    for place in places_of(conn, question):
        period.take(place)
    visits = visits_to(conn, period.standing, question.since, question.until)
    in_order = sorted(visits, key=lambda one: (one.date, one.id))
    return Annex(_Lines(conn, period).of(in_order), tuple(_beside(conn, period)))


class _Lines:
    """What is said of visits beside their rows, read a few hundred at a time."""

    def __init__(self, conn: sqlite3.Connection, period: Period) -> None:
        self._conn, self._period, self._catalogue = conn, period, current(conn)

    def of(self, visits: Sequence[Visit]) -> tuple[Line, ...]:
        """Say everything of *visits*, in their order."""
        ids = [visit.id for visit in visits]
        bodies, coded = self._bodies(visits), self._coded(ids)
        numbers, decisions = self._numbers(ids), self._decisions(ids)
        places = records(self._conn, {visit.root for visit in visits})
        teams = team_names(self._conn, {str(body.get("team") or "") for body in bodies.values()})
        found = []
        for visit in visits:
            body, (code, name, state) = bodies[visit.id], places[visit.root]
            (group, key), kinds = self._period.standing[visit.root]
            team = str(body.get("team") or "")
            known = group == "unit"
            found.append(Line(
                visit.id, visit.date, visit.root, name, code, address_on(state, visit.date), key if known else "",
                unit_name(self._period, key if known else ""), tuple(kinds.split()), visit.basis, team,
                teams.get(team, ""), str(body.get("outcome") or ""),
                numbers.get(visit.id) or str(body.get("number") or ""), acts(body, coded, self._catalogue),
                decisions.get(visit.id, ()),
            ))  # fmt: skip
        return tuple(found)

    def _bodies(self, visits: Sequence[Visit]) -> dict[str, dict[str, Any]]:
        of_items = {visit.item: visit.id for visit in visits}
        found: dict[str, dict[str, Any]] = {visit.id: {} for visit in visits}
        for part in in_parts(sorted(of_items)):
            rows = self._conn.execute(f"SELECT name, line FROM items WHERE name IN ({marks(part)})", part)
            found.update({of_items[name]: read(bytes(line)).body for name, line in rows if line})
        return found

    def _coded(self, ids: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in in_parts(ids):
            found.update(self._conn.execute(
                f"SELECT violation, code FROM codings WHERE inspection IN ({marks(part)}) AND code <> ''", part
            ).fetchall())  # fmt: skip
        return found

    def _numbers(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the numbers that clerks gave to minutes after they were closed, the last of each."""
        found: dict[str, str] = {}
        for part in in_parts(ids):
            for inspection, text in self._conn.execute(
                f"SELECT inspection, said FROM said_of_visits WHERE inspection IN ({marks(part)}) AND kind = 'paper'"
                " ORDER BY id",
                part,
            ):
                number = json.loads(text).get("number")
                if number:
                    found[inspection] = str(number)
        return found

    def _decisions(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for part in in_parts(ids):
            for inspection, number in self._conn.execute(
                f"SELECT inspection, number FROM decisions WHERE inspection IN ({marks(part)}) AND inspection <> ''"
                " AND cancelled = 0 ORDER BY decided_on, id",
                part,
            ):
                found[inspection] = (*found.get(inspection, ()), number)
        return found


def acts(body: Mapping[str, Any], coded: Mapping[str, str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the acts of a visit in the catalogue's words; what a team wrote itself may name people."""
    found = []
    for one in body.get("violations") or ():
        code = str(one.get("code") or coded.get(str(one.get("id")), ""))
        found.append(catalogue.words(code) if code else NO_CODE)
    return tuple(found)


def records(conn: sqlite3.Connection, roots: Iterable[str]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return code, name and state of places."""
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for part in in_parts(sorted(set(roots))):
        for id, code, name, state in conn.execute(
            "SELECT establishments.id, code, name, state FROM establishments CROSS JOIN things"
            f" WHERE establishments.id IN ({marks(part)})"
            "   AND things.kind = 'establishment' AND things.id = establishments.id",
            part,
        ):
            found[id] = code, name, json.loads(state)
    return found


def unit_name(period: Period, key: str) -> str:
    """Return the name of a unit, empty where the commune is not known."""
    unit = period.question.where.tree.get(key) if key else None
    return unit.name if unit else ""


def _beside(conn: sqlite3.Connection, period: Period) -> Iterable[Beside]:
    found = [(one, where) for one in left_out(conn, period.question) if (where := period.where(one.unit, one.kinds))]
    teams = team_names(conn, {one.team for one, _ in found})
    places = records(conn, {one.place for one, _ in found if one.place})
    for one, ((group, key), _) in sorted(found, key=lambda pair: (pair[0].date, pair[0].item)):
        unit, place = key if group == "unit" else "", one.place or ""
        name = places[place][1] if place in places else ""
        yield Beside(one.item, one.date, place, name, unit, unit_name(period, unit), one.team,
                     teams.get(one.team, ""), one.why)  # fmt: skip


def _plain(line: Line) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(line).items()}
