"""The decisions that the server holds: of one operator with all who are one with it, and of whom from which day."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from schemas.register import State
from schemas.repeat import Window
from server.law.catalogue import current
from server.law.decision import Decision, read
from server.law.windows import windows
from server.store import in_parts, marks

MOST = 40  # authorities that a laptop is told by name; of the rest it is told how many

_OF_UNITED = (
    "SELECT things.id, things.state FROM operators JOIN decisions ON decisions.operator = operators.id"
    " JOIN things ON things.kind = 'decision' AND things.id = decisions.id"
    " WHERE operators.root = (SELECT root FROM operators WHERE id = ?) ORDER BY decisions.decided_on, things.id"
)


def states_of(conn: sqlite3.Connection, operator: str) -> dict[str, State]:
    """Return every decision about *operator* and who is one with it, cancelled ones too, the earliest first."""
    return {id: json.loads(state) for id, state in conn.execute(_OF_UNITED, (operator,))}


def decisions_of(conn: sqlite3.Connection, operator: str) -> list[Decision]:
    """Return the decisions in force about *operator* and who is one with it."""
    catalogue, states = current(conn), states_of(conn, operator)
    coded = coded_in(conn, states)
    found = (read(id, state, catalogue, coded.get(id, ())) for id, state in states.items())
    return [decision for decision in found if decision]


def coded_in(conn: sqlite3.Connection, states: Mapping[str, State]) -> dict[str, list[str]]:
    """Return, by decision, the codes that a legal officer gave to acts that it decided uncoded."""
    wanted = {id: state["violations"] for id, state in states.items() if state.get("violations")}
    every = sorted({violation for some in wanted.values() for violation in some})
    codes: dict[str, str] = {}
    for part in in_parts(every):
        codes.update(
            conn.execute(
                "SELECT codings.violation, codings.code FROM codings LEFT JOIN found_acts USING (inspection, violation)"
                f" WHERE codings.violation IN ({marks(part)}) AND codings.code <> ''"
                " AND coalesce(found_acts.code, '') = ''",
                part,
            ).fetchall()
        )
    return {id: [codes[one] for one in some if one in codes] for id, some in wanted.items()}


def windows_of(conn: sqlite3.Connection, operator: str) -> list[Window]:
    """Return the windows of *operator*."""
    return windows(decisions_of(conn, operator))


def told(conn: sqlite3.Connection, operator: str) -> dict[str, Any]:
    """Return what a laptop is told: windows, and whom a person has said to be another; no amounts, no files."""
    return {
        "windows": [one.as_json() for one in windows_of(conn, operator)],
        "distinct": sorted(distinct_from(conn, operator)),
    }


def distinct_from(conn: sqlite3.Connection, operator: str) -> set[str]:
    """Return the operators of whom a person has said that they are not *operator*, nor who is one with it."""
    rows = conn.execute(
        "SELECT one, other FROM distinct_pairs WHERE kind = 'operator' AND (one IN"
        " (SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?1)) OR other IN"
        " (SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?1)))",
        (operator,),
    )
    return {id for pair in rows for id in pair} - {operator}


def held(conn: sqlite3.Connection) -> dict[str, Any]:
    """Say whose decisions are held and from which day: who finds nothing must say where it was looked."""
    rows = conn.execute(
        "SELECT authority, min(decided_on), count(*) FROM decisions GROUP BY authority ORDER BY 2, 1"
    ).fetchall()
    authorities = [{"authority": authority, "from": day, "decisions": count} for authority, day, count in rows]
    return {
        "from": rows[0][1] if rows else "",
        "decisions": sum(count for _, _, count in rows),
        "authorities": authorities,
    }


def held_in_short(conn: sqlite3.Connection) -> dict[str, Any]:
    """Say the same to a laptop: the first authorities by name, and how many more there are."""
    whole = held(conn)
    named = whole["authorities"][:MOST]
    return {
        "from": whole["from"],
        "authorities": [{"authority": one["authority"], "from": one["from"]} for one in named],
        "more": len(whole["authorities"]) - len(named),
    }
