"""The items this laptop makes: written once, numbered without gaps, and waiting from that moment on."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from field_client.store import register, said, visits
from field_client.store.base import get_meta, put_meta
from schemas.fields import instant_text
from schemas.items import name_of, read, write
from sync.chain import detail_text
from sync.names import Own

AT_THE_KEYS = "at_the_keys"  # chosen when the laptop was unlocked; forgotten when the program starts


class NotEnrolled(Exception):
    """This laptop has no name on the server yet: enrol it first."""

    def __init__(self) -> None:
        super().__init__("Máy chưa đăng ký; xin mã đăng ký ở văn phòng rồi chạy: doi178-field enrol MÃ")


def add(
    conn: sqlite3.Connection, kind: str, id: str, body: dict[str, Any], *, author: str, at: datetime,
    base: str | None = None,
) -> str:  # fmt: skip
    """Write an item, put it in the outbox and return its name; called under the write lock."""
    device, run = get_meta(conn, "device"), get_meta(conn, "run")
    if not device or not run:
        raise NotEnrolled
    device_seq = int(get_meta(conn, "device_seq") or 0) + 1
    line = write(
        kind=kind, id=id, base=base, device=device, run=run, device_seq=device_seq,
        author=author, recorded_at=instant_text(at), body=body,
    )  # fmt: skip
    name = name_of(line)
    conn.execute(
        "INSERT INTO own (name, kind, id, base, run, device_seq, line) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, kind, id, base, run, device_seq, line),
    )
    put_meta(conn, "device_seq", device_seq)
    if kind in said.KINDS:
        said.refresh(conn, [id])
    return name


def take_back(conn: sqlite3.Connection, items: Iterable[Own]) -> None:
    """Keep items of our own that the server handed back, and offer them once more: that brings their sealed receipts.

    One whose number another item has here was made by a copy of this store: it stays out.
    """
    kept: dict[str, set[str]] = defaultdict(set)
    for one in items:
        item, told = read(one.line), one.receipt
        conn.execute(
            "INSERT INTO own (name, kind, id, base, run, device_seq, waiting, seq, standing, detail, first_standing,"
            " first_detail, line) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                item.name, item.kind, item.id, item.base, item.run, item.device_seq, told.seq, told.present,
                detail_text(one.detail), told.standing, detail_text(told.detail), one.line,
            ),
        )  # fmt: skip
        kept[item.kind].add(item.id)
    visits.refresh(conn, sorted(kept["inspection"]))
    said.refresh(conn, sorted(id for kind in said.KINDS for id in kept[kind]))
    for kind in register.KINDS:
        register.refresh(conn, kind, sorted(kept[kind]))


def author(conn: sqlite3.Connection) -> str:
    """Return who speaks in a new item: who is at the keys, else the leader of tonight's outing, else the laptop."""
    person = get_meta(conn, AT_THE_KEYS)
    if person:
        return person
    row = conn.execute(
        "SELECT leader FROM rounds WHERE ended_at IS NULL ORDER BY started_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return (row[0] if row else "") or get_meta(conn, "name") or get_meta(conn, "device")
