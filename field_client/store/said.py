"""What is said of a visit after its minutes: its paper, findings resolved, duties done, comments; ours and theirs."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schemas.parsing import parse

KINDS = ("paper", "resolution", "duty", "comment")
_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)


@dataclass(frozen=True)
class Said:
    """One thing said of a visit; *standing* “waiting” until a receipt is stored."""

    id: str
    kind: str
    inspection: str
    author: str
    body: dict[str, Any]
    standing: str


def of_visit(conn: sqlite3.Connection, inspection: str, kind: str) -> list[Said]:
    """Return what is said of a visit, in the order in which it was said (ids are made in time's order)."""
    return of_visits(conn, [inspection], kind)


def of_visits(conn: sqlite3.Connection, inspections: Iterable[str], kind: str) -> list[Said]:
    """Return what is said of several visits."""
    rows = conn.execute(
        "SELECT said.id, said.kind, inspection, author, said, standing"
        "  FROM json_each(?) AS asked CROSS JOIN said_of_visits AS said ON inspection = asked.value AND said.kind = ?"
        " ORDER BY said.id",
        (json.dumps(list(inspections)), kind),
    )
    return [Said(id, of, inspection, author, json.loads(body), standing)
            for id, of, inspection, author, body, standing in rows]  # fmt: skip


def visit_of(conn: sqlite3.Connection, id: str) -> str:
    """Return the visit of which *id* is said, empty when the id is of nothing said of a visit."""
    row = conn.execute("SELECT inspection FROM said_of_visits WHERE id = ?", (id,)).fetchone()
    return row[0] if row else ""


def refresh(conn: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Bring the rows of *ids* up to what the mirror and our own items now say: ours stands until it is out of it."""
    for id in ids:
        found = _ours(conn, id) or _told(conn, id)
        conn.execute("DELETE FROM said_of_visits WHERE id = ?", (id,))
        if found:
            conn.execute(
                "INSERT INTO said_of_visits (id, kind, inspection, author, said, standing) VALUES (?, ?, ?, ?, ?, ?)",
                (id, *found),
            )


def _ours(conn: sqlite3.Connection, id: str) -> tuple[str, ...] | None:
    row = conn.execute(
        "SELECT kind, line, coalesce(standing, 'waiting') FROM own WHERE id = ? AND length(line) > 0"
        f"   AND coalesce(standing, '') NOT IN ('declined', 'erased') AND kind IN ({_KINDS})"
        " ORDER BY local DESC LIMIT 1",
        (id,),
    ).fetchone()
    if row is None:
        return None
    raw = parse(row[1])
    return row[0], str(raw["body"].get("inspection", "")), raw["author"], _text(raw["body"]), row[2]


def _told(conn: sqlite3.Connection, id: str) -> tuple[str, ...] | None:
    row = conn.execute(
        f"SELECT kind, state FROM things WHERE id = ? AND kind IN ({_KINDS}) AND gone = 0", (id,)
    ).fetchone()
    if row is None:
        return None
    state = json.loads(row[1])
    return row[0], state["inspection"], state["author"], _text(state["said"]), "accepted"


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
