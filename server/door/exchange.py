"""What a laptop and the server say to each other, whatever carries it: a batch and its reply, a page after a cursor."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from server.arrivals import feed
from server.arrivals.acting import sender_of
from server.arrivals.ingest import Taken, ingest
from server.door.contacts import note, says_more
from server.keys import Keys
from server.recovery import lost
from server.recovery.again import erase_again
from server.store import get_meta, reading, writing
from sync.chain import Seal
from sync.report import Report
from sync.wire import read_batch, receipt_rows, rows_hash, write_page, write_reply


def take_batch(db: Database, keys: Keys, device: str, body: bytes, report: Report | None, at: datetime) -> bytes:
    """Take in the *body* of a batch that *device* hands over, and return the body of the reply.

    Raises BadReply when the body is no batch; then nothing of it is kept.
    """
    lines = read_batch(body)
    taken = ingest(db, lines, sender_of(db.conn, device), at, beside=_noting(device, report, at))
    erase_again(db, at)
    return _reply(db, keys, taken, at)


def _noting(device: str, report: Report | None, at: datetime) -> Callable[[sqlite3.Connection], None]:
    def beside(conn: sqlite3.Connection) -> None:
        if report is not None:
            note(conn, device, report, at)

    return beside


def _reply(db: Database, keys: Keys, taken: Taken, at: datetime) -> bytes:
    rows = receipt_rows(taken.answers)
    lineage, safe_to = get_meta(db.conn, "lineage"), int(get_meta(db.conn, "safe_to") or 0)
    seal = Seal(lineage, taken.first, taken.last, taken.before, taken.after, rows_hash(rows))
    return write_reply(rows, seal, seal.sign(keys.signing), server_time=instant_text(at), safe_to=safe_to)


def next_page(db: Database, device: dict[str, Any], cursor: str, report: Report | None, at: datetime) -> bytes:
    """Return the body of the page after *cursor* for *device* (its state, with `id` and `unit`).

    Raises feed.LostHistory when the cursor is from a history that this server does not hold.
    """
    if report and says_more(db.conn, device["id"], report, at):
        with writing(db) as conn:
            note(conn, device["id"], report, at)
    try:
        return _page(db, device, cursor, at)
    except feed.LostHistory:
        with writing(db) as conn:
            lost.note_contact(conn, device["id"], cursor, at)
        raise


def _page(db: Database, device: dict[str, Any], cursor: str, at: datetime) -> bytes:
    with reading(db) as conn:
        keys = feed.scope_keys(conn, device["id"], device["unit"])
        return write_page(feed.page(conn, keys, device["id"], cursor, at=instant_text(at)))
