"""The local day in Vietnam, which is the one that matters in law."""

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def local_day(at: datetime | str) -> date:
    """Return the day it is in Vietnam at the moment *at*."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(VIETNAM).date()
