"""What a restore must not undo and the journal lacks: written down from what the database says.

An erasure or a lock is in the database a moment before it is in the journal, and a power cut may come between.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.fields import instant_text
from server import journal
from server.office import things

Entry = dict[str, Any]
_ON = (("revoked_on", "revoke", "unlock"), ("retired_on", "retire", "reuse"))


def write_down(conn: sqlite3.Connection, folder: Path, at: datetime) -> int:
    """Add to the journal in *folder* what it lacks, and count it; called at each start and before each backup."""
    known = journal.read([folder])
    lacking = [*_erasures(conn, known), *_locks(conn, known, at)]
    for entry in lacking:
        journal.note(folder, entry)
    return len(lacking)


def _erasures(conn: sqlite3.Connection, known: list[Entry]) -> Iterator[Entry]:
    noted = {entry.get("item") for entry in known if entry["do"] == "erase"}
    rows = conn.execute(
        "SELECT items.line, arrivals.at FROM items JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE items.kind = 'erasure' AND items.standing = 'accepted' ORDER BY items.seq"
    )
    for line, at in rows.fetchall():
        body = json.loads(line)["body"]
        if body["item"] not in noted:  # that a person looked at what stands is not known of another state of it
            yield {"do": "erase", "item": body["item"], "ground": body["ground"], "keep_rest": False, "at": at}


def _locks(conn: sqlite3.Connection, known: list[Entry], at: datetime) -> Iterator[Entry]:
    """Name the laptops that are locked or out of use, and of which the journal's last word is not that."""
    last = {(entry.get("device"), field): entry["do"] for entry in known for field, *do in _ON if entry["do"] in do}
    for id, state in things(conn, "device").items():
        for field, on, _ in _ON:
            if state.get(field) and last.get((id, field)) != on:
                said = {key: value for key, value in state.items() if key.startswith(field[:7])}
                yield {"do": on, "device": id, "set": said, "at": instant_text(at)}
