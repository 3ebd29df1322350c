"""Reading the log: what somebody of an area may see of it, filtered, the newest first."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from schemas.fields import instant_text
from schemas.text import fold
from schemas.units import UnitTree
from server.audit.events import EVENTS, LOOK_UPS
from server.clock import VIETNAM
from server.office import things
from server.pages.areas import inside
from server.people.deputies import in_names, people
from server.rights import may
from server.store import marks


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty is everything. *what* is an event or a group of them."""

    unit: str
    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """A line of the log; *name* is the account's, or what a program calls itself."""

    seq: int
    at: str
    what: str
    who: str
    name: str
    role: str
    subject: str
    unit: str
    purpose: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A part of the log, and how many lines there are in all."""

    total: int
    lines: tuple[Line, ...]


def find(
    conn: sqlite3.Connection, tree: UnitTree, role: str, asked: Asked, *, offset: int = 0, limit: int = -1
) -> Found:
    """Return the lines about *asked.unit* that *role* may see: all of them, or look-ups only.

    What is of no unit (nobody was signed in, the server as a whole) is for who has a unit that lies in no other.
    Called within one read transaction.
    """
    where, values = _where(conn, tree, role, asked)
    total = conn.execute(f"SELECT count(*) FROM audit WHERE {where}", values).fetchone()[0]
    rows = conn.execute(
        "SELECT seq, at, what, who, role, subject, unit, purpose, detail FROM audit"
        f" WHERE {where} ORDER BY seq DESC LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    names = {id: str(state["name"]) for id, state in things(conn, "user").items()}
    return Found(total, tuple(_line(row, names) for row in rows))


def _line(row: tuple[Any, ...], names: dict[str, str]) -> Line:
    seq, at, what, who, role, subject, unit, purpose, detail = row
    return Line(seq, at, what, who, in_names(who, names), role, subject, unit, purpose, json.loads(detail))


def _where(conn: sqlite3.Connection, tree: UnitTree, role: str, asked: Asked) -> tuple[str, list[Any]]:
    parts: list[str] = ["1 = 1"]
    values: list[Any] = []

    def among(column: str, wanted: Collection[str]) -> None:
        parts.append(f"{column} IN ({marks(list(wanted))})" if wanted else "1 = 0")
        values.extend(wanted)

    units = _units(conn, tree, asked.unit)
    if units is not None:  # whose data it was stands on the line; of a history in several units, beside it
        some = marks(units)
        parts.append(f"(unit IN ({some}) OR seq IN (SELECT seq FROM lookup_units WHERE unit IN ({some})))")
        values += [*units, *units]
    if not may(role, "audit.see"):
        among("what", LOOK_UPS)
    if asked.what:
        among("what", [what for what, event in EVENTS.items() if asked.what in (what, event.group)])
    if asked.who:
        among("who", _accounts(conn, asked.who))
    for day, sign in ((asked.since, ">="), (asked.until and asked.until + timedelta(days=1), "<")):
        if day:
            parts.append(f"at {sign} ?")
            values.append(instant_text(datetime.combine(day, time(), VIETNAM)))
    return " AND ".join(parts), values


def _units(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[str] | None:
    """Return the units of the log that lie in *area*; None where all of them do."""
    named = [row[0] for row in conn.execute("SELECT unit FROM audit UNION SELECT unit FROM lookup_units")]
    top = not tree.ancestors(area)
    mine = [unit for unit in named if (inside(tree, area, unit) if unit else top)]
    return None if len(mine) == len(named) else mine


def _accounts(conn: sqlite3.Connection, text: str) -> list[str]:
    """Return the accounts whose name has *text* in it, with or without Vietnamese marks."""
    wanted = fold(text)
    found = {id for id, state in things(conn, "user").items() if wanted in fold(str(state["name"]))}
    written = [row[0] for row in conn.execute("SELECT DISTINCT who FROM audit")]  # deputies too, with whom they act for
    return [who for who in written if not found.isdisjoint(people(who))]
