"""What this server knows of a code on minutes, and the one answer that it gives."""

import sqlite3
from typing import Any

from schemas.items import read
from schemas.minutes_answer import Answer, Key, Known, answer, key_of
from schemas.minutes_code import Minutes, MinutesCode, ShortCode
from server.office import state_of
from sync.judge import Standing

Row = tuple[int, str, str, str, str, bytes]  # seq, name, id, device, standing, line
_FIND = "SELECT seq, name, id, device, standing, line FROM items WHERE kind = 'inspection' AND name"


def prove(conn: sqlite3.Connection, code: MinutesCode | ShortCode) -> Answer:
    """Answer a code by what stands here now."""
    return _whole(conn, code) if isinstance(code, MinutesCode) else _short(conn, code)


def _whole(conn: sqlite3.Connection, code: MinutesCode) -> Answer:
    device = state_of(conn, "device", code.minutes.device) or {}
    key = key_of(code, device.get("public_key"), _closed(device))
    row = conn.execute(f"{_FIND} = ?", (code.minutes.name,)).fetchone()
    if row and not _says(row, code.minutes):
        return Answer.NO_MATCH
    return answer(key, _known(conn, row) if row else Known.NOTHING)


def _short(conn: sqlite3.Connection, code: ShortCode) -> Answer:
    """Answer a code without a signature: an item that is here came from its laptop, and that stands for one."""
    row = conn.execute(f"{_FIND} BETWEEN ? AND ?", code.names).fetchone()
    if row is None:
        return Answer.NO_MATCH
    device = state_of(conn, "device", row[3]) or {}
    return answer(Key.CLOSED if _closed(device) else Key.TRUSTED, _known(conn, row))


def _closed(device: dict[str, Any]) -> bool:
    """Say whether what the device writes now is kept aside, as server.arrivals.acting.sender_of has it."""
    return bool(device.get("revoked_on") or device.get("retired_on"))


def _says(row: Row, minutes: Minutes) -> bool:
    """Say whether the item is what the code says; of an erased one the signature says the rest."""
    _, _, id, _, _, line = row
    if not line:
        return id == minutes.inspection
    body = read(line).body
    return (id, body.get("revision", 1), body.get("date")) == (minutes.inspection, minutes.revision, minutes.date)


def _known(conn: sqlite3.Connection, row: Row) -> Known:
    """Say what becomes of the paper of an item by its standing; what waits or is kept aside is not let in yet.

    Two versions of which nobody has chosen one are both what was finalised: neither replaces the other yet.
    """
    _, name, id, _, standing, _ = row
    truth = conn.execute("SELECT item, void FROM visits WHERE id = ?", (id,)).fetchone()
    if truth and truth[0] == name:
        return Known.REPLACED if truth[1] else Known.CURRENT
    if standing == Standing.CONFLICT:
        return Known.CURRENT
    if standing in {Standing.HELD, Standing.QUARANTINED} or not _was_let_in(conn, row):
        return Known.NOTHING
    return Known.REPLACED


def _was_let_in(conn: sqlite3.Connection, row: Row) -> bool:
    """Say whether an item that is out of the truth was ever in it or beside it, or was put right by one that is.

    What a locked laptop sent and the office declined never was: its paper goes on to prove nothing.
    """
    seq, name, id, *_ = row
    found = conn.execute(
        "SELECT 1 FROM arrivals WHERE seq = :seq AND standing IN ('accepted', 'conflict')"
        " UNION ALL SELECT 1 FROM arrivals WHERE item = :name AND first = 0 AND standing IN ('accepted', 'conflict')"
        " UNION ALL SELECT 1 FROM items WHERE id = :id AND base = :name AND standing = 'accepted' LIMIT 1",
        {"seq": seq, "name": name, "id": id},
    ).fetchone()
    return found is not None
