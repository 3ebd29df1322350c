"""One place of the register: its facts, its spans as a timeline, papers, visits, assignments, what needs a look."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from schemas.assignments import first_open_days
from schemas.register import State
from server.office import state_of, things
from server.register.asking import kinds_on, status_on
from server.register.rows import spans

SHOWN_VISITS = 10
CHAINS = ("operator", "place", "kind", "status")


@dataclass(frozen=True)
class Line:
    """One span: of which chain, its value by part, its first and last day, and whether it holds today."""

    group: str
    path: str
    value: Mapping[str, Any]
    since: str
    until: str
    holds: bool
    name: str = ""  # of the operator


@dataclass(frozen=True)
class Paper:
    """A licence or certificate; *expired*: its last day is past and it is the newest of its type."""

    path: str
    type: str
    number: str
    since: str
    until: str
    expired: bool


@dataclass(frozen=True)
class Visit:
    """A visit as the list of a place shows it."""

    id: str
    date: str
    team: str
    basis: str
    outcome: str
    counting: bool
    void: bool
    review: str


@dataclass(frozen=True)
class Sent:
    """An assignment that is open."""

    id: str
    team: str
    basis: str
    given_on: str
    expires_on: str
    reserved: bool


@dataclass(frozen=True)
class Other:
    """Another record: one that this one was merged into, or that was merged into it."""

    id: str
    name: str


@dataclass(frozen=True)
class Place:
    """All that the page of a place shows."""

    id: str
    code: str
    name: str
    phone: str
    kinds: tuple[str, ...]
    status: str
    operator: Other | None
    communes: tuple[str, ...]
    address: str
    point: tuple[float, float] | None
    lines: tuple[Line, ...]
    papers: tuple[Paper, ...]
    visits: tuple[Visit, ...]
    visits_in_all: int
    checks: tuple[tuple[str, str, str], ...]  # day, agency, paper
    sent: tuple[Sent, ...]
    merged_into: Other | None
    merged_here: tuple[Other, ...]
    flaws: tuple[tuple[str, int], ...]  # the problem, and of how many things


def read(conn: sqlite3.Connection, id: str, state: State, at: datetime, today: date) -> Place:
    """Read the page of a place; called within one read transaction."""
    lines = tuple(line for group in CHAINS for line in lines_of(conn, state, group, today))
    here = next((line for line in lines if line.group == "place" and line.holds), None)
    owner = next((line for line in lines if line.group == "operator" and line.holds), None)
    teams = {team: str(one.get("name") or "") for team, one in things(conn, "team").items()}
    visits, in_all = _visits(conn, id, teams)
    value = here.value if here else {}
    point = (value["lat"], value["lon"]) if value.get("lat") is not None and value.get("lon") is not None else None
    code, name, phone = (str(state.get(part) or "") for part in ("code", "name", "phone"))
    held_by = Other(str(owner.value["operator"]), owner.name) if owner else None
    return Place(
        id, code, name, phone, kinds_on(state, today), status_on(state, today), held_by, _communes(conn, id),
        str(value.get("address") or ""), point, lines, papers_of(state, today), visits, in_all, _checks(conn, id),
        _sent(conn, id, teams, at), _other(conn, state.get("merged_into")), _merged_here(conn, id),
        flaws_of(conn, id, today),
    )  # fmt: skip


def lines_of(conn: sqlite3.Connection, state: State, group: str, today: date) -> list[Line]:
    """Return the spans of a chain, the latest first; each lasts until the next begins, kinds by themselves."""
    found = sorted(
        ((path, value) for path, value in state.items() if path.startswith(group + "/")),
        key=lambda one: (str(one[1]["from"]), one[0]),
    )
    lines = []
    for at, (path, value) in enumerate(found):
        until = str(value.get("to") or "")
        if group != "kind" and at + 1 < len(found):
            eve = (date.fromisoformat(found[at + 1][1]["from"]) - timedelta(days=1)).isoformat()
            until = min(until, eve) if until else eve
        holds = str(value["from"]) <= today.isoformat() <= (until or "9999")
        owner = (state_of(conn, "operator", value["operator"]) if group == "operator" else None) or {}
        lines.append(Line(group, path, value, str(value["from"]), until, holds, str(owner.get("name") or "")))
    return lines[::-1]


def papers_of(state: State, today: date) -> tuple[Paper, ...]:
    """Return the papers of a place, the newest first."""
    newest: dict[str, str] = {}
    for paper in spans(state, "licence"):
        kind = str(paper.get("type"))
        newest[kind] = max(newest.get(kind, ""), str(paper.get("to") or "9999"))
    found = []
    for path, paper in state.items():
        if path.startswith("licence/"):
            until = str(paper.get("to") or "")
            expired = bool(until) and until < today.isoformat() and newest[str(paper.get("type"))] == until
            kind, number = str(paper.get("type") or ""), str(paper.get("number") or "")
            found.append(Paper(path, kind, number, str(paper.get("from") or ""), until, expired))
    return tuple(sorted(found, key=lambda one: (one.type, one.since, one.path), reverse=True))


def _visits(conn: sqlite3.Connection, id: str, teams: Mapping[str, str]) -> tuple[tuple[Visit, ...], int]:
    among = (
        "FROM establishments CROSS JOIN visits WHERE root = (SELECT root FROM establishments WHERE id = ?)"
        " AND visits.establishment = establishments.id"
    )
    (count,) = conn.execute(f"SELECT count(*) {among}", (id,)).fetchone()
    rows = conn.execute(
        "SELECT visits.id, date, team, basis, outcome, counting, void,"
        f" coalesce((SELECT review FROM reviews WHERE inspection = visits.id), '') {among}"
        " ORDER BY date DESC, visits.id DESC LIMIT ?",
        (id, SHOWN_VISITS),
    )
    found = [
        Visit(visit, day, teams.get(team, ""), basis, outcome, bool(counts), bool(void), review)
        for visit, day, team, basis, outcome, counts, void, review in rows
    ]
    return tuple(found), count


def _communes(conn: sqlite3.Connection, id: str) -> tuple[str, ...]:
    rows = conn.execute("SELECT commune FROM placements WHERE establishment = ? ORDER BY commune", (id,))
    return tuple(commune for (commune,) in rows)


def _checks(conn: sqlite3.Connection, id: str) -> tuple[tuple[str, str, str], ...]:
    rows = conn.execute(
        "SELECT date, agency, paper FROM outside_checks WHERE establishment = ? ORDER BY date DESC LIMIT ?",
        (id, SHOWN_VISITS),
    )
    return tuple(rows.fetchall())


def _sent(conn: sqlite3.Connection, id: str, teams: Mapping[str, str], at: datetime) -> tuple[Sent, ...]:
    assigned, reserved = first_open_days(at)
    rows = conn.execute(
        "SELECT id, team, basis, given_on, expires_on, reserved FROM assignments WHERE establishment = ?"
        " AND withdrawn = 0 AND expires_on >= CASE reserved WHEN 1 THEN ? ELSE ? END ORDER BY expires_on, id",
        (id, reserved, assigned),
    )
    return tuple(Sent(one, teams.get(team, ""), basis, given, end, bool(taken))
                 for one, team, basis, given, end, taken in rows)  # fmt: skip


def _other(conn: sqlite3.Connection, id: str | None) -> Other | None:
    return Other(id, str((state_of(conn, "establishment", id) or {}).get("name") or "")) if id else None


def _merged_here(conn: sqlite3.Connection, id: str) -> tuple[Other, ...]:
    rows = conn.execute("SELECT id, name FROM establishments WHERE merged_into = ? ORDER BY name, id", (id,))
    return tuple(Other(*row) for row in rows)


def flaws_of(conn: sqlite3.Connection, id: str, today: date) -> tuple[tuple[str, int], ...]:
    """Return what of a place, its visits and decisions needs a look, and of how many things."""
    rows = conn.execute(
        "SELECT problem, count(*) FROM flaws WHERE establishment = ? AND day <= ? GROUP BY problem ORDER BY problem",
        (id, today.isoformat()),
    )
    return tuple(rows.fetchall())


def changed_since(conn: sqlite3.Connection, id: str) -> dict[str, Any]:
    """Return the fields of a place that stand in conflict, each with the other value."""
    rows = conn.execute(
        "SELECT path, value FROM field_conflicts WHERE kind = 'establishment' AND id = ? ORDER BY seq", (id,)
    )
    return {path: json.loads(value) for path, value in rows}
