"""Time on a laptop: its own clock, the best time known, and the local day in Vietnam that matters in law.

A laptop's clock may say anything: a flat battery says 2010, a slip of the finger 2062. Nothing
of sync asks it. Where a day is put in a form, or a lease is counted, it is the best time known.
"""

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.days import VIETNAM, local_day

__all__ = ["VIETNAM", "Reading", "best", "local_day", "now", "read"]

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
FARTHEST = timedelta(days=1100)  # no laptop is away from its office for three years: its clock is wrong


def now() -> datetime:
    """Return the present moment by this machine; called at the edges only, everything inside takes *at*.

    DOI178_SHIFT_CLOCK puts it off by so many seconds, to try out a laptop whose clock is wrong.
    """
    shift = timedelta(seconds=int(os.environ.get("DOI178_SHIFT_CLOCK") or 0))
    return (datetime.now(UTC) + shift).replace(microsecond=0)


@dataclass(frozen=True)
class Reading:
    """What this machine's clock says, and what is known to be better.

    *heard* is the last time that the server said, None before the first. *lost* where the
    clock is so far ahead that nobody can say which day it is.
    """

    at: datetime
    best: datetime
    heard: datetime | None = None
    lost: bool = False

    @property
    def off_s(self) -> int:
        """By how many seconds the clock is ahead of the best time known; below zero when it is behind."""
        return round((self.at - self.best).total_seconds())

    @property
    def doubtful(self) -> bool:
        """Whether the clock is off by more than a day, so that a day it gave must be looked at again."""
        return abs(self.at - self.best) > A_DAY


def read(conn: sqlite3.Connection, at: datetime) -> Reading:
    """Read the clock at *at*: set right by what the last contact said of it, and never before that contact.

    Where that cannot be (the clock was set since), the clock itself is taken as it stands; and
    where that cannot be either, the last time that the server said.
    """
    said = dict(conn.execute("SELECT key, value FROM meta WHERE key IN ('server_time', 'clock_offset_s')").fetchall())
    if "server_time" not in said:
        return Reading(at, at)
    heard = datetime.fromisoformat(said["server_time"])
    known = (_back(at, int(said.get("clock_offset_s", 0))), at)
    likely = next((one for one in known if heard - AN_HOUR <= one <= heard + FARTHEST), None)
    return Reading(at, max(likely or heard, heard), heard, lost=likely is None and at > heard)


def _back(at: datetime, seconds: int) -> datetime:
    try:
        return at - timedelta(seconds=seconds)
    except OverflowError:
        return at


def best(conn: sqlite3.Connection, at: datetime) -> datetime:
    """Return the best time known when this machine's clock says *at*."""
    return read(conn, at).best
