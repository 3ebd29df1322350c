"""What a person types for a day: 15/3, 15/3/2026, 15.3.26, or as records have it."""

import re
from datetime import date, timedelta

_DAY = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?")


def day(text: str, today: date, *, ahead: int = 1) -> str:
    """Return the day as YYYY-MM-DD, and what cannot be read as it was typed.

    Without a year it is the one that lies at most *ahead* days after today.
    """
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    day_, month, year = found.groups()
    try:
        return _day(int(day_), int(month), year, today + timedelta(days=ahead)).isoformat()
    except ValueError:
        return text.strip()


def _day(day: int, month: int, year: str | None, last: date) -> date:
    if year:
        return date(int(year) + 2000 if len(year) == 2 else int(year), month, day)
    this = date(last.year, month, day)
    return this if this <= last else this.replace(year=last.year - 1)
