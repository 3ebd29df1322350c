"""Finding whom a question or a decision is about: the places of an area by name or owner, what their visits found."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.items import read
from schemas.register import State
from schemas.text import fold
from server.store import marks

MOST = 30


@dataclass(frozen=True)
class Choice:
    """A place, and who runs it now."""

    establishment: str
    place: str
    code: str
    commune: str
    operator: str
    operator_name: str


@dataclass(frozen=True)
class Act:
    """A violation as the truth of its visit has it."""

    id: str
    code: str
    text: str
    facts: str
    citation: str
    committed_on: str
    coded: str = ""  # what a legal officer has said it is; empty: nobody has, or none fits


@dataclass(frozen=True)
class Visit:
    """A visit that found something; *state* is that of its place."""

    id: str
    date: str
    establishment: str
    place: str
    state: State
    acts: tuple[Act, ...]


def places_like(conn: sqlite3.Connection, communes: Sequence[str], text: str) -> list[Choice]:
    """Return the places of *communes* whose name, code, address, phone or owner has the words of *text*."""
    words = fold(text).split()
    rows = conn.execute(
        "SELECT establishments.id, establishments.name, code, min(commune), search, operator, things.state"
        "  FROM placements JOIN establishments ON establishments.id = establishment"
        "  LEFT JOIN things ON things.kind = 'operator' AND things.id = operator"
        f" WHERE commune IN ({marks(communes)}) AND merged_into IS NULL GROUP BY establishments.id",
        list(communes),
    )
    found = []
    for id, name, code, commune, search, operator, state in rows if words else ():
        owner = str(json.loads(state).get("name") or "") if state else ""
        where = f"{search} {fold(owner)}"
        if all(word in where for word in words):
            found.append(Choice(id, name, code, commune, operator or "", owner))
    return sorted(found, key=lambda one: fold(one.place))[:MOST]


def visit(conn: sqlite3.Connection, id: str) -> Visit | None:
    """Return a visit with what it found, None where there is none."""
    row = conn.execute(
        "SELECT line, things.state FROM visits JOIN items ON items.name = visits.item"
        " JOIN things ON things.kind = 'establishment' AND things.id = visits.establishment WHERE visits.id = ?",
        (id,),
    ).fetchone()
    if row is None or not row[0]:
        return None
    body, state = read(row[0]).body, json.loads(row[1])
    coded = dict(conn.execute("SELECT violation, code FROM codings WHERE inspection = ?", (id,)).fetchall())
    acts = tuple(
        Act(
            one["id"], one.get("code") or "", one.get("text") or "", one.get("facts") or "", one.get("citation") or "",
            one.get("committed_on") or body["date"], "" if one.get("code") else coded.get(one["id"], ""),
        )
        for one in body.get("violations", ())
    )  # fmt: skip
    return Visit(id, body["date"], body["establishment"], str(state.get("name") or ""), state, acts)


def undecided(conn: sqlite3.Connection, establishment: str) -> list[tuple[str, str, int]]:
    """Return the visits of a place that found something and that no decision names: id, day, how many acts."""
    rows = conn.execute(
        "SELECT id, date, violations FROM visits WHERE establishment = ? AND violations > 0 AND void = 0"
        " AND NOT EXISTS (SELECT 1 FROM decisions WHERE inspection = visits.id AND inspection <> '' AND cancelled = 0)"
        " ORDER BY date DESC LIMIT 20",
        (establishment,),
    )
    return rows.fetchall()
