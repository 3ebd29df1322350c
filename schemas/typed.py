"""What a person types for days, times and numbers, and how those are shown again.

What can be read is turned into the form that records have; what cannot is kept as it was
typed, so that nothing a person wrote is lost, and the schema says what is wrong with it.
"""

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?")
_DIGITS = re.compile(r"(\d\d)(\d\d)(\d{4}|\d\d)?")
_CLOCK = re.compile(r"(\d{1,2})\s*(?:[:.hg]|giờ|\s)\s*(?:(\d{1,2})\s*(?:phút|p)?)?")
_BARE_CLOCK = re.compile(r"(\d{1,2}?)(\d\d)?")
_COUNT = re.compile(r"\d+|\d{1,3}([. ]\d{3})+")


def day(text: str, today: date) -> str:
    """Read a day: 15/3 (the last one), 15/3/26, 15-3-2026, 1503, 15032026, hôm nay, hôm qua; YYYY-MM-DD comes out."""
    given = text.strip().lower()
    if given in {"hôm nay", "hom nay"}:
        return today.isoformat()
    if given in {"hôm qua", "hom qua"}:
        return (today - timedelta(days=1)).isoformat()
    found = _DAY.fullmatch(given) or _DIGITS.fullmatch(given)
    if not found:
        return text.strip()
    day_, month, year = found.groups()
    try:
        return _day(int(day_), int(month), year, today).isoformat()
    except ValueError:
        return text.strip()


def _day(day: int, month: int, year: str | None, today: date) -> date:
    """Return the day; without a year it is this year's, or last year's where this year's has not come yet."""
    if year:
        return date(int(year) + 2000 if len(year) == 2 else int(year), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today + timedelta(days=1) else this_year.replace(year=today.year - 1)


def clock(text: str) -> str:
    """Read a time of day: 2330, 23:30, 23h30, 23 giờ 30 phút, 9h, 930; HH:MM comes out."""
    given = text.strip().lower()
    found = _CLOCK.fullmatch(given) or _BARE_CLOCK.fullmatch(given)
    if not found:
        return text.strip()
    hour, minute = int(found[1]), int(found[2] or 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else text.strip()


def count(text: str) -> int | str | None:
    """Read a number of things: 12, 1.200; None for nothing typed, the text itself when it is no number."""
    given = text.strip()
    if not given:
        return None
    return int(re.sub(r"\D", "", given)) if _COUNT.fullmatch(given) and len(given) < 12 else given


def show_day(value: str) -> str:
    """Show a day as it is written by hand, 05/11/2026; anything else as it was typed."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if len(value) == 10 else value
    except ValueError:
        return value
