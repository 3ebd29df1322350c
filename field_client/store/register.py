"""The things of the register that a laptop writes too, and the narrow tables that follow from each."""

import sqlite3
from collections.abc import Sequence

from field_client.store import assignments, places

KINDS = ("operator", "establishment", "assignment")  # operators first: places find their names


def refresh(conn: sqlite3.Connection, kind: str, ids: Sequence[str]) -> None:
    """Bring the rows of *ids* up to what the mirror and our own edits now say."""
    if kind == "operator":
        places.refresh_operators(conn, places.views(conn, kind, ids))
    elif kind == "establishment":
        places.refresh_establishments(conn, places.views(conn, kind, ids))
    elif kind == "assignment":
        assignments.refresh(conn, ids)
