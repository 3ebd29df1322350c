"""The history of sending and fetching: one row a sync, kept for more than a year."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from field_client.outcome import BOTH, Half, Outcome
from field_client.store import get_meta
from schemas.fields import instant_text


class Way(StrEnum):
    """How data went."""

    BOTH = "both"
    SEND = "send"
    GET = "get"
    STICK = "stick"

    @classmethod
    def of(cls, halves: frozenset[Half]) -> "Way":
        """Return the way of a sync that does *halves*."""
        return cls.BOTH if halves == BOTH else cls(str(next(iter(halves))))


@dataclass(frozen=True)
class Sync:
    """One row of the history; *at* is when it ended, by this machine's clock."""

    at: str
    way: str
    began: str
    sent: int
    files: int
    received: int
    waiting: int
    files_waiting: int
    bytes_up: int
    bytes_down: int
    trouble: str
    words: str

    @property
    def seconds(self) -> int:
        """How long it took."""
        took = datetime.fromisoformat(self.at) - datetime.fromisoformat(self.began or self.at)
        return max(0, round(took.total_seconds()))


_COLUMNS = "at, way, began, sent, files, received, waiting, files_waiting, bytes_up, bytes_down, trouble, words"


@cache
def keep_days() -> int:
    """Return for how many days the history is kept (schemas/data/history.json)."""
    return int(json.loads(files("schemas.data").joinpath("history.json").read_text(encoding="utf-8"))["keep_days"])


def note(conn: sqlite3.Connection, outcome: Outcome, way: Way, began: datetime, at: datetime) -> None:
    """Add a row, and drop those that are too old by the server's clock: nobody can set that one."""
    heard = get_meta(conn, "server_time")
    conn.execute(
        f"INSERT INTO syncs ({_COLUMNS}, heard) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            instant_text(at), way.value, instant_text(began), outcome.sent, outcome.files_sent, outcome.received,
            outcome.waiting, outcome.files_waiting, outcome.bytes_up, outcome.bytes_down, outcome.trouble.value,
            outcome.words or outcome.notice, heard,
        ),
    )  # fmt: skip
    if heard:
        limit = instant_text(datetime.fromisoformat(heard) - timedelta(days=keep_days()))
        conn.execute("DELETE FROM syncs WHERE heard < ? AND heard <> ''", (limit,))


def latest(conn: sqlite3.Connection, *, limit: int = -1, offset: int = 0) -> Iterator[Sync]:
    """Yield the syncs, the latest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM syncs ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset))
    return (Sync(*row) for row in rows)


def count(conn: sqlite3.Connection) -> int:
    """Count the syncs that are kept."""
    return int(conn.execute("SELECT count(*) FROM syncs").fetchone()[0])
