"""Writing what waits, and from where this laptop wants pages, for a stick."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlite_utils import Database

from field_client.bundle import answers
from field_client.bundle.handover import Handover, history
from field_client.status import report
from field_client.store import get_meta
from field_client.store.own import NotEnrolled
from field_client.syncing import program_version, server_key
from field_client.updating.offers import this_machine
from schemas.fields import instant_text
from schemas.items import name_of
from sync import engine
from sync.bundle import PART_LIMIT, Closing, Direction, Member, Opener, write_parts
from sync.wire import BATCH_BYTES, BATCH_ITEMS, write_batch


@dataclass(frozen=True)
class Sent:
    """What was written for the stick."""

    parts: int
    batches: int
    items: int
    attachments: int

    def as_dict(self) -> dict[str, Any]:
        """Return the counts as a command prints them."""
        return {"batches": self.batches, "items": self.items, "attachments": self.attachments}


def bundle_out(
    laptop: Handover, open_part: Opener, *, at: datetime, limit: int = PART_LIMIT
) -> Sent:
    """Write everything that waits, files after all records, and the cursor. Nothing stops waiting by it.

    A bundle that is lost costs nothing, nor one that is made while another is on its way.
    """
    db, conn = laptop.db, laptop.db.conn
    if not get_meta(conn, "device"):
        raise NotEnrolled
    answers.forget_answered(db)
    head = {
        "direction": Direction.UP,
        "device": get_meta(conn, "device"),
        "cursor": get_meta(conn, "cursor"),
        "area": get_meta(conn, "area"),
        "knew": history(conn),
        "server_time": get_meta(conn, "server_time"),
        "clock": instant_text(at),
        "clock_offset_s": int(get_meta(conn, "clock_offset_s") or 0),
        "program": {"version": program_version(), "platform": this_machine()},
    }
    counted: Counter[str] = Counter()

    def end(marks: list[tuple[int, int] | None]) -> dict[str, Any]:
        spans = [mark for mark in marks if mark]
        beside = (spans[0][0], spans[-1][1]) if spans else (0, -1)
        return {"report": report(conn, version=program_version(), clock=instant_text(at), beside=beside).text()}

    pieces = chain(_batches(db, at, counted), _files(laptop, at, counted))
    parts = write_parts(open_part, Closing(server_key(conn), laptop.key), head, pieces, end, limit=limit)
    return Sent(parts, counted["batches"], counted["items"], counted["attachments"])


def _batches(db: Database, at: datetime, counted: Counter[str]) -> Iterator[Member]:
    """Yield what waits as batches, oldest first; each is remembered before it is written, for its answer."""
    last = 0
    while rows := db.conn.execute(
        "SELECT local, line FROM own WHERE waiting = 1 AND local > ? AND length(line) > 0 ORDER BY local LIMIT ?",
        (last, BATCH_ITEMS),
    ).fetchall():
        lines = engine.fitting([row[1] for row in rows], BATCH_BYTES)
        first, last = rows[0][0], rows[len(lines) - 1][0]
        body = write_batch(lines)
        answers.wait_for(db, body, [name_of(line) for line in lines], at)
        counted.update(batches=1, items=len(lines))
        yield Member(f"batch-{counted['batches']:06d}", body, (first, last))


def _files(laptop: Handover, at: datetime, counted: Counter[str]) -> Iterator[Member]:
    """Yield the files that wait; one that is lost here is left for the line, which says so."""
    shelf = laptop.shelf
    for parcel in shelf.all_waiting():
        if shelf.is_whole(parcel):
            answers.wait_for_file(laptop.db, parcel.attachment, parcel.sha256, at)
            counted.update(attachments=1)
            yield Member(f"{answers.FILE}{parcel.attachment}", shelf.read(parcel, 0, parcel.size))
