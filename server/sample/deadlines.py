"""Deadlines of a sample that are near on whatever day it is made: one soon, one over, one that clashes. Invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.register import Kind
from server.sample.chance import new_id
from server.sample.shape import Shape, tree
from server.sample.writer import Writer

SOON, OVER = timedelta(days=5), timedelta(days=4)


def deadline_lines(rng: Random, writer: Writer, shape: Shape, today: date) -> Iterator[bytes]:
    """Write a plan of one commune beside that of its province: the year's report later than the province wants it."""
    unit = tree().get(shape.communes[0])
    assert unit is not None, "areas come from the same tree"
    office = f"UBND {unit.name[0].lower()}{unit.name[1:]}"
    state = {
        "name": f"Kế hoạch phòng, chống mại dâm năm {today.year} của {unit.name} (giả định)",
        "epoch": unit.epoch.value, "area": unit.code, "from": f"{today.year}-01-01", "to": f"{today.year}-12-31",
        "kinds": [kind.value for kind in Kind], "targets": [], "invented": True,
        "settled": "Kế hoạch giả định của số liệu dùng thử, để xem hạn sắp đến, quá hạn và hạn trùng nhau.",
        "deadline/XD1": {"code": "XD1", "name": "Báo cáo năm của xã", "report": "year", "due": "12-25", "strict": True,
                         "sender": office, "receiver": office, "words": "gửi báo cáo năm trước ngày 25/12"},
        "deadline/XD2": _once("XD2", "Báo cáo đợt cao điểm kiểm tra", today + SOON, office),
        "deadline/XD3": _once("XD3", "Báo cáo rà soát cơ sở", today - OVER, office),
    }  # fmt: skip
    made = date(today.year, 1, 4)
    yield writer.edit("plan", new_id(rng, made), state, made)


def _once(code: str, name: str, last: date, office: str) -> dict[str, Any]:
    named = last + timedelta(days=1)
    return {
        "code": code, "name": f"{name} (giả định)", "report": "ad_hoc", "due": f"{named:%m-%d}", "strict": True,
        "every": "once", "year": named.year, "sender": office, "receiver": "Sở Y tế",
        "words": f"báo cáo trước ngày {named.day}/{named.month}/{named.year}",
    }  # fmt: skip
