"""From the code on printed minutes to the place that they are about."""

import sqlite3

from schemas.minutes_code import MinutesCode, ShortCode
from server.history.reach import root_of

_FIND = "SELECT id FROM items WHERE kind = 'inspection' AND name"


def visit_of_code(conn: sqlite3.Connection, code: MinutesCode | ShortCode) -> str | None:
    """Return the visit of the minutes that a code names, None where they are not here."""
    if isinstance(code, MinutesCode):
        row = conn.execute(f"{_FIND} = ?", (code.minutes.name,)).fetchone()
    else:
        row = conn.execute(f"{_FIND} BETWEEN ? AND ?", code.names).fetchone()
    return row[0] if row else None


def place_of_code(conn: sqlite3.Connection, code: MinutesCode | ShortCode) -> str | None:
    """Return the place, as the record that stands for it, of the minutes that a code names."""
    visit = visit_of_code(conn, code)
    row = conn.execute("SELECT establishment FROM visits WHERE id = ?", (visit,)).fetchone() if visit else None
    return root_of(conn, "establishment", row[0]) if row else None
