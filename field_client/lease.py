"""The lease: how long histories are shown without a word from the office. It protects reading only.

It is counted from the last time that the server said, on the highest time seen since; a
contact begins it anew, so that a clock that was once wrong does not end it for ever.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from field_client import clock, revoked
from field_client.store.base import get_meta, put_meta
from schemas.fields import instant_text
from schemas.lease import LEASE, WARN


@dataclass(frozen=True)
class Lease:
    """Until which day histories are shown; None before the first contact, when there are none."""

    until: date | None = None
    ended: bool = False
    soon: bool = False


def lease(conn: sqlite3.Connection, at: datetime) -> Lease:
    """Return how the lease stands when this machine's clock says *at*.

    While the clock says a time that cannot be, it has ended; set right, it goes on.
    """
    reading = clock.read(conn, at)
    if reading.heard is None:
        return Lease()
    ends = reading.heard + LEASE
    seen = max(reading.best, _highest(conn) or reading.best)
    ended = reading.lost or seen >= ends
    return Lease(clock.local_day(ends), ended, not ended and ends - seen <= WARN)


def _highest(conn: sqlite3.Connection) -> datetime | None:
    found = get_meta(conn, "clock_seen")
    return datetime.fromisoformat(found) if found else None


def note_clock(conn: sqlite3.Connection, at: datetime) -> None:
    """Remember the highest time seen since the last contact: setting the clock back does not lengthen the lease."""
    seen = instant_text(clock.best(conn, at))
    if seen > get_meta(conn, "clock_seen"):
        put_meta(conn, "clock_seen", seen)


def hidden(conn: sqlite3.Connection, at: datetime) -> str:
    """Return why histories are not shown now, in one sentence; empty when they are."""
    if revoked.locked_on(conn):
        return "Văn phòng đã khóa máy này nên lịch sử kiểm tra không hiện; hỏi văn phòng. Vẫn ghi và gửi được."
    found = lease(conn, at)
    if not found.ended or found.until is None:
        return ""
    if clock.read(conn, at).lost:
        return "Đồng hồ máy này không đúng nên lịch sử kiểm tra không hiện; chỉnh lại ngày giờ, hoặc nối mạng."
    return (
        f"Hạn kết nối lại đã hết từ ngày {found.until:%d/%m/%Y}; nối mạng hoặc nhận gói USB từ văn phòng"
        " để xem lại lịch sử kiểm tra. Vẫn ghi và lưu được."
    )
