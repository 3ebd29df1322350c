"""What operators with decisions are known by, so that a double of one is found without reading them all."""

import json
import sqlite3
from collections.abc import Collection

from schemas.likeness import Traits, traits


def keys(one: Traits) -> list[str]:
    """Return what two operators must have one of alike to be offered as one; near names alone are too little."""
    found = [("name", one.name), ("address", one.address)]
    found += [("phone", phone) for phone in one.phones] + [("paper", paper) for paper in one.licences]
    return sorted(f"{what} {value}" for what, value in found if value)


def refresh(conn: sqlite3.Connection, operators: Collection[str]) -> None:
    """Bring the keys of *operators* up to what the server tells of them; who has no windows has none."""
    if not operators:
        return
    asked = json.dumps(list(operators))
    rows = conn.execute(
        "SELECT things.id, things.state FROM json_each(?) AS asked"
        "  CROSS JOIN things ON things.kind = 'operator' AND things.id = asked.value AND things.gone = 0"
        "  CROSS JOIN things AS told ON told.kind = 'repeat' AND told.id = asked.value AND told.gone = 0"
        " WHERE json_array_length(told.state, '$.windows') > 0",
        (asked,),
    ).fetchall()
    conn.execute("DELETE FROM decided WHERE operator IN (SELECT value FROM json_each(?))", (asked,))
    conn.executemany(
        "INSERT INTO decided (key, operator) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(key, id) for id, state in rows for key in keys(traits("operator", json.loads(state)))],
    )


def sharing(conn: sqlite3.Connection, one: Traits) -> list[str]:
    """Return the operators with decisions that have a key in common with *one*."""
    rows = conn.execute(
        "SELECT DISTINCT operator FROM decided WHERE key IN (SELECT value FROM json_each(?)) ORDER BY operator",
        (json.dumps(keys(one)),),
    )
    return [row[0] for row in rows]
