"""The two halves of a sync: send what is waiting, fetch what has changed. Knows neither Flask nor SQL."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.chain import walk
from sync.errors import BadReply, ServerFault, Unreachable
from sync.flight import Flight
from sync.names import Answer, OwnPage, Question
from sync.pace import Pace
from sync.wire import BATCH_BYTES, BATCH_ITEMS, Batch, Page, Reply


class Outbox(Protocol):
    """Where a laptop keeps what it has not got a receipt for."""

    def waiting(self, limit: int, skip: int = 0) -> Sequence[bytes]:
        """Return the oldest lines without a receipt past the first *skip*, at most *limit*."""

    def settle(self, reply: Reply) -> None:
        """Store the receipts and their proof, in one transaction."""


class Uplink(Protocol):
    """A line that takes batches up. Where it has `waits`, and that is true, it is asked in a thread of its own."""

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send *lines* as one batch and return the answer."""


class Mirror(Protocol):
    """A laptop's copy of its part of the world."""

    def cursor(self) -> str:
        """Return how far the copy goes; empty at the beginning."""

    def take(self, page: Page) -> None:
        """Apply *page* and keep its cursor, in one transaction."""


class Downlink(Protocol):
    """A line that brings pages down; `waits` as of an Uplink."""

    def since(self, cursor: str) -> Page:
        """Return the next page after *cursor*."""


class Comparer(Protocol):
    """A line on which both ends compare a laptop's own items by name."""

    def compare(self, question: Question, key: Ed25519PublicKey) -> Answer:
        """Ask whether the server holds the same; BadReply when the server did not sign the answer."""

    def own(self, after: int) -> OwnPage:
        """Return the next of this laptop's own items after a sequence."""


def push(
    outbox: Outbox, uplink: Uplink, key: Ed25519PublicKey, *, limit: int = BATCH_ITEMS, pace: Pace | None = None
) -> Counter[str]:
    """Send what is waiting, oldest first, and count what became of it.

    A batch leaves the outbox only when every item in it has a receipt and the server's
    seal over it holds, so a dropped line costs a resend and never a record. While one
    batch is under way, the one before it is settled and the one after it is read and
    packed. When the server falls over a batch, half of it is sent, down to a single item;
    when the line drops one after it has carried others, a smaller one is tried.
    """
    pace = pace or Pace()
    tally: Counter[str] = Counter()
    answered: Reply | None = None  # and not settled yet
    batch = _next(outbox, limit, pace, 0)
    while batch:
        begun = monotonic()
        flight = Flight(partial(uplink.send, batch), uplink if answered or batch.more else None)
        if answered:
            tally += _settle(outbox, answered, key)
            answered = None
        following = _next(outbox, limit, pace, len(batch)) if batch.more else Batch()
        try:
            answered = flight.land()
        except ServerFault:
            if len(batch) == 1:
                raise
            limit = len(batch) // 2
        except Unreachable as error:
            if error.retry_after is not None or not pace.failed(batch.size):
                raise
        else:
            pace.went(batch.size, monotonic() - begun)
        if answered and not following:
            tally += _settle(outbox, answered, key)
            answered = None
        batch = following if answered else _next(outbox, limit, pace, 0)
    return tally


def _next(outbox: Outbox, limit: int, pace: Pace, skip: int) -> Batch:
    """Read and pack the next batch past the first *skip* lines, which are under way."""
    lines = outbox.waiting(limit, skip)
    batch = Batch(fitting(lines, min(pace.bytes, BATCH_BYTES)))
    batch.more = len(lines) == limit or len(batch) < len(lines)
    batch.pack()
    return batch


def _settle(outbox: Outbox, reply: Reply, key: Ed25519PublicKey) -> Counter[str]:
    check(reply, key)
    outbox.settle(reply)
    standings = Counter(receipt.present or receipt.standing for receipt in reply.receipts)
    return standings + Counter("unreadable" for _ in reply.unreadable)


def fitting(lines: Sequence[bytes], most: int) -> Sequence[bytes]:
    """Return the first of *lines* that make one batch of at most *most* bytes; a longer item is one of its own."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line) + 1
        if size > most and count:
            return lines[:count]
    return lines


def check(reply: Reply, key: Ed25519PublicKey) -> None:
    """Raise BadReply unless the server signed this reply and its chain is made of our own items."""
    seal = reply.seal
    if not seal.signed_by(key, reply.signature):
        raise BadReply("The reply is not signed by the server this laptop is enrolled with.")
    new = {receipt.seq: receipt for receipt in reply.receipts if seal.first <= receipt.seq <= seal.last}
    if walk(seal.before, new.values()) != seal.after:
        raise BadReply("The server's chain does not hold what was sent.")


def pull(mirror: Mirror, downlink: Downlink) -> int:
    """Fetch what has changed on the server, oldest first, and count it.

    The mirror keeps a page and the cursor after it in one transaction, so a pull cut
    short goes on from the last whole page. While one page is applied, the next is fetched.
    """
    taken = 0
    page = downlink.since(mirror.cursor())
    while True:
        flight = Flight(partial(downlink.since, page.cursor), downlink) if page.more else None
        mirror.take(page)
        taken += len(page.changes)
        if flight is None:
            return taken
        held = mirror.cursor()
        page = flight.land() if held == page.cursor else downlink.since(held)
