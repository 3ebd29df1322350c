"""Time on a laptop: its own clock, the best clock known, and the local day in Vietnam that matters in law."""

import sqlite3
from datetime import UTC, datetime

from schemas.days import VIETNAM, local_day

__all__ = ["VIETNAM", "best", "local_day", "now"]


def now() -> datetime:
    """Return the present moment by this machine; called at the edges only, everything inside takes *at*."""
    return datetime.now(UTC).replace(microsecond=0)


def best(conn: sqlite3.Connection, at: datetime) -> datetime:
    """Return the later of this machine's clock and the last time the server said: a flat battery sets a clock back."""
    row = conn.execute("SELECT value FROM meta WHERE key = 'server_time'").fetchone()
    return max(at, datetime.fromisoformat(row[0])) if row else at
