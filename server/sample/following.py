"""What came after the latest invented visits: papers signed and numbered, reviews, words of both sides, duties done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.items import name_of
from server.sample.chance import happens, new_id
from server.sample.writer import Writer

MOST = 2000  # visits: enough for every page, and a country's sample stays quick to make
SIGNED, BY_HAND, ISSUES, ANSWERED, REPORTED = 0.7, 0.15, 0.12, 0.5, 0.4
_ASKED = (
    ("Bổ sung ảnh chụp giấy phép kinh doanh còn hạn.", "Đã chụp lại giấy phép, gửi kèm cuộc kiểm tra."),
    ("Ghi rõ số phòng đã kiểm tra.", "Đã kiểm tra cả 6 phòng; sẽ ghi vào bản đính chính."),
    ("Thiếu giờ kết thúc ở bản viết tay.", "Kết thúc lúc 22 giờ 40 phút, đã ghi lại ở bản gốc."),
)


@dataclass(frozen=True)
class Recent:
    """One visit of late: enough of it to say what came after."""

    id: str
    item: str
    day: date
    number: str


def recent(id: str, line: bytes, body: dict[str, Any], day: date) -> Recent:
    """Return what is remembered of a visit."""
    return Recent(id, name_of(line), day, str(body["number"]))


def following(rng: Random, writer: Writer, visits: Iterable[Recent], today: date) -> Iterator[bytes]:
    """Say of each visit what became of its paper, and of a few what the reviewer and the team wrote."""
    for visit in visits:
        if happens(rng, SIGNED):
            yield from _papers(rng, writer, visit, today)
        if happens(rng, ISSUES):
            yield from _talk(rng, writer, visit, today)
        if happens(rng, REPORTED):
            yield _report(rng, writer, visit, today)


def _papers(rng: Random, writer: Writer, visit: Recent, today: date) -> Iterator[bytes]:
    by_hand = happens(rng, BY_HAND)
    said: list[dict[str, Any]] = [{"happening": "original", "original": "handwritten" if by_hand else "printed"}]
    said += [{"happening": "read_back"}, {"happening": "signed"}, {"happening": "handed_over", "copies": 1}]
    said += [{"happening": "scanned"}] if by_hand and happens(rng, 0.5) else []
    said += [{"happening": "numbered", "number": visit.number}] if happens(rng, 0.6) else []
    for one in said:
        body = {"inspection": visit.id, "item": visit.item, "on": min(visit.day, today).isoformat(), **one}
        yield writer.item("paper", new_id(rng, visit.day), body, visit.day)


def _talk(rng: Random, writer: Writer, visit: Recent, today: date) -> Iterator[bytes]:
    asked, told = rng.choice(_ASKED)
    on = min(visit.day + timedelta(days=2), today)
    review = new_id(rng, on)
    body = {"inspection": visit.id, "review": "issues", "comment": asked, "item": visit.item, "by": "Phạm Thị Mai"}
    yield writer.item("review", review, body, on)
    if happens(rng, ANSWERED):
        answer = {"inspection": visit.id, "comment": told, "on": on.isoformat(), "to": review}
        yield writer.item("comment", new_id(rng, on), answer, on)


def _report(rng: Random, writer: Writer, visit: Recent, today: date) -> bytes:
    on = min(visit.day + timedelta(days=rng.randint(2, 9)), today)
    body = {"inspection": visit.id, "duty": "report-results", "on": on.isoformat(), "note": "Báo cáo số 12/BC-ĐKT"}
    return writer.item("duty", new_id(rng, on), body, on)
