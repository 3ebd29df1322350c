"""Counting by the calendar: months from a day, the last day of a shorter month standing for a longer one's."""

from calendar import monthrange
from datetime import date

NEVER = date.max  # a day that has not come: what still runs


def add_months(day: date, months: int) -> date:
    """Return the same day *months* later: 31 August and 6 months is the last of February.

    NEVER stays, and a day beyond the calendar is its end.
    """
    if day == NEVER:
        return NEVER
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= NEVER.year:
        return NEVER if years > 0 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
