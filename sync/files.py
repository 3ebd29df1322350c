"""Photos and scans after their records: resumed at the byte, in pieces as long as the line bears."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.errors import BadReply, LineError, Refused, ServerFault, Unreachable

FIRST, LEAST, MOST = 65_536, 16_384, 4_194_304  # bytes of a piece; the first takes ten seconds at 50 kbit/s
FAST = 5.0  # seconds: a piece that goes through in less is followed by a longer one
STEADY = 8  # pieces that go through in a row before a length that was cut is tried again
TRIES = 5  # in a row that bring nothing further
ABOUT_THE_FILE = frozenset({"file-mismatch", "file-has-location", "file-too-large", "file-kind"})
STAYS = frozenset({"no-such-record", "no-such-upload"})  # waits for its record, or begins again


@dataclass(frozen=True)
class Parcel:
    """A file to send, and its upload where one was begun."""

    attachment: str
    sha256: str
    size: int
    type: str
    upload: str = ""


@dataclass(frozen=True)
class Where:
    """How far the server is with an upload; *seq*: how far its arrivals were when the file was whole."""

    upload: str
    offset: int
    seq: int = 0


class Shelf(Protocol):
    """Where a laptop keeps the files that it has not sent."""

    def waiting(self) -> Sequence[Parcel]:
        """Return the files whose records have a receipt, the oldest first."""

    def is_whole(self, parcel: Parcel) -> bool:
        """Say whether the file is here, as it was when its record was written."""

    def read(self, parcel: Parcel, offset: int, size: int) -> bytes:
        """Return a piece of a file."""

    def note(self, parcel: Parcel, where: Where) -> None:
        """Keep how far the server is, so that another sync goes on from there."""

    def sent(self, parcel: Parcel, where: Where) -> None:
        """Keep that the server has the file."""

    def refuse(self, parcel: Parcel, words: str) -> None:
        """Keep why a file will not be sent."""


class FileLine(Protocol):
    """A line that takes files up."""

    def begin(self, parcel: Parcel) -> Where:
        """Begin an upload; a file that the server has is whole at once."""

    def how_far(self, upload: str) -> Where | None:
        """Ask how far an upload is, None when it is no more."""

    def go_on(self, upload: str, offset: int, piece: bytes) -> Where:
        """Send *piece*, which begins at *offset*, and return how far the server is then."""


@dataclass
class Pace:
    """How long the next piece is: doubled while they go through fast, halved when one brought nothing."""

    size: int = FIRST
    ceiling: int = MOST
    steady: int = 0

    def went_through(self, seconds: float) -> None:
        """Note a piece that arrived whole."""
        self.steady += 1
        if self.steady >= STEADY:
            self.ceiling, self.steady = min(self.ceiling * 2, MOST), 0
        if seconds < FAST:
            self.size = min(self.size * 2, self.ceiling)

    def was_lost(self) -> None:
        """Note a piece of which nothing arrived."""
        self.size = self.ceiling = max(self.size // 2, LEAST)
        self.steady = 0


def _nothing() -> None:
    """Often nothing waits between two pieces."""


def send_files(shelf: Shelf, line: FileLine, between: Callable[[], None] = _nothing) -> int:
    """Send what waits, the oldest first, and count it; *between* two pieces records may go.

    A file that cannot go stands back and the others go on; why is raised at the end.
    Only what would stop them all is raised at once.
    """
    pace, count = Pace(), 0
    trouble: LineError | None = None
    for parcel in shelf.waiting():
        try:
            count += _send(parcel, shelf, line, pace, between)
        except (ServerFault, BadReply) as error:
            trouble = trouble or error
    if trouble:
        raise trouble
    return count


def _send(parcel: Parcel, shelf: Shelf, line: FileLine, pace: Pace, between: Callable[[], None]) -> int:
    """Send one file; return 1 when the server has it, 0 when it may not be sent or waits."""
    if not shelf.is_whole(parcel):
        shelf.refuse(parcel, "Tệp trên máy này bị mất hoặc hỏng; đính kèm lại tệp.")
        return 0
    try:
        where = _carry(parcel, shelf, line, pace, between)
    except Refused as error:
        if error.slug in STAYS:
            shelf.note(parcel, Where("", 0))
        elif error.slug == "file-mismatch":  # what is here is whole: it changed on its way
            shelf.note(parcel, Where("", 0))
            raise BadReply(str(error)) from None
        elif error.slug in ABOUT_THE_FILE:
            shelf.refuse(parcel, str(error))
        else:
            raise
        return 0
    shelf.sent(parcel, where)
    return 1


def _carry(parcel: Parcel, shelf: Shelf, line: FileLine, pace: Pace, between: Callable[[], None]) -> Where:
    where = (line.how_far(parcel.upload) if parcel.upload else None) or line.begin(parcel)
    shelf.note(parcel, where)
    idle = 0
    while where.offset < parcel.size:
        between()
        before = where
        where = _one_piece(parcel, shelf, line, pace, where)
        idle = 0 if where.offset > before.offset else idle + 1
        if idle >= TRIES:
            raise Unreachable("The line lets nothing of the file through.")
        shelf.note(parcel, where)
    return where


def _one_piece(parcel: Parcel, shelf: Shelf, line: FileLine, pace: Pace, where: Where) -> Where:
    """Send one piece; after a cut ask what of it has come, so that no byte goes twice."""
    piece = shelf.read(parcel, where.offset, pace.size)
    begun = time.monotonic()
    try:
        after = line.go_on(where.upload, where.offset, piece)
        pace.went_through(time.monotonic() - begun)
        return after
    except Unreachable as error:
        if error.retry_after is not None:
            raise
    except Refused as error:
        if error.slug != "wrong-offset":
            raise
    there = line.how_far(where.upload) or line.begin(parcel)
    if there.offset <= where.offset:
        pace.was_lost()
    return there
