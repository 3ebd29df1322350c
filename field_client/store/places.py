"""What the mirror and our own edits say together of places and operators, kept in narrow tables.

A place made here is there at once; an edit stands on top of the mirrored state until the
server has judged it and the mirror has caught up.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from field_client.states import Span, last_spans, latest_kinds, papers_until
from schemas.register import State
from schemas.text import fold, sort_key
from sync.merge import apply

# An edit stays on top until it is judged and mirrored; held ones, and those of a thing that the
# server does not send, longer. SQL leaves out what cannot be on top; _on_top decides.
_EDITS = """
    SELECT own.id, own.line, own.standing, own.detail, own.mirrored
      FROM json_each(?) AS asked CROSS JOIN own ON own.id = asked.value
     WHERE own.kind = ? AND coalesce(own.standing, '') NOT IN ('declined', 'erased') AND length(own.line) > 0
     ORDER BY own.local
"""


@dataclass(frozen=True, slots=True)
class View:
    """How a thing looks on this laptop; *state* None where there is nothing to see."""

    state: State | None
    standing: str


def views(conn: sqlite3.Connection, kind: str, ids: Sequence[str]) -> dict[str, View]:
    """Return the local view of each of *ids*: what is mirrored, with our own unsettled edits on top."""
    rows = conn.execute(
        "SELECT things.id, things.gone, things.state FROM json_each(?) AS asked"
        "  CROSS JOIN things ON things.kind = ? AND things.id = asked.value",
        (json.dumps(ids), kind),
    )
    held = {id: (None if gone else json.loads(state), bool(gone)) for id, gone, state in rows}
    return overlay(conn, kind, {id: held.get(id, (None, False)) for id in ids})


def overlay(
    conn: sqlite3.Connection, kind: str, held: dict[str, tuple[State | None, bool]]
) -> dict[str, View]:
    """Put our own edits on top of what is *held*: per id the mirrored state, and whether it has left the area."""
    found = {id: View(state, "accepted") for id, (state, _) in held.items()}
    for id, line, standing, detail, mirrored in conn.execute(_EDITS, (json.dumps(list(held)), kind)):
        state, gone = held[id]
        if (gone and standing is not None) or not _on_top(state, standing, mirrored):
            continue
        left_out = json.loads(detail).get("fields", {}) if detail and standing == "conflict" else {}
        edit = json.loads(line)["body"]["set"]
        applied = {path: value for path, value in edit.items() if path not in left_out}
        before = found[id]
        found[id] = View(apply(before.state or {}, applied), _standing(state, before.standing, standing))
    there = "establishment" if kind == "assignment" else "name"
    return {id: view if (view.state or {}).get(there) else View(None, view.standing) for id, view in found.items()}


def _on_top(state: State | None, standing: str | None, mirrored: int) -> bool:
    if standing in {None, "held"} or state is None:
        return True
    return not mirrored and standing in {"accepted", "conflict"}


def _standing(mirrored: State | None, before: str, standing: str | None) -> str:
    if standing is None or before == "waiting":
        return "waiting"
    return "accepted" if mirrored is not None else standing


def refresh_operators(conn: sqlite3.Connection, found: dict[str, View]) -> None:
    """Write the rows of operators, and their names on the places they run."""
    seen = {id: view for id, view in found.items() if view.state is not None}
    _forget(conn, "operators", found.keys() - seen.keys())
    rows = [_operator_row(id, view) for id, view in seen.items()]
    conn.executemany(
        "INSERT INTO operators (id, name, search, standing) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, search = excluded.search,"
        " standing = excluded.standing",
        rows,
    )
    conn.executemany(
        "UPDATE establishments SET operator_name = ?, operator_search = ? WHERE operator = ? AND operator_name <> ?",
        [(name, search, id, name) for id, name, search, _ in rows],
    )


def _operator_row(id: str, view: View) -> tuple[str, str, str, str]:
    name = (view.state or {}).get("name") or ""
    return id, name, fold(name), view.standing


def refresh_establishments(conn: sqlite3.Connection, found: dict[str, View]) -> None:
    """Write the rows of establishments, with the name of each one's latest operator."""
    seen = {id: view.state for id, view in found.items() if view.state is not None}
    _forget(conn, "establishments", found.keys() - seen.keys())
    merged = _any_merge(conn, seen)
    latest = {id: last_spans(state) for id, state in seen.items()}
    names = _operator_names(conn, {spans["operator"]["operator"] for spans in latest.values() if "operator" in spans})
    rows = [_row(id, state, latest[id], found[id].standing, names) for id, state in seen.items()]
    conn.executemany(_INSERT, rows)
    if merged:
        _find_roots(conn)


_COLUMNS = (
    "id", "root", "merged_into", "code", "name", "sort", "search", "unit", "address", "phone", "kinds", "status",
    "operator", "operator_name", "operator_search", "standing", "papers_to",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO establishments ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[1:])}"
)


def _row(
    id: str, state: State, latest: dict[str, Span], standing: str, names: dict[str, tuple[str, str]]
) -> tuple[Any, ...]:
    name, code, phone = state.get("name") or "", state.get("code") or "", state.get("phone") or ""
    place = latest.get("place", {})
    address = place.get("address") or ""
    operator = latest.get("operator", {}).get("operator")
    search = fold(f"{name} {code} {address} {phone} {phone.replace(' ', '')}")
    return (
        id, id, state.get("merged_into"), code, name, sort_key(name), search,
        f"{place['epoch']}:{place['unit']}" if place else "", address, phone,
        f" {' '.join(latest_kinds(state))} ", latest.get("status", {}).get("status", ""),
        operator, *names.get(operator or "", ("", "")), standing, papers_until(state),
    )  # fmt: skip


def _operator_names(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    rows = conn.execute(
        "SELECT id, name, search FROM operators WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {id: (name, search) for id, name, search in rows}


def _forget(conn: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    conn.executemany(f"DELETE FROM {table} WHERE id = ?", [(id,) for id in ids])


def _any_merge(conn: sqlite3.Connection, states: dict[str, State]) -> bool:
    """Say whether one of *states* is merged into another record, or was."""
    if any(state.get("merged_into") for state in states.values()):
        return True
    row = conn.execute(
        "SELECT 1 FROM establishments WHERE merged_into IS NOT NULL"
        "   AND (id IN (SELECT value FROM json_each(?1)) OR root IN (SELECT value FROM json_each(?1))) LIMIT 1",
        (json.dumps(list(states)),),
    ).fetchone()
    return row is not None


def _find_roots(conn: sqlite3.Connection) -> None:
    """Give every merged record the root at the end of its chain; a circle ends where it began."""
    conn.execute("UPDATE establishments SET root = id WHERE root <> id")
    into = dict(conn.execute("SELECT id, merged_into FROM establishments WHERE merged_into IS NOT NULL").fetchall())
    conn.executemany("UPDATE establishments SET root = ? WHERE id = ?", [(_end(into, id), id) for id in into])


def _end(into: dict[str, str], id: str) -> str:
    seen = {id}
    while (following := into.get(id)) and following not in seen:
        seen.add(following)
        id = following
    return id
