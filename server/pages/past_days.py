"""Days as people type them in forms about what has been: 15/3 is the last one; what cannot be read stays as typed."""

import re
from datetime import date

_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?")


def day(text: str, today: date) -> str:
    """Read 15/3, 15/3/26, 15/3/2026; YYYY-MM-DD comes out. Without a year it is the last such day."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return text.strip()
    of_month, month, year = found.groups()
    full = today.year if not year else int(year) + 2000 if len(year) == 2 else int(year)
    try:
        read = date(full, int(month), int(of_month))
        return (read if year or read <= today else read.replace(year=full - 1)).isoformat()
    except ValueError:
        return text.strip()


def shown(value: str) -> str:
    """Write an ISO day as it is typed, 15/03/2026; anything else as it stands."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value
