"""Reading one cell: each reader returns the one way its value is written, or says what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from schemas.register import Kind
from schemas.text import fold, nfc

Reader = Callable[[str, date], str]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_EARLIEST = date(1900, 1, 1)

KINDS = {
    **{kind.value: kind.value for kind in Kind},
    "dance hall": "dance_hall", "vu truong": "dance_hall",
    "xoa bop": "massage", "xoa bop (massage)": "massage", "tam quat": "massage",
    "luu tru": "lodging", "khach san": "lodging", "nha nghi": "lodging", "nha tro": "lodging",
    "khac": "other",
}  # fmt: skip
EPOCHS = {"old": "old", "cu": "old", "new": "new", "moi": "new"}
FORMS = {
    "enterprise": "enterprise", "doanh nghiep": "enterprise", "cong ty": "enterprise",
    "household": "household", "ho kinh doanh": "household", "ho": "household",
    "individual": "individual", "ca nhan": "individual", "ca nhan kinh doanh": "individual",
}  # fmt: skip
BASES = {
    "planned": "planned", "theo ke hoach": "planned", "ke hoach": "planned",
    "unscheduled": "unscheduled", "dot xuat": "unscheduled",
    "recheck": "recheck", "kiem tra lai": "recheck", "kiem tra lai viec khac phuc": "recheck",
}  # fmt: skip
OUTCOMES = {
    "no_violation": "no_violation", "khong vi pham": "no_violation", "khong co vi pham": "no_violation",
    "violations": "violations", "vi pham": "violations", "co vi pham": "violations",
    "closed_tonight": "closed_tonight", "dong cua": "closed_tonight",
    "stopped": "stopped", "da ngung hoat dong": "stopped",
    "not_found": "not_found", "khong tim thay": "not_found",
    "refused": "refused", "khong cho vao": "refused",
}  # fmt: skip
TRIGGERS = {
    "complaint": "complaint", "don thu": "complaint", "to cao": "complaint",
    "request": "request", "yeu cau": "request",
    "signs": "signs", "dau hieu vi pham": "signs",
}  # fmt: skip
LEVELS = {
    "province": "province", "tinh": "province",
    "district": "district", "huyen": "district",
    "commune": "commune", "xa": "commune",
}  # fmt: skip
SANCTIONS = {
    "warning": "warning", "canh cao": "warning",
    "fine": "fine", "phat tien": "fine", "phat": "fine",
    "none": "none", "khong phat": "none", "khong xu phat": "none",
}  # fmt: skip
PARTS = {
    "main": "main", "chinh": "main", "hinh thuc chinh": "main",
    "additional": "additional", "bo sung": "additional", "hinh thuc bo sung": "additional",
    "remedies": "remedies", "khac phuc": "remedies", "khac phuc hau qua": "remedies",
    "bien phap khac phuc hau qua": "remedies",
}  # fmt: skip
_NOT_DONE = frozenset({"no", "chua", "chua chap hanh", "chua thi hanh", "khong"})
TRUTHS = {"1": "1", "co": "1", "true": "1", "x": "1", "0": "0", "khong": "0", "false": "0"}


class BadCell(ValueError):
    """What is wrong with a cell, in a sentence that says what to write instead."""


def text(limit: int) -> Reader:
    """Read text of at most *limit* characters."""

    def read(cell: str, today: date) -> str:
        value = nfc(" ".join(cell.split()))
        if _UNSTORABLE.search(value):
            raise BadCell("Có ký tự không lưu được; xóa ký tự lạ rồi nhập lại.")
        if len(value) > limit:
            raise BadCell(f"Dài quá {limit} ký tự; rút ngắn lại.")
        return value

    return read


def code(limit: int) -> Reader:
    """Read a code: what Excel made a number of is written whole again, 15664.0 as 15664."""
    plain = text(limit)

    def read(cell: str, today: date) -> str:
        value = plain(cell, today)
        whole = _WHOLE_FLOAT.fullmatch(value)
        return whole[1] if whole else value

    return read


def day(ahead: timedelta) -> Reader:
    """Read a date, 2026-11-05 or 05/11/2026, at most *ahead* of today."""

    def read(cell: str, today: date) -> str:
        value = _date(cell.strip())
        if value is None:
            raise BadCell("Ngày không đúng; ghi theo dạng 05/11/2026 hoặc 2026-11-05.")
        if value > today + ahead:
            raise BadCell(f"Ngày {value:%d/%m/%Y} ở sau hôm nay quá xa; xem lại năm.")
        if value < _EARLIEST:
            raise BadCell(f"Ngày {value:%d/%m/%Y} sớm quá; xem lại năm.")
        return value.isoformat()

    return read


def _date(cell: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(cell):
        year, month, day_of_month = found.groups()
    elif found := _DAY_FIRST.fullmatch(cell):
        day_of_month, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError:
        return None


def choice(words: Mapping[str, str]) -> Reader:
    """Read one of *words*, in English as commands have them or in Vietnamese."""

    def read(cell: str, today: date) -> str:
        try:
            return words[fold(cell)]
        except KeyError:
            raise BadCell(_no_choice(cell, words)) from None

    return read


def _no_choice(cell: str, words: Mapping[str, str]) -> str:
    return f"Không có lựa chọn “{cell.strip()}”; ghi một trong: {', '.join(dict.fromkeys(words.values()))}."


def kinds(cell: str, today: date) -> str:
    """Read one or more kinds, a space between; Vietnamese names of several words with a comma between."""
    found: set[str] = set()
    for part in re.split(r"[;,|+]", fold(cell)):
        for word in [part.strip()] if part.strip() in KINDS else part.split():
            if word not in KINDS:
                raise BadCell(
                    f"Không có loại hình “{word}”; ghi một hay nhiều trong: {', '.join(kind.value for kind in Kind)}."
                )
            found.add(KINDS[word])
    return " ".join(sorted(found))


def degrees(limit: int) -> Reader:
    """Read a latitude or longitude, at most *limit* either way; a decimal comma is a point."""

    def read(cell: str, today: date) -> str:
        try:
            value = float(cell.strip().replace(",", "."))
        except ValueError:
            raise BadCell("Tọa độ không đúng; ghi theo độ, ví dụ 19.8177.") from None
        if not -limit <= value <= limit:
            raise BadCell(f"Tọa độ ngoài khoảng ±{limit}; xem lại.")
        return repr(value)

    return read


def done(cell: str, today: date) -> str:
    """Read when a part of a decision was carried out: a day, or `no` where it is known that it was not."""
    if fold(cell) in _NOT_DONE:
        return "no"
    return day(timedelta(days=3 * 366))(cell, today)


def words(known: Mapping[str, str]) -> Reader:
    """Read several of *known*, with spaces, commas or semicolons between, in their own order."""

    def read(cell: str, today: date) -> str:
        parts = [part.strip() for part in re.split(r"[;,|+]", fold(cell)) if part.strip()]
        found = [word for part in parts for word in ([part] if part in known else part.split())]
        unknown = next((word for word in found if word not in known), None)
        if unknown is not None:
            raise BadCell(_no_choice(unknown, known))
        return " ".join(word for word in dict.fromkeys(known.values()) if word in {known[one] for one in found})

    return read


def dong(cell: str, today: date) -> str:
    """Read an amount in đồng: 12.500.000, 12 500 000 đ or 12500000."""
    value = re.sub(r"(?i)\s*(vnd|vnđ|đồng|đ)\.?$", "", cell.strip())
    value = _WHOLE_FLOAT.sub(r"\1", value) if "." in value and value.count(".") == 1 and value.endswith(".0") else value
    digits = re.sub(r"[ .,\u00a0]", "", value)
    if not digits.isdecimal() or len(digits) > 13:
        raise BadCell("Số tiền không đúng; ghi theo đồng, ví dụ 12.500.000.")
    return str(int(digits))
