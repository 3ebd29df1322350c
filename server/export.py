"""Every record with its standing as JSON lines, sorted, in the one shape that both ends write."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from server.arrivals.feed import revisions_for, scope_keys
from server.indicators.exported import hidden, without_numbers
from server.office import state_of

MIRRORED = ("establishment", "operator", "team")
KINDS = (
    "act", "act_group", "assignment", "decision", "device", "establishment", "indicator_value", "list_proposal",
    "operator", "plan", "return", "team", "tip", "unit", "unit_inspection", "user", "weights", "year_task",
)  # fmt: skip
# What is said of visits and places, as it was said: only the server's whole export has these.
EVENTS = (
    "attachment", "coding", "comment", "confirm_list", "distinct", "duty", "frozen", "outside_check", "paper",
    "resolution", "review",
)  # fmt: skip


class NoSuchDevice(ValueError):
    """There is no laptop under this id."""


def whole(conn: sqlite3.Connection) -> Iterator[str]:
    """Write everything the server holds, sorted by kind then id: things, every revision, what was said, arrivals."""
    for kind in sorted({*KINDS, *EVENTS, "arrival", "inspection"}):
        if kind == "arrival":
            yield from _arrivals(conn)
        elif kind == "inspection":
            yield from _all_inspections(conn)
        elif kind in EVENTS:
            yield from _said(conn, "SELECT standing, line FROM items WHERE kind = ? ORDER BY id, name", kind)
        else:
            cursor = conn.execute("SELECT id, state FROM things WHERE kind = ? ORDER BY id", (kind,))
            secret = hidden(conn) if kind == "indicator_value" else frozenset()
            states = ((id, json.loads(state)) for id, state in cursor)
            yield from (
                write(kind, id, "accepted", without_numbers(state) if id in secret else state) for id, state in states
            )


def scope(conn: sqlite3.Connection, device: str) -> Iterator[str]:
    """Write what the laptop *device* holds when all is settled: its area, and all of its own.

    This is the server's own query of that scope: it reads placements, not the feed.
    """
    state = state_of(conn, "device", device)
    if state is None or not state.get("area"):
        raise NoSuchDevice(f"Không có máy {device}; xem mã máy bằng lệnh export.")
    keys = scope_keys(conn, device, f"{state['epoch']}:{state['area']}")
    places = sorted(_places(conn, keys))
    own = "SELECT standing, line FROM items WHERE kind = 'attachment' AND device = ? ORDER BY id, name"
    yield from _said(conn, own, device)
    yield from _things(conn, "establishment", places)
    yield from _inspections_of(conn, places, device)
    yield from _things(conn, "operator", sorted(_operators(conn, places)))
    yield from _teams(conn, keys)


def write(kind: str, id: str, standing: str, body: object) -> str:
    """Write one line; keys of the body are sorted, so that two ends can be compared with diff."""
    row = {"kind": kind, "id": id, "standing": standing, "body": body}
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def _places(conn: sqlite3.Connection, keys: frozenset[str]) -> set[str]:
    rows = conn.execute("SELECT establishment, commune FROM placements")
    return {establishment for establishment, commune in rows if commune in keys}


def _operators(conn: sqlite3.Connection, places: list[str]) -> set[str]:
    found: set[str] = set()
    for place in places:
        rows = conn.execute("SELECT operator FROM operator_places WHERE establishment = ?", (place,))
        found.update(row[0] for row in rows)
    return found


def _things(conn: sqlite3.Connection, kind: str, ids: list[str]) -> Iterator[str]:
    for id in ids:
        state = state_of(conn, kind, id)
        if state is not None:
            yield write(kind, id, "accepted", state)


def _teams(conn: sqlite3.Connection, keys: frozenset[str]) -> Iterator[str]:
    for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'team' ORDER BY id"):
        state = json.loads(text)
        if f"{state['epoch']}:{state['area']}" in keys:
            yield write("team", id, "accepted", state)


def _inspections_of(conn: sqlite3.Connection, places: list[str], device: str) -> Iterator[str]:
    """Write the visits of the area whole; of a visit that has left it with its place, the laptop has its own lines."""
    here: set[str] = set()
    for place in places:
        here.update(row[0] for row in conn.execute("SELECT id FROM visits WHERE establishment = ?", (place,)))
    own = {row[0] for row in conn.execute("SELECT id FROM items WHERE device = ? AND kind = 'inspection'", (device,))}
    for id in sorted(here | own):
        elsewhere = id not in here and conn.execute("SELECT 1 FROM visits WHERE id = ?", (id,)).fetchone()
        yield from _revisions(id, _own_lines(conn, id, device) if elsewhere else revisions_for(conn, id, device))


def _own_lines(conn: sqlite3.Connection, id: str, device: str) -> list[tuple[str, bytes]]:
    return conn.execute(
        "SELECT standing, line FROM items WHERE id = ? AND kind = 'inspection' AND device = ? AND standing <> 'erased'",
        (id, device),
    ).fetchall()


def _all_inspections(conn: sqlite3.Connection) -> Iterator[str]:
    ids = conn.execute("SELECT DISTINCT id FROM items WHERE kind = 'inspection' ORDER BY id")
    for (id,) in ids:
        rows = conn.execute(
            "SELECT standing, line FROM items WHERE id = ? AND kind = 'inspection' AND standing <> 'erased'", (id,)
        )
        yield from _revisions(id, rows)


def _revisions(id: str, revisions: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    yield from sorted(write("inspection", id, standing, json.loads(line)["body"]) for standing, line in revisions)


def _said(conn: sqlite3.Connection, query: str, *values: str) -> Iterator[str]:
    """Write the items that *query* finds; one whose bytes were erased has nothing to say."""
    for standing, line in conn.execute(query, values):
        if line and standing != "erased":
            item = json.loads(line)
            yield write(item["kind"], item["id"], standing, item["body"])


def _arrivals(conn: sqlite3.Connection) -> Iterator[str]:
    rows = conn.execute(
        "SELECT arrivals.seq, item, first, arrivals.standing, detail, at, chain, items.kind, items.id FROM arrivals"
        "  LEFT JOIN items ON items.name = arrivals.item ORDER BY arrivals.seq"
    )
    for seq, item, first, standing, detail, at, chain, kind, id in rows:
        body = {"item": item, "first": first, "detail": detail, "at": at, "chain": chain, "kind": kind, "id": id}
        yield write("arrival", f"{seq:012d}", standing, body)
