"""The decisions of an area: filtered by authority, year and state, found by number, the newest first."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from server.store import in_parts, marks

MOST = 100_000  # rows of a file


class State(StrEnum):
    """What lists say of a decision, and are filtered by."""

    OPEN = "open"
    DONE = "done"
    UNKNOWN = "unknown"
    COMPLAINT = "complaint"
    EVASION = "evasion"
    CANCELLED = "cancelled"


_WHERE = {
    State.OPEN: "cancelled = 0 AND (execution = 'open' OR (execution = 'done' AND done_on > :today))",
    State.DONE: "cancelled = 0 AND execution = 'done' AND done_on <= :today",
    State.UNKNOWN: "cancelled = 0 AND execution = 'unknown'",
    State.COMPLAINT: "cancelled = 0 AND complaint = 1",
    State.EVASION: "cancelled = 0 AND evasion = 1",
    State.CANCELLED: "cancelled = 1",
}


@dataclass(frozen=True)
class Filter:
    """What is asked for; what is empty asks for everything."""

    authority: str = ""
    year: int | None = None
    state: State | None = None
    number: str = ""


@dataclass(frozen=True)
class Row:
    """One decision of a list. *states* are what it is, the plainest first."""

    id: str
    number: str
    authority: str
    decided_on: str
    operator: str
    operator_name: str
    establishment: str
    place: str
    codes: tuple[str, ...]
    sanction: str
    amount: int | None
    done_on: str
    states: tuple[State, ...]


@dataclass(frozen=True)
class Listed:
    """A part of a list, and how many there are in all."""

    total: int
    rows: tuple[Row, ...]


_KEPT = ("id", "number", "authority", "decided_on", "execution", "done_on", "cancelled", "complaint", "evasion")
_COLUMNS = ", ".join(f"decisions.{column}" for column in _KEPT)
# The decisions of an area: about a place there, or about somebody who runs, or ran, a place there. What is asked is
# asked of these few and not of all decisions again, which are many.
_HERE = f"""
WITH here AS (SELECT DISTINCT establishment FROM placements WHERE commune IN ({{communes}})),
     found AS (SELECT {_COLUMNS} FROM here JOIN decisions ON decisions.establishment = here.establishment
                                                         AND decisions.establishment <> ''
               UNION
               SELECT {_COLUMNS} FROM here JOIN operator_places ON operator_places.establishment = here.establishment
                 JOIN decisions ON decisions.operator = operator_places.operator)
"""


def decisions_in(
    conn: sqlite3.Connection, communes: Sequence[str], asked: Filter, today: date, *, offset: int = 0, limit: int = MOST
) -> Listed:
    """Return the decisions of *communes* that *asked* lets through, *limit* of them from *offset* on."""
    named = {f"c{place}": commune for place, commune in enumerate(communes)}
    here = _HERE.format(communes=", ".join(f":{name}" for name in named))
    values = {**named, **_values(asked, today), "limit": limit, "offset": offset}
    rows = conn.execute(
        f"{here} SELECT id, execution, done_on, cancelled, complaint, evasion, count(*) OVER () FROM found"
        f" WHERE {_where(asked)} ORDER BY decided_on DESC, id DESC LIMIT :limit OFFSET :offset",
        values,
    ).fetchall()
    if rows or not offset:
        return Listed(rows[0][-1] if rows else 0, tuple(_rows(conn, [row[:-1] for row in rows], today)))
    total = conn.execute(f"{here} SELECT count(*) FROM found WHERE {_where(asked)}", values).fetchone()[0]
    return Listed(total, ())


def _where(asked: Filter) -> str:
    parts = [_WHERE[asked.state] if asked.state else "1 = 1"]
    parts += ["authority = :authority"] if asked.authority else []
    parts += ["decided_on BETWEEN :since AND :until"] if asked.year else []
    parts += ["number LIKE :number ESCAPE '!'"] if asked.number else []
    return " AND ".join(parts)


def _values(asked: Filter, today: date) -> dict[str, Any]:
    safe = asked.number.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return {
        "today": today.isoformat(), "authority": asked.authority, "since": f"{asked.year}-01-01",
        "until": f"{asked.year}-12-31", "number": f"%{safe}%",
    }  # fmt: skip


def _rows(conn: sqlite3.Connection, rows: Sequence[tuple[Any, ...]], today: date) -> list[Row]:
    states = _states(conn, "decision", [row[0] for row in rows])
    people = _states(conn, "operator", [state.get("operator", "") for state in states.values()])
    places = _names(conn, [state.get("establishment") or "" for state in states.values()])
    return [_row(row, states[row[0]], people, places, today) for row in rows]


def _row(
    row: tuple[Any, ...], state: dict[str, Any], people: dict[str, Any], places: dict[str, str], today: date
) -> Row:
    id, execution, done_on, cancelled, complaint, evasion = row
    operator, place = str(state.get("operator") or ""), str(state.get("establishment") or "")
    return Row(
        id, state["number"], str(state.get("authority") or ""), state["decided_on"], operator,
        str(people.get(operator, {}).get("name") or ""), place, places.get(place, ""),
        tuple(state.get("codes") or ()), str(state.get("sanction") or ""), state.get("amount"), done_on,
        said(execution, done_on, today, marks=(cancelled, complaint, evasion)),
    )  # fmt: skip


def said(execution: str, done_on: str, today: date, marks: tuple[int, int, int]) -> tuple[State, ...]:
    """Return what a decision is on *today*; *marks* are cancelled, under complaint, evading."""
    cancelled, complaint, evasion = marks
    if cancelled:
        return (State.CANCELLED,)
    plain = State(execution)
    if plain is State.DONE and done_on > today.isoformat():
        plain = State.OPEN
    return (plain, *([State.COMPLAINT] if complaint else []), *([State.EVASION] if evasion else []))


def _states(conn: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in in_parts(sorted(set(ids))):
        query = f"SELECT id, state FROM things WHERE kind = ? AND id IN ({marks(part)})"
        found.update((id, json.loads(state)) for id, state in conn.execute(query, (kind, *part)))
    return found


def _names(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in in_parts(sorted(set(ids))):
        found.update(conn.execute(f"SELECT id, name FROM establishments WHERE id IN ({marks(part)})", part).fetchall())
    return found


def authorities(conn: sqlite3.Connection, most: int = 300) -> list[str]:
    """Return the names of authorities whose decisions are held, those with the newest decision first."""
    rows = conn.execute(
        "SELECT authority, max(decided_on) FROM decisions GROUP BY authority ORDER BY 2 DESC, 1 LIMIT ?", (most,)
    )
    return [authority for authority, _ in rows.fetchall() if authority]


def in_area(conn: sqlite3.Connection, operator: str, establishment: str, communes: Sequence[str]) -> bool:
    """Say whether a decision about *operator* at *establishment* is of *communes*."""
    own = set(communes)
    rows = conn.execute(
        "SELECT commune FROM placements WHERE establishment = ? UNION SELECT commune FROM operator_places"
        " JOIN placements USING (establishment) WHERE operator = ?",
        (establishment, operator),
    )
    return not own.isdisjoint(commune for (commune,) in rows)
