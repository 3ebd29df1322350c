"""Operators on this laptop, found by name."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from field_client.store.places import views
from schemas.text import fold


@dataclass(frozen=True)
class Known:
    """An operator, with what tells it from others of its name."""

    id: str
    name: str
    form: str
    registration: str
    places: int
    address: str  # of one of its places


def find(db: Database, text: str, *, most: int = 8) -> list[Known]:
    """Return operators whose name holds every word of *text*; those that hold it as it is typed come first."""
    words = fold(text).split()
    if not words:
        return []
    where = " AND ".join(f"instr(search, :word{place})" for place in range(len(words)))
    rows = db.conn.execute(
        f"SELECT id FROM operators WHERE {where}"
        " ORDER BY search <> :phrase, instr(' ' || search || ' ', ' ' || :phrase || ' ') = 0, search, id LIMIT :most",
        {**{f"word{place}": word for place, word in enumerate(words)}, "phrase": fold(text), "most": most},
    )
    return _known(db, [row[0] for row in rows.fetchall()])


def _known(db: Database, ids: list[str]) -> list[Known]:
    rows = db.conn.execute(
        "SELECT operator, count(*), min(address) FROM establishments"
        " WHERE operator IN (SELECT value FROM json_each(?)) AND merged_into IS NULL GROUP BY operator",
        (json.dumps(ids),),
    )
    runs = {operator: (count, address) for operator, count, address in rows.fetchall()}
    found = []
    for id, view in views(db.conn, "operator", ids).items():
        state = view.state or {}
        if state.get("merged_into"):
            continue
        name, form, number = (str(state.get(part) or "") for part in ("name", "form", "registration"))
        found.append(Known(id, name, form, number, *runs.get(id, (0, ""))))
    return found
