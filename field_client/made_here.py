"""What was made on this laptop, as lists show it: which place and visit each record is about, and how it stands."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.text import fold

PAGE = 50


@dataclass(frozen=True)
class Made:
    """One record: what it is, what it is about, and its receipt where it has one."""

    item: str
    kind: str
    id: str
    visit: str  # that it is, or that it belongs to; empty where it is about no visit
    name: str  # of the place or the operator; empty where this laptop does not know it
    date: str  # of the visit
    revision: int
    role: str  # of a file: photo or scan
    file: str  # how its bytes stand: waiting, sent, refused
    size: int
    sent_bytes: int
    words: str
    seq: int | None
    standing: str
    detail: dict[str, Any]
    at: str
    received_at: str


_BODY = "CASE WHEN length(own.line) > 0 THEN CAST(own.line AS TEXT) END"
# An item is about a visit by itself, by its file, or by what it says of one; else about a place or an operator.
_ABOUT = f"""
    FROM own
    LEFT JOIN proofs ON proofs.id = own.proof
    LEFT JOIN files ON own.kind = 'attachment' AND files.attachment = own.id
    LEFT JOIN said_of_visits AS said ON said.id = own.id
    LEFT JOIN visits ON visits.id = coalesce(files.inspection, said.inspection, own.id)
    LEFT JOIN establishments AS place
           ON place.id = CASE own.kind WHEN 'assignment' THEN json_extract({_BODY}, '$.body.set.establishment')
                                       ELSE coalesce(visits.establishment, own.id) END
    LEFT JOIN operators ON operators.id = own.id
"""
_FIELDS = f"""
    SELECT own.name, own.kind, own.id, coalesce(visits.id, files.inspection, said.inspection, ''),
           coalesce(place.name, operators.name, ''),
           CASE own.kind WHEN 'inspection' THEN coalesce(json_extract({_BODY}, '$.body.date'), visits.date, '')
                ELSE coalesce(visits.date, '') END,
           CASE own.kind WHEN 'inspection' THEN coalesce(json_extract({_BODY}, '$.body.revision'), 1) ELSE 1 END,
           coalesce(files.role, ''), coalesce(files.state, ''), coalesce(files.size, 0),
           coalesce(files.sent_bytes, 0), coalesce(files.words, ''),
           own.seq, coalesce(own.standing, 'waiting'), own.detail,
           coalesce(json_extract({_BODY}, '$.recorded_at'), ''), coalesce(proofs.at, '')
"""


def waiting(conn: sqlite3.Connection, *, limit: int) -> Iterator[Made]:
    """Yield what has no receipt, the oldest first."""
    return _made(conn.execute(f"{_FIELDS} {_ABOUT} WHERE own.waiting = 1 ORDER BY own.local LIMIT ?", (limit,)))


def files_on_their_way(conn: sqlite3.Connection, *, limit: int) -> Iterator[Made]:
    """Yield the files that wait and whose records the server has, the oldest first."""
    where = "WHERE files.state = 'waiting' AND files.here = 1 AND own.waiting = 0 AND own.name = files.item"
    return _made(conn.execute(f"{_FIELDS} {_ABOUT} {where} ORDER BY own.local LIMIT ?", (limit,)))


def received(conn: sqlite3.Connection, text: str = "", *, limit: int = PAGE, offset: int = 0) -> Iterator[Made]:
    """Yield what the server has, the latest first: all, or what *text* is in the place of or the receipt's number."""
    where, values = _asked(text)
    query = f"{_FIELDS} {_ABOUT} WHERE {where} ORDER BY own.local DESC LIMIT :limit OFFSET :offset"
    return _made(conn.execute(query, {**values, "limit": limit, "offset": offset}))


def count_received(conn: sqlite3.Connection, text: str = "") -> int:
    """Count what `received` yields without a limit."""
    where, values = _asked(text)
    about = _ABOUT if text.strip() else "FROM own"
    return int(conn.execute(f"SELECT count(*) {about} WHERE {where}", values).fetchone()[0])


def _asked(text: str) -> tuple[str, dict[str, Any]]:
    words = fold(text).split()
    if not words:
        return "own.seq IS NOT NULL", {}
    values: dict[str, Any] = {f"word{at}": f"%{_literal(word)}%" for at, word in enumerate(words)}
    in_name = " AND ".join(
        f"coalesce(place.search, operators.search, '') LIKE :{key} ESCAPE '!'" for key in values
    )
    number = words[0] if len(words) == 1 and words[0].isdigit() else ""
    return (f"own.seq IS NOT NULL AND (({in_name}) OR CAST(own.seq AS TEXT) = :number)", {**values, "number": number})


def _literal(word: str) -> str:
    """Let no letter of *word* mean another."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _made(rows: sqlite3.Cursor) -> Iterator[Made]:
    for row in rows:
        detail = json.loads(row[14]) if row[14] else {}
        yield Made(*(*row[:14], detail, *row[15:]))
