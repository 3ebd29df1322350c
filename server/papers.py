"""What was said of the paper of a visit, in its order, and whether a handwritten original lacks its scan."""

import json
import sqlite3
from typing import Any

from schemas.attachments import Role
from schemas.office import Happening, Original


def events(conn: sqlite3.Connection, inspection: str) -> list[dict[str, Any]]:
    """Return what happened to the papers of a visit, each with its author, in the order in which it was said."""
    rows = conn.execute(
        "SELECT author, said FROM said_of_visits WHERE kind = 'paper' AND inspection = ? ORDER BY id", (inspection,)
    )
    return [{"author": author, **json.loads(said)} for author, said in rows]


def lacks_scan(conn: sqlite3.Connection, inspection: str, item: str) -> bool:
    """Say whether the original of the revision *item* was written by hand and no scan of it is known."""
    about = [one for one in events(conn, inspection) if one.get("item") == item]
    originals = [one.get("original") for one in about if one.get("happening") == Happening.ORIGINAL]
    if originals[-1:] != [Original.HANDWRITTEN] or any(one["happening"] == Happening.SCANNED for one in about):
        return False
    row = conn.execute(
        "SELECT 1 FROM attachments WHERE inspection = ? AND role = ? AND revision IN ('', ?) LIMIT 1",
        (inspection, Role.SCAN.value, item),
    ).fetchone()
    return row is None
