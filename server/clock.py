"""Time at the server: the moment in UTC, and the local day in Vietnam that matters in law."""

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def now() -> datetime:
    """Return the present moment; called at the edges only, everything inside takes *at*."""
    return datetime.now(UTC).replace(microsecond=0)


def local_day(at: datetime | str) -> date:
    """Return the day it is in Vietnam at the moment *at*."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(VIETNAM).date()
