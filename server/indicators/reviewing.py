"""Who may not review a figure: whoever entered or sent it, under the own name or for another."""

import json
import sqlite3

from schemas.indicators import ValueStanding
from server.people.deputies import people

_REVIEWS = (ValueStanding.RETURNED, ValueStanding.ACCEPTED)


def has_a_part(conn: sqlite3.Connection, id: str, author: str) -> bool:
    """Say whether one of the people in *author* entered or sent the figure as it stands, since it was last returned."""
    return bool(_said_by(conn, id) & set(people(author)))


def _said_by(conn: sqlite3.Connection, id: str) -> set[str]:
    rows = conn.execute(
        "SELECT line FROM items WHERE kind = 'indicator_value' AND id = ? AND standing = 'accepted' ORDER BY seq DESC",
        (id,),
    )
    found: set[str] = set()
    for (line,) in rows:
        said = json.loads(line)
        if said["body"]["set"].get("standing") not in _REVIEWS:
            found.update(people(said["author"]))
        elif found:
            break
    return found
