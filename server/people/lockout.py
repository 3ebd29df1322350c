"""Locks that grow with each failed sign-in: for one account, and for one address. Counted in the database.

An account that is not there is counted like one that is, so that nothing is told of which names there are.
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.fields import instant_text
from schemas.text import fold

_FORGOTTEN = timedelta(hours=24)  # without a failure


@dataclass(frozen=True)
class Patience:
    """How many failures are free, and how long the wait may become, in minutes; it doubles with each failure."""

    free: int
    longest: int

    def wait(self, count: int) -> timedelta:
        """Return the wait after so many failures."""
        over = count - self.free
        return timedelta(minutes=min(2 ** min(over, 16), self.longest)) if over >= 0 else timedelta()


OF_ACCOUNT, OF_ADDRESS = Patience(free=5, longest=60), Patience(free=30, longest=30)


def account(name: str) -> str:
    """Return the name under which failures of an account are counted."""
    return f"account {fold(name)[:80]}"


def address(caller: str) -> str:
    """Return the name under which failures from an address are counted."""
    return f"address {caller[:60]}"


def waits(conn: sqlite3.Connection, doors: tuple[str, ...], at: datetime) -> timedelta:
    """Return how long all of *doors* stay shut; nothing when they are open."""
    until = [row[0] for door in doors for row in conn.execute("SELECT until FROM failures WHERE door = ?", (door,))]
    return max((_time(one) - at for one in until if one), default=timedelta())


def failed(conn: sqlite3.Connection, door: str, patience: Patience, at: datetime) -> timedelta:
    """Count a failure at *door* within the transaction of *conn* and return the wait that follows."""
    conn.execute("DELETE FROM failures WHERE last_at < ?", (instant_text(at - _FORGOTTEN),))
    row = conn.execute(
        "INSERT INTO failures (door, count, last_at) VALUES (?, 1, ?)"
        " ON CONFLICT (door) DO UPDATE SET count = count + 1, last_at = excluded.last_at RETURNING count",
        (door, instant_text(at)),
    ).fetchone()
    wait = patience.wait(row[0])
    if wait:
        conn.execute("UPDATE failures SET until = ? WHERE door = ?", (instant_text(at + wait), door))
    return wait


def take_back(conn: sqlite3.Connection, door: str) -> None:
    """Take a failure back that was none after all."""
    conn.execute("UPDATE failures SET count = count - 1, until = NULL WHERE door = ?", (door,))


def forget(conn: sqlite3.Connection, door: str) -> bool:
    """Open *door* again, within the transaction of *conn*, and say whether it had been counted at."""
    return conn.execute("DELETE FROM failures WHERE door = ?", (door,)).rowcount > 0


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
