"""What in the register of an area needs a look: counted by kind of problem, and listed, each with its place."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.register import State
from schemas.units import UnitTree
from server.duplicates.find import remembered
from server.office import state_of
from server.register.rows import spans
from server.register.split import undecided
from server.store import in_parts, marks
from server.teams.near import states_at

# In the order in which they are shown: what makes a figure or the law's answer wrong comes first.
PROBLEMS = (
    "no_unit", "split", "no_kind", "not_open", "before_opening", "violation_gone", "team", "duplicate", "no_operator",
    "expired", "no_licence", "phone", "point",
)  # fmt: skip
OF_VISITS = frozenset({"not_open", "before_opening"})


@dataclass(frozen=True)
class Line:
    """One thing that needs a look, *id*: the place, visit, decision or team; *said*: what stands there now."""

    problem: str
    id: str
    place: str
    name: str
    code: str
    said: str
    day: str = ""


@dataclass(frozen=True)
class Quality:
    """How many things need a look for each problem; None: nobody has worked that out since the register changed."""

    counts: Mapping[str, int | None]

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(count or 0 for count in self.counts.values())


@dataclass(frozen=True)
class Area:
    """Where it is asked: the present communes, the units that teams may be of, the day."""

    communes: tuple[str, ...]
    units: frozenset[str]
    today: date


def count(conn: sqlite3.Connection, tree: UnitTree, area: Area) -> Quality:
    """Count what needs a look in an area; called within one read transaction."""
    found: dict[str, int | None] = dict.fromkeys(PROBLEMS, 0)
    parts = list(in_parts(area.communes))
    if len(parts) == 1:  # as every area of an account is: the database counts faster
        found |= dict(conn.execute(_COUNTED.format(marks(parts[0])), (*parts[0], area.today.isoformat())).fetchall())
    else:
        rows = (conn.execute(_KEPT.format(marks(some)), (*some, area.today.isoformat())) for some in parts)
        for problem, _id in {row for some in rows for row in some}:
            found[problem] = (found[problem] or 0) + 1
    found["no_unit"] = conn.execute(_NOWHERE.format("count(*)")).fetchone()[0]
    found["split"] = len(undecided(conn, tree, area.communes))
    found["team"] = len(_teams(conn, area))
    pairs = remembered(conn, area.communes)
    found["duplicate"] = None if pairs is None else len(pairs)
    return Quality({problem: found[problem] for problem in PROBLEMS})


_AMONG = (
    " FROM flaws WHERE establishment IN (SELECT establishment FROM placements WHERE commune IN ({}))"
    " AND day <= ? AND problem <> 'no_unit'"
)
_KEPT = f"SELECT problem, id{_AMONG}"
_COUNTED = f"SELECT problem, count(*){_AMONG} GROUP BY problem"
# What stands nowhere is shown to everybody who may put it right: else nobody could.
_NOWHERE = "SELECT {} FROM flaws WHERE problem = 'no_unit'"


def lines(conn: sqlite3.Connection, tree: UnitTree, area: Area, problem: str) -> list[Line]:
    """Return what needs a look for one problem, by the name of the place; duplicates have a page of their own."""
    if problem == "team":
        return _teams(conn, area)
    if problem == "split":
        return [_place(conn, problem, id, id, "", "") for id, _unit in undecided(conn, tree, area.communes)]
    if problem == "no_unit":
        rows = conn.execute(_NOWHERE.format("id, establishment, day")).fetchall()
    else:
        rows = list(
            {
                row
                for some in in_parts(area.communes)
                for row in conn.execute(_ROWS.format(marks(some)), (*some, problem, area.today.isoformat()))
            }
        )
    return _named(conn, problem, rows)


_ROWS = (
    "SELECT flaws.id, flaws.establishment, flaws.day FROM placements CROSS JOIN flaws"
    " ON flaws.establishment = placements.establishment WHERE placements.commune IN ({})"
    " AND flaws.problem = ? AND flaws.day <= ?"
)


def _named(conn: sqlite3.Connection, problem: str, rows: Sequence[tuple[str, str, str]]) -> list[Line]:
    """Order the rows by the name of the place without reading any state: a page shows fifty of them."""
    sorts: dict[str, str] = {}
    for some in in_parts(sorted({place for _, place, _ in rows})):
        sorts.update(conn.execute(f"SELECT id, sort FROM register_rows WHERE id IN ({marks(some)})", some).fetchall())
    ordered = sorted(rows, key=lambda row: (sorts.get(row[1], ""), row[1], row[0]))
    return [Line(problem, id, place, "", "", "", day) for id, place, day in ordered]


def filled(conn: sqlite3.Connection, shown: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with what stands there now."""
    return [one if one.name else _place(conn, one.problem, one.id, one.place, one.day, "") for one in shown]


def _place(conn: sqlite3.Connection, problem: str, id: str, place: str, day: str, said: str) -> Line:
    state = state_of(conn, "establishment", place) or {}
    name, code = str(state.get("name") or ""), str(state.get("code") or "")
    if problem in OF_VISITS:
        row = conn.execute("SELECT date FROM visits WHERE id = ?", (id,)).fetchone()
        return Line(problem, id, place, name, code, "", row[0] if row else "")
    if problem == "violation_gone":
        decision = state_of(conn, "decision", id) or {}
        number, decided = str(decision.get("number") or ""), str(decision.get("decided_on") or "")
        return Line(problem, id, place, name, code, number, decided)
    return Line(problem, id, place, name, code, said or _said(problem, state), day)


def _said(problem: str, state: State) -> str:
    if problem == "phone":
        return str(state.get("phone") or "")
    last: dict[str, Any] = next(iter(spans(state, "place")[-1:]), {})
    if problem == "point":
        return f"{last.get('lat')}, {last.get('lon')}"
    return str(last.get("address") or "") if problem in ("split", "no_operator", "no_kind") else ""


def _teams(conn: sqlite3.Connection, area: Area) -> list[Line]:
    """Return the teams of the area that inspected after their decision had run out; *said*: how often."""
    found = []
    for id, team in states_at(conn, area.units).items():
        last = str(team.get("valid_to") or "")
        if not last or last >= area.today.isoformat():
            continue
        row = conn.execute(
            "SELECT count(*), max(date) FROM visits WHERE team = ? AND date > ? AND void = 0", (id, last)
        ).fetchone()
        if row[0]:
            found.append(Line("team", id, "", str(team.get("name") or ""), last, str(row[0]), row[1]))
    return sorted(found, key=lambda one: one.name)

