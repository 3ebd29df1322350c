"""One line a look-up or sign-in, each under the hash of the line before it."""

import hashlib
import json
import sqlite3
from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import Any

from schemas.fields import instant_text

GENESIS = hashlib.sha256(b"doi178 audit").hexdigest()


@dataclass(frozen=True)
class Entry:
    """What is noted. *what* is an act of EVENTS; *unit* (epoch:code) is whose data it was, empty where nobody's.

    No secret, no password, no name of a worker, guest or informer stands in any of it.
    """

    what: str
    who: str  # the user's id; empty where nobody is signed in
    role: str = ""
    subject: str = ""  # kind:id of what was looked at
    unit: str = ""
    purpose: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Who:
    """The account behind something that is noted: id, role, unit."""

    id: str
    role: str
    unit: str


def note(conn: sqlite3.Connection, entry: Entry, at: datetime) -> int:
    """Add a line within the transaction that *conn* is in, and return its number."""
    last = conn.execute("SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before = (last[0] + 1, last[1]) if last else (1, GENESIS)
    row = (seq, instant_text(at), *_flat(entry))
    conn.execute(
        "INSERT INTO audit (seq, at, what, who, role, subject, unit, purpose, detail, chain)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, link(before, row)),
    )
    return seq


def _flat(entry: Entry) -> tuple[Any, ...]:
    *plain, detail = astuple(entry)
    return (*plain, json.dumps(detail, ensure_ascii=False, sort_keys=True))


def link(before: str, row: tuple[Any, ...]) -> str:
    """Return the chain's hash after *row* (seq, at, what, who, role, subject, unit, purpose, detail)."""
    return hashlib.sha256((before + "\n" + json.dumps(row, ensure_ascii=False)).encode()).hexdigest()
