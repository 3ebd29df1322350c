"""How papers write days, times, counts and names of units (Decree 30/2020): not as the screen does."""

from datetime import date
from typing import Any

from schemas.fields import is_day
from schemas.text import nfc

_TYPES = ("Xã ", "Phường ", "Thị trấn ", "Đặc khu ", "Huyện ", "Thị xã ", "Thành phố ", "Tỉnh ")


def day(value: Any) -> str:
    """Write a day: ngày 05 tháng 11 năm 2026; January and February have their nought too. Empty when it is none."""
    if not isinstance(value, str) or not is_day(value):
        return ""
    known = date.fromisoformat(value)
    month = f"{known.month:02d}" if known.month < 3 else str(known.month)
    return f"ngày {known.day:02d} tháng {month} năm {known.year}"


def clock(value: Any) -> str:
    """Write a time of day: 23 giờ 30 phút; empty when it is none."""
    hour, colon, minute = str(value or "").partition(":")
    return f"{hour} giờ {minute} phút" if colon and hour.isdigit() and minute.isdigit() else ""


def two(count: Any) -> str:
    """Write a count with its nought: 02; empty when it is none."""
    return f"{count:02d}" if isinstance(count, int) and not isinstance(count, bool) else ""


def in_a_sentence(name: str) -> str:
    """Write a unit's name as it stands within a sentence: xã Triệu Sơn."""
    return name[:1].lower() + name[1:]


def place_name(unit: str) -> str:
    """Return the place that a paper is dated at: the unit's name without its type, unless a number is all the rest."""
    for kind in _TYPES:
        if unit.startswith(kind) and not unit[len(kind) :].strip().isdigit():
            return unit[len(kind) :]
    return unit


def clean(value: Any) -> str:
    """Return text in one normal form, each space a plain one, without what no printer shows; anything else is empty."""
    if not isinstance(value, str):
        return ""
    lines = nfc(value).replace("\r\n", "\n").replace("\r", "\n")
    if lines.isprintable():
        return lines.strip()
    return "".join(map(_printed, lines)).strip()


def _printed(letter: str) -> str:
    if letter == "\n" or letter.isprintable():
        return letter
    return " " if letter.isspace() else ""  # a tab, and the fixed space that comes with text from Word


def known(values: dict[str, str]) -> dict[str, str]:
    """Leave out what has no value."""
    return {name: value for name, value in values.items() if value}
