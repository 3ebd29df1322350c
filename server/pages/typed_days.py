"""Days as people type them in forms that look ahead: 15/3 is this year's; what cannot be read stays as it was typed."""

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?")


def day(text: str, today: date) -> str:
    """Read 15/3, 15/3/26, 15/3/2026; YYYY-MM-DD comes out."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    of_month, month, year = found.groups()
    full = today.year if not year else int(year) + 2000 if len(year) == 2 else int(year)
    try:
        return date(full, int(month), int(of_month)).isoformat()
    except ValueError:
        return text.strip()


def month_day(text: str) -> str:
    """Read a day of every year, 20/6; MM-DD comes out."""
    found = _DAY.fullmatch(text.strip())
    return f"{int(found[2]):02d}-{int(found[1]):02d}" if found and not found[3] else text.strip()


def show_month_day(value: str | None) -> str:
    """Write a day of every year as it is typed: 20/6."""
    parts = (value or "").split("-")
    return f"{int(parts[1])}/{int(parts[0])}" if len(parts) == 2 and all(map(str.isdigit, parts)) else value or ""
