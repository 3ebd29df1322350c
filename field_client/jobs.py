"""Sending by itself: every few minutes, sooner after something was saved, seldom while nobody answers."""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress

from sqlite_utils import Database

from field_client import clock, open_findings, progress
from field_client.daily import daily
from field_client.settings import Settings
from field_client.store import connect
from field_client.store.own import NotEnrolled
from field_client.syncing import BOTH, Half, Outcome, Trouble, sync_now
from field_client.syncing import connect as connect_line
from field_client.updating import offers
from sync.errors import LineError

log = logging.getLogger(__name__)
EVERY = 180.0  # seconds between two syncs that go through
AT_MOST = 3600.0  # seconds, however often nobody answered
SOON = 2.0  # seconds after something was saved
PAUSE = 1800.0  # seconds after a person stopped a sync; asked for by hand it begins at once


def delay(trouble: Trouble, failures: int, retry_after: float | None, chance: float) -> float:
    """Return the seconds to the next try.

    After a sync that went through, a few minutes. After one that did not, doubled with each that
    failed in a row, to an hour. Where the server only said that it is busy, as long as it asked
    for, doubled likewise, to a few minutes. *chance* (0 to 1) spreads it, so that laptops do not
    come together when a line is restored; never before the server asked for.
    """
    if trouble is Trouble.STOPPED:
        return PAUSE
    if trouble is Trouble.LATER and retry_after:
        again = retry_after * 2 ** min(max(failures - 1, 0), 10)
        return max(retry_after, min(again, EVERY)) * (1 + chance / 2)
    wait = min(EVERY * 2 ** min(failures, 10), AT_MOST) if trouble is not Trouble.NONE else EVERY
    return wait * (0.8 + 0.4 * chance)


class Asked:
    """A sync that a person asked for: which halves, and what came of it, once it is over."""

    def __init__(self, halves: frozenset[Half]) -> None:
        self.halves = halves
        self.outcome: Outcome | None = None
        self._over = threading.Event()

    def end(self, outcome: Outcome | None) -> None:
        """Say what came of it; None when it fell over."""
        self.outcome = outcome
        self._over.set()

    def wait(self, seconds: float) -> Outcome | None:
        """Return what came of it, None when it is not over in so many seconds."""
        self._over.wait(seconds)
        return self.outcome


class Courier:
    """Sends and fetches in the background while the program runs.

    It waits by a clock that nobody can set: one by the time of day would sleep for 36 years
    once a machine's clock, set to 2062, is put right.
    """

    def __init__(self, settings: Settings, sync: Callable[..., Outcome] = sync_now, *, key: bytes = b"") -> None:
        """Prepare for the data of *settings*, which *key* opens; nothing runs before `start`."""
        self.settings = settings
        self.key = key
        self.sync = sync
        self.failures = 0
        self.asked = False
        self.last: tuple[int, frozenset[Half], Outcome] | None = None  # which one it was, and what came of it
        self._by_hand: list[Asked] = []
        self._paused_until = 0.0  # by time.monotonic, as is _due
        self._due: float | None = None
        self._running = False
        self._turn = threading.Condition()

    def start(self, first: float = 5.0) -> None:
        """Begin; the first try comes after *first* seconds."""
        self._running = True
        self._in(first)
        threading.Thread(target=self._keep_on, name="courier", daemon=True).start()

    def soon(self) -> None:
        """Try in a moment, because something was saved; during a try, once more after it."""
        self.asked = True
        self._in(max(SOON, self._paused_until - time.monotonic()))

    def now(self, halves: frozenset[Half]) -> Asked:
        """Sync at once, after the one that is going on, because a person asked for it; a pause is over by it."""
        asked = Asked(halves)
        with self._turn:
            self._by_hand.append(asked)
        self._paused_until = 0.0
        self._in(0)
        return asked

    def pause(self) -> None:
        """Stop the sync that is going on, if any, and begin none by itself for a while."""
        self._paused_until = time.monotonic() + PAUSE
        going = progress.running(self.settings.database)
        if going:
            going.stop()
        else:
            self._in(PAUSE)

    @property
    def paused(self) -> bool:
        """Whether a person has stopped sending for a while."""
        return self._paused_until > time.monotonic()

    def stop(self) -> None:
        """Plan no more tries; one that is going on may be cut short, which loses nothing."""
        with self._turn:
            self._running, self._due = False, None
            self._turn.notify_all()

    def _in(self, seconds: float) -> None:
        with self._turn:
            self._due = time.monotonic() + seconds
            self._turn.notify_all()

    def _keep_on(self) -> None:
        while self._wait():
            self.go()

    def _wait(self) -> bool:
        """Wait for the next try; False when there is none."""
        with self._turn:
            while self._running:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0:
                    self._due = None
                    return True
                self._turn.wait(left)
            return False

    def go(self) -> None:
        """Sync once and say when the next time is; no failure of one try ends the tries."""
        wait, self.asked, outcome = EVERY, False, None
        asked = self._next_by_hand()
        try:
            outcome = self._once(asked.halves if asked else BOTH)
            self.failures = 0 if outcome.trouble is Trouble.NONE else self.failures + 1
            wait = delay(outcome.trouble, self.failures, outcome.retry_after, random.random())
        except NotEnrolled:
            log.info("This laptop is not enrolled yet.")
        except Exception:
            log.exception("A sync fell over; the next one is in %.0f s.", wait)
        if asked:
            asked.end(outcome)
        self._plan(SOON if self.asked and not self.failures else wait)

    def _next_by_hand(self) -> Asked | None:
        with self._turn:
            return self._by_hand.pop(0) if self._by_hand else None

    def _plan(self, seconds: float) -> None:
        """Plan the next try; at once where a person waits for one."""
        self._in(0 if self._by_hand else max(seconds, self._paused_until - time.monotonic()))

    def _once(self, halves: frozenset[Half]) -> Outcome:
        with closing(connect(self.settings.database, self.key)) as db:
            try:
                outcome = self.sync(db, halves=halves)
                self.last = (self.last[0] + 1 if self.last else 1, halves, outcome)
                if outcome.trouble is Trouble.NONE:
                    self._ask_for_a_newer_program(db)
            finally:
                daily(db, self.settings, self.key, clock.now())
                open_findings.work_out(db)
        level = logging.INFO if outcome.trouble in {Trouble.NONE, Trouble.OFFLINE, Trouble.BUSY} else logging.WARNING
        log.log(level, "Sent %d, received %d, %d waiting. %s", outcome.sent, outcome.received, outcome.waiting,
                outcome.words)  # fmt: skip
        return outcome

    def _ask_for_a_newer_program(self, db: Database) -> None:
        """Ask seldom, after a sync that went through; what goes wrong in it is no trouble of the sync."""
        with suppress(LineError, NotEnrolled):
            if offers.is_due(db.conn, clock.now()):
                offers.ask(db, connect_line(db), clock.now())

    def next_try(self) -> float | None:
        """Return in how many seconds the next try is, None when none is planned."""
        with self._turn:
            return None if self._due is None else self._due - time.monotonic()
