"""What a paper says of the revision that it prints: which it is, what it replaces, whether it still stands."""

from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from field_client import places
from field_client.minutes_code import short_code_of
from field_client.printing.events import Happened
from field_client.printing.events import number_of as clerk_s_number
from field_client.printing.fill import Facts
from field_client.store.visits import Revision
from schemas.paper_words import clean, day

DRAFT, VOID = "BẢN NHÁP – CHƯA CHỐT", "ĐÃ HỦY"


def number_of(revision: Revision) -> int:
    """Return the number that people call it by."""
    said = revision.body.get("revision", 1)
    return said if type(said) is int else 1


def mark(revision: Revision, found: Sequence[Revision], seen: Revision | None) -> str:
    """Return what is written across a paper that does not stand: taken back, or replaced by a later one."""
    if revision.body.get("void") is True:
        return VOID
    if seen and revision.name in _ancestors(seen, found):
        return f"ĐÃ THAY BẰNG LẦN {number_of(seen)}"
    return ""


def _ancestors(revision: Revision, found: Sequence[Revision]) -> set[str]:
    bases = {one.name: one.base for one in found}
    above: set[str] = set()
    base = revision.base
    while base and base not in above:
        above.add(base)
        base = bases.get(base)
    return above


def which(revision: Revision, found: Sequence[Revision], events: Sequence[Happened]) -> dict[str, str]:
    """Say which revision it is, what it replaces and why."""
    base = next((one for one in found if one.name == revision.base), None)
    reason = clean(revision.body.get("reason"))
    if revision.body.get("void") is True:
        return {"lần": str(number_of(revision)), "lý do hủy": reason}
    if base is None:
        return {"lần": str(number_of(revision))}
    if not reason:
        unsigned = f"bản lần {number_of(base)}, sửa khi đọc lại, chưa ai ký"
        return {"lần": str(number_of(revision)), "bản chưa ký": unsigned}
    number = clerk_s_number(events, base.name) or clean(base.body.get("number"))
    replaced = f"lần {number_of(base)} {day(base.body.get('date'))}" + (f", số {number}" if number else "")
    return {"lần": str(number_of(revision)), "thay biên bản": replaced, "lý do đính chính": reason}


def beside(revision: Revision) -> str:
    """Return what stands beside the code."""
    which = f"Biên bản lần {number_of(revision)}, {day(revision.body.get('date'))}."
    return f"Quét mã để kiểm chứng biên bản này.\n{which}\nMã kiểm chứng: {short_code_of(revision)}"


def foot(db: Database, revision: Revision | None) -> str:
    """Return what stands at the foot of every page, so that no page is put into another paper."""
    said = "Bản nháp – chưa chốt"
    if revision:
        said = f"Mã kiểm chứng {short_code_of(revision)} · lần {number_of(revision)}"
    return f"SỐ LIỆU GIẢ ĐỊNH · {said}" if any(plan["invented"] for plan in places.plans(db)) else said


def file_name(body: dict[str, Any], facts: Facts, number: int) -> str:
    """Return a name that says no more than the place's code and the day."""
    code_ = "".join(letter for letter in facts.values.get("mã cơ sở", "") if letter.isascii() and letter.isalnum())
    parts = ["bien-ban", code_.lower(), clean(body.get("date"))[:10], f"lan-{number}" if number else "ban-nhap"]
    return "-".join(part for part in parts if part and part.isascii()) + ".pdf"
