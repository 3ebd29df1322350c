"""Whether the day of a visit can be believed: the clock that gave it may have been wrong, and then a person says it."""

import sqlite3
from datetime import date, datetime, timedelta

from field_client import clock
from field_client.store import visits
from schemas.spans import how_long

CLOCK_RIGHT = 300  # seconds; a clock that is off by less harms nobody
_FAR = timedelta(days=400)  # ahead of the best time known, where the clock is wrong and no day is sure


def unsure_since(conn: sqlite3.Connection, at: datetime, saved_at: str = "") -> str:
    """Return since when the true day may lie, if the clock is off by more than a day or was moved back; else nothing.

    *saved_at* is when the draft was last saved. What is made now is later than the last contact.
    """
    reading = clock.read(conn, at)
    moved = bool(saved_at) and at < datetime.fromisoformat(saved_at) - clock.A_DAY
    if not reading.doubtful and not moved:
        return ""
    return clock.local_day(reading.heard or reading.best).isoformat()


def last_possible(conn: sqlite3.Connection, at: datetime) -> date:
    """Return the last day that a visit may bear: tomorrow; while the clock is wrong, the server alone will judge."""
    reading = clock.read(conn, at)
    last = clock.local_day(reading.best) + timedelta(days=1)
    if not reading.doubtful:
        return last
    return max(last + _FAR, clock.local_day(at) + timedelta(days=1))


def doubt(conn: sqlite3.Connection, id: str, at: datetime) -> str:
    """Return why the day of the visit *id* must be confirmed before it is kept, in one sentence; else nothing.

    A correction keeps the day that was confirmed before.
    """
    draft = conn.execute("SELECT base, unsure_since FROM drafts WHERE id = ?", (id,)).fetchone()
    if (draft and draft[0]) or visits.revisions(conn, id):
        return ""
    reading = clock.read(conn, at)
    if reading.doubtful:
        return f"{clock_words(reading.off_s)}; xem lịch, sửa ngày kiểm tra nếu sai, rồi xác nhận ngày."
    if draft and draft[1]:
        return "Đồng hồ máy không đúng trong lúc ghi; xem lịch, sửa ngày kiểm tra nếu sai, rồi xác nhận ngày."
    return ""


def clock_words(off_s: int) -> str:
    """Say by how much this machine's clock is wrong."""
    long = how_long(off_s)
    if off_s > 0:
        return f"Đồng hồ máy này nhanh {long} so với máy chủ"
    return f"Đồng hồ máy này chậm {long} so với máy chủ"
