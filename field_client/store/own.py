"""The items this laptop makes: written once, numbered without gaps, and waiting from that moment on."""

import sqlite3
from datetime import datetime
from typing import Any

from field_client.store.base import get_meta, put_meta
from schemas.fields import instant_text
from schemas.items import name_of, write


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
    return name


def author(conn: sqlite3.Connection) -> str:
    """Return who speaks in a new item: the leader of tonight's outing, else the laptop."""
    row = conn.execute(
        "SELECT leader FROM rounds WHERE ended_at IS NULL ORDER BY started_at DESC, id DESC LIMIT 1"
    ).fetchone()
    return (row[0] if row else "") or get_meta(conn, "name") or get_meta(conn, "device")
