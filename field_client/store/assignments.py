"""What the mirror and our own items say together of assignments: one narrow row each."""

import sqlite3
from collections.abc import Sequence

from field_client.store.places import views

_COLUMNS = ("id", "establishment", "team", "basis", "given_on", "expires_on", "reserved", "withdrawn", "note",
            "standing")  # fmt: skip
_INSERT = f"INSERT INTO assignments ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def refresh(conn: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Bring the rows of *ids* up to what the mirror and our own edits now say."""
    for id, view in views(conn, "assignment", ids).items():
        conn.execute("DELETE FROM assignments WHERE id = ?", (id,))
        state = view.state
        if state is None:
            continue
        # What is for a time to come holds from its first day on; given_on is the day from which it may be done.
        begun = state | {"given_on": state.get("starts_on") or state.get("given_on")}
        texts = [str(begun.get(key) or "") for key in _COLUMNS[1:6]]
        flags = [int(bool(state.get(key))) for key in ("reserved", "withdrawn")]
        conn.execute(_INSERT, (id, *texts, *flags, str(state.get("note") or ""), view.standing))
