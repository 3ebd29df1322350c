"""Time at the server: the moment in UTC, and the local day in Vietnam that matters in law."""

from datetime import UTC, datetime

from schemas.days import VIETNAM, local_day

__all__ = ["VIETNAM", "local_day", "now"]


def now() -> datetime:
    """Return the present moment; called at the edges only, everything inside takes *at*."""
    return datetime.now(UTC).replace(microsecond=0)
