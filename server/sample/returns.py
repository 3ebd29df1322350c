"""Invented returns of the demo: one of 2025 that two things came after, some of this year, and a draft."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from sqlite_utils import Database

from schemas.ids import new_id
from schemas.items import read
from server.changes import apply_one
from server.clock import local_day
from server.office import Change, make, things
from server.sample.writer import AUTHOR

ISSUED, OLD_DISTRICT, PROVINCE = "trieu-son-2021-2025", "old:397", "new:38"
COMMUNES = ("new:15664", "new:15682", "new:15763")
_DIFFICULTIES = "Đội kiểm tra của một số xã mới sáp nhập chưa đủ thành viên (giả định)."


def returns_of(db: Database, at: datetime) -> None:
    """Open and send the demo's returns; where there are some already nothing is done."""
    if db.conn.execute("SELECT 1 FROM returns").fetchone():
        return
    plans = things(db.conn, "plan")
    issued = next((id for id, plan in plans.items() if plan.get("issued") == ISSUED and plan["epoch"] == "old"), "")
    today = local_day(at)
    if issued and today.year > 2024:
        _of_2025(db, issued, at)
    own = next((id for id, plan in plans.items() if f"{plan['epoch']}:{plan['area']}" == PROVINCE
                and plan["from"][:4] == str(today.year)), "")  # fmt: skip
    if own:
        _of_this_year(db, own, at)


def _of_2025(db: Database, plan: str, at: datetime) -> None:
    """Send the half-year return of the old district, and let a void and a late inspection come after it."""
    id = _open(db, plan, OLD_DISTRICT, "half_year", 2025, at)
    sent_at = datetime(2025, 6, 20, 3, tzinfo=UTC)
    _apply(db, sent_at, do="freeze", **{"return": id})
    _apply(db, sent_at, do="return_number", number="45", on="2025-06-20", **{"return": id})
    counted = list(_visits(db.conn, ("2025-01-01", "2025-06-15")))
    if len(counted) > 1:
        (voided, _), (_, line) = counted[0], counted[1]
        _apply(db, at, do="void", inspection=voided, reason="Ghi nhầm cơ sở (giả định)")
        body = {key: value for key, value in read(line).body.items() if key not in ("number", "revision", "reason")}
        make(db, [Change("inspection", new_id(), {**body, "date": "2025-06-10"})], author=AUTHOR, at=at)


def _visits(conn: sqlite3.Connection, days: tuple[str, str]) -> Iterator[tuple[str, bytes]]:
    """Return counting visits without findings of the district between two days, each of another place."""
    yield from conn.execute(
        "SELECT visits.id, line FROM visits JOIN items ON items.name = visits.item"
        " WHERE date BETWEEN ? AND ? AND counting = 1 AND visits.violations = 0 AND revision = 1"
        " GROUP BY establishment HAVING count(*) = 1 ORDER BY date, visits.id LIMIT 2",
        days,
    ).fetchall()


def _of_this_year(db: Database, plan: str, at: datetime) -> None:
    """Send the half-year returns of three communes and of the province, and leave the province's year as a draft."""
    sent_at = datetime.combine(local_day(at).replace(month=6, day=13), time(3), UTC)
    if sent_at < at:
        for unit in (*COMMUNES, PROVINCE):
            _apply(db, sent_at, do="freeze", **{"return": _open(db, plan, unit, "half_year", sent_at.year, at)})
    id = _open(db, plan, PROVINCE, "year", local_day(at).year, at)
    _apply(db, at, do="return_part", part="kho-khan", text=_DIFFICULTIES, **{"return": id})


def _open(db: Database, plan: str, unit: str, report: str, year: int, at: datetime) -> str:
    answer = _apply(db, at, do="return", unit=unit, plan=plan, report=report, year=year)
    return str(db.conn.execute("SELECT id FROM items WHERE name = ?", (answer["receipt"],)).fetchone()[0])


def _apply(db: Database, at: datetime, **asked: Any) -> dict[str, Any]:
    answer = apply_one(db, asked, author=AUTHOR, at=at)
    assert answer["standing"] == "accepted", answer
    return answer
