"""What the server holds of a laptop's own items: compared by name, and handed back to one that lost them."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from server.keys import Keys
from server.recovery import lost
from server.store import get_meta, in_parts, marks, reading, writing
from sync.chain import Receipt
from sync.names import Answer, Found, Held, Own, OwnPage, Question, digest, read_question, write_answer, write_own

PAGE_ITEMS = 1000
PAGE_BYTES = 4_000_000


def compare(db: Database, keys: Keys, device: str, body: bytes, at: datetime) -> bytes:
    """Answer whether the server holds what *device* names in *body*, and what else of its own it holds.

    Raises BadReply when the body is no question. Receipts of another history, for items that
    are not here, are kept for the office to see.
    """
    question = read_question(body)
    with reading(db) as conn:
        answer = _answer(conn, device, question)
    missing = [
        (one.name, one.seq, one.lineage)
        for one, found in zip(question.held or (), answer.found, strict=False)
        if found is None and one.seq is not None and one.lineage not in {"", answer.lineage}
    ]
    if missing:
        with writing(db) as conn:
            lost.note_items(conn, device, missing, at)
    return write_answer(answer, body, keys.signing)


def _answer(conn: sqlite3.Connection, device: str, question: Question) -> Answer:
    lineage = get_meta(conn, "lineage")
    if question.held is None:
        rows = conn.execute("SELECT name, seq, standing FROM items WHERE device = ? ORDER BY seq", (device,))
        return Answer(lineage, digest(rows) == (question.count, question.digest))
    known = _known(conn, [one.name for one in question.held])
    named = {one.name for one in question.held}
    found = tuple(_found(conn, one, known.get(one.name)) for one in question.held)
    others = tuple(one for one in _between(conn, device, question.after, question.upto) if one.name not in named)
    return Answer(lineage, False, found, others)


def _known(conn: sqlite3.Connection, names: list[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for part in in_parts(names):
        rows = conn.execute(f"SELECT name, seq, standing FROM items WHERE name IN ({marks(part)})", part)
        found |= {name: (seq, standing) for name, seq, standing in rows}
    return found


def _found(conn: sqlite3.Connection, held: Held, known: tuple[int, str] | None) -> Found | None:
    if known is None:
        return None
    return Found(*known, None if known[1] == held.standing else _detail(conn, held.name))


def _detail(conn: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """Return what stands beside the present standing of an item."""
    row = conn.execute(
        "SELECT detail FROM arrivals WHERE item = ? AND first = 0 ORDER BY seq DESC LIMIT 1", (name,)
    ).fetchone() or conn.execute(
        "SELECT detail FROM arrivals JOIN items ON items.seq = arrivals.seq WHERE items.name = ?", (name,)
    ).fetchone()
    found: dict[str, Any] | None = json.loads(row[0]) if row and row[0] else None
    return found


def _between(conn: sqlite3.Connection, device: str, after: str, upto: str) -> Iterator[Held]:
    rows = conn.execute(
        "SELECT name, seq, standing FROM items WHERE device = ? AND name > ? AND (? = '' OR name <= ?)"
        " AND standing <> 'erased' ORDER BY seq",
        (device, after, upto, upto),
    )
    return (Held(*row) for row in rows)


def own_page(db: Database, device: str, after: int) -> bytes:
    """Return the next of the items that *device* made, after the sequence *after*, with their receipts."""
    with reading(db) as conn:
        rows = conn.execute(
            "SELECT items.seq, line, arrivals.standing, arrivals.detail, items.standing, name FROM items"
            "  JOIN arrivals ON arrivals.seq = items.seq"
            " WHERE device = ? AND items.seq > ? AND items.standing <> 'erased' ORDER BY items.seq LIMIT ?",
            (device, after, PAGE_ITEMS + 1),
        ).fetchall()
        items = tuple(_own(conn, *row) for row in _fitting(rows))
    last = items[-1].receipt.seq if items else after
    return write_own(OwnPage(last, len(items) < len(rows), items))


def _fitting(rows: list[Any]) -> Iterator[Any]:
    size = 0
    for row in rows[:PAGE_ITEMS]:
        yield row
        size += len(row[1])
        if size > PAGE_BYTES:
            return


def _own(
    conn: sqlite3.Connection, seq: int, line: bytes, standing: str, detail: str, present: str, name: str
) -> Own:  # fmt: skip
    first = json.loads(detail) if detail else None
    return Own(bytes(line), Receipt(name, seq, standing, first, present), _detail(conn, name))
