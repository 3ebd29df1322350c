"""Turns at heavy work: over all processes on one data folder only so many requests are let in at a time.

Who finds no room is sent away at once, to come back in a few seconds: better than to be kept
until its line drops, or to fill the memory. A place in the room is a locked file in the data
folder, which the system gives back when a process dies; so the limit holds for any number of
workers. Of those in the room a process works on few, one after the other.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from server.store import Busy
from sync.locks import Taken, alone

ROOM = 60  # requests for one kind of work; of both, fewer than a process has threads: some are left to send others away
LOOKS = 12  # places that are tried, at random: the fuller the room, the more are sent away
AT_ONCE = 2  # that a process works on: one waits for the disk, one does not
PATIENCE = 8.0  # seconds that a request waits in the room
LONGEST = 3  # seconds that are added at most to when it may come back


@dataclass
class Turns:
    """The turns at one kind of work on a data folder, as one process sees them."""

    folder: Path
    work: str
    room: int = ROOM
    at_once: int = AT_ONCE
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        """Nobody works yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._working = threading.Semaphore(self.at_once)
        self._took = 0.0  # seconds, of the turns of late

    @contextmanager
    def one(self) -> Iterator[None]:
        """Have a turn for the block, or raise Busy. Nothing may be held meanwhile that another turn needs."""
        with ExitStack() as place:
            if not self._come_in(place) or not self._working.acquire(timeout=self.patience):
                raise Busy(self._later())
            begun = time.monotonic()
            try:
                yield
            finally:
                self._working.release()
                self._took += (time.monotonic() - begun - self._took) / 8

    def _come_in(self, place: ExitStack) -> bool:
        for n in random.sample(range(self.room), min(LOOKS, self.room)):
            with suppress(Taken):
                place.enter_context(alone(self.folder / f"{self.work}-{n}"))
                return True
        return False

    def _later(self) -> int:
        """Return the seconds until it is worth a try again: about until the room has emptied, and spread."""
        return random.randint(1, 2 + min(LONGEST, int(self.room * self._took / self.at_once)))
