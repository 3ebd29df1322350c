"""How far the sync is that runs in this program, for whoever looks on; and the way to stop it. In memory only."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from field_client.device_line import Line

PACKED = 5  # a record goes over the line at about so much less than its length
ENOUGH = 8_000  # bytes: fewer tell how long an answer takes, and not what the line carries
_SAMPLES = 12


class Stage(StrEnum):
    """What a sync is at."""

    BEGIN = "begin"
    SEND = "send"
    GET = "get"
    FILES = "files"


@dataclass
class Progress:
    """A sync under way. What is counted as done has a receipt; *rate* is in bytes a second, 0 while it is not known."""

    line: Line
    records: int  # that waited when it began
    record_bytes: int  # about what they need on the line
    files: int
    file_bytes: int
    clock: Callable[[], float] = time.monotonic
    stage: Stage = Stage.BEGIN
    records_done: int = 0
    received: int = 0
    files_done: int = 0
    stopping: bool = False
    _partly: dict[str, int] = field(default_factory=dict)  # bytes that the server has, by file
    _begun: dict[str, int] = field(default_factory=dict)  # those of them that it had before
    _samples: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_SAMPLES))

    def __post_init__(self) -> None:
        """Begin to measure."""
        self._sample()

    def _sample(self) -> None:
        self._samples.append((self.clock(), self.carried))

    @property
    def carried(self) -> int:
        """The bytes that went over the line, both ways, as far as they were answered."""
        return self.line.bytes_up + self.line.bytes_down

    @property
    def rate(self) -> float:
        """The bytes a second of the last requests."""
        (began, before), (ended, after) = self._samples[0], self._samples[-1]
        return (after - before) / (ended - began) if ended > began and after - before >= ENOUGH else 0.0

    @property
    def file_bytes_done(self) -> int:
        """The bytes of files that the server has got in this sync."""
        return sum(self._partly.values()) - sum(self._begun.values())

    def settled(self, records: int) -> None:
        """Note that so many records have their receipts."""
        self.records_done += records
        self._sample()

    def took(self, changes: int) -> None:
        """Note that so many changes came down."""
        self.received += changes
        self._sample()

    def file_at(self, attachment: str, offset: int, before: int) -> None:
        """Note how far the server is with a file; *before*: how far it was when this sync began."""
        self._begun.setdefault(attachment, min(before, offset))
        self._partly[attachment] = offset
        self._sample()

    def file_done(self) -> None:
        """Note that the server has a file whole."""
        self.files_done += 1

    def left_bytes(self) -> float:
        """Return about how many bytes have still to go up."""
        share = max(0, self.records - self.records_done) / self.records if self.records else 0
        return share * self.record_bytes + max(0, self.file_bytes - self.file_bytes_done)

    def part(self) -> float | None:
        """Return the share of what has to go up that is done, None where nothing has."""
        whole = self.record_bytes + self.file_bytes
        return min(1.0, max(0.0, 1 - self.left_bytes() / whole)) if whole else None

    def seconds_left(self) -> float | None:
        """Return about how long it still takes to send, None while that cannot be said."""
        left, rate, since = self.left_bytes(), self.rate, self.clock() - self._samples[-1][0]
        return max(0.0, left / rate - since) if left and rate else None

    def stop(self) -> None:
        """Stop as soon as can be; what has its receipt stays so, the rest goes on waiting."""
        self.stopping = True
        cut = getattr(self.line, "cut", None)
        if cut:
            cut()


_running: dict[Path, Progress] = {}


def running(database: Path) -> Progress | None:
    """Return how far the sync of that database is, None where none runs in this program."""
    return _running.get(database.resolve())


@contextmanager
def watched(db: Database, database: Path, line: Line) -> Iterator[Progress]:
    """Let others see, for the block, how far the sync of *db* over *line* is."""
    going = Progress(line, *_work(db))
    _running[database.resolve()] = going
    try:
        yield going
    finally:
        _running.pop(database.resolve(), None)


def _work(db: Database) -> tuple[Any, ...]:
    """Return what has to go up: records and their bytes on the line, files and theirs."""
    records, size = db.conn.execute(
        "SELECT count(*), coalesce(sum(length(line)), 0) FROM own WHERE waiting = 1"
    ).fetchone()
    files, left = db.conn.execute(
        "SELECT count(*), coalesce(sum(size - sent_bytes), 0) FROM files WHERE state = 'waiting' AND here = 1"
    ).fetchone()
    return records, size // PACKED, files, left
