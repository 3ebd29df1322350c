"""One decision: its facts, its parts, the windows of days that it opens and why, and who wrote what of it when."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.items import read as read_item
from schemas.register import State
from schemas.repeat import Window
from server.decisions.listing import State as Listed
from server.decisions.listing import said
from server.law.catalogue import current
from server.law.execution import facts
from server.law.held import coded_in, windows_of
from server.law.working import Reasoned, reasoned


@dataclass(frozen=True)
class Edit:
    """One change of a decision: when it arrived, by whom, and each field with what it was before and after."""

    at: str
    by: str
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class Found:
    """A decision as it stands. *reason* is None where the day cannot be read."""

    id: str
    state: State
    seen: int  # the arrival that wrote it last: an edit that did not see it is refused
    operator_name: str
    place: str
    codes: tuple[str, ...]
    coded: tuple[str, ...]
    states: tuple[Listed, ...]
    reason: Reasoned | None
    windows: tuple[Window, ...]
    history: tuple[Edit, ...]


def decision(conn: sqlite3.Connection, id: str, today: date) -> Found | None:
    """Return the decision *id*, None where there is none."""
    row = conn.execute("SELECT state, seq FROM things WHERE kind = 'decision' AND id = ?", (id,)).fetchone()
    if row is None:
        return None
    state: State = json.loads(row[0])
    coded = coded_in(conn, {id: state}).get(id, [])
    known, operator = facts(state), str(state["operator"])
    marks = (int(known.cancelled), int(known.complaint), int(known.evasion))
    return Found(
        id, state, row[1], _name(conn, "operator", operator),
        _name(conn, "establishment", str(state.get("establishment") or "")),
        tuple(state.get("codes") or ()), tuple(coded), said(known.execution.value, known.done_on, today, marks),
        reasoned(id, state, current(conn), coded=coded),
        tuple(one for one in windows_of(conn, operator) if one.decision == id), tuple(_history(conn, id)),
    )  # fmt: skip


def _name(conn: sqlite3.Connection, kind: str, id: str) -> str:
    row = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return str(json.loads(row[0]).get("name") or "") if row else ""


def _history(conn: sqlite3.Connection, id: str) -> list[Edit]:
    """Read the items of a decision, the newest first; one whose bytes were erased says nothing any more."""
    rows = conn.execute(
        "SELECT line, at FROM items JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE items.id = ? AND kind = 'decision' AND items.standing IN ('accepted', 'conflict')"
        " ORDER BY items.seq DESC",
        (id,),
    ).fetchall()
    found = []
    for line, at in rows:
        if line:
            item = read_item(line)
            was = item.body["was"]
            fields = tuple((path, was.get(path), value) for path, value in item.body["set"].items())
            found.append(Edit(at, _author(conn, item.author), fields))
    return found


def _author(conn: sqlite3.Connection, author: str) -> str:
    return _name(conn, "user", author) or author
