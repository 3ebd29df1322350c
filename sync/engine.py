"""The two halves of a sync: send what is waiting, fetch what has changed. Knows neither Flask nor SQL."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.chain import walk
from sync.errors import BadReply, ServerFault
from sync.wire import BATCH_BYTES, BATCH_ITEMS, Page, Reply


class Outbox(Protocol):
    """Where a laptop keeps what it has not got a receipt for."""

    def waiting(self, limit: int) -> Sequence[bytes]:
        """Return the oldest lines without a receipt, at most *limit*."""

    def settle(self, reply: Reply) -> None:
        """Store the receipts and their proof, in one transaction."""


class Uplink(Protocol):
    """A line that takes batches up."""

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send *lines* as one batch and return the answer."""


class Mirror(Protocol):
    """A laptop's copy of its part of the world."""

    def cursor(self) -> str:
        """Return how far the copy goes; empty at the beginning."""

    def take(self, page: Page) -> None:
        """Apply *page* and keep its cursor, in one transaction."""


class Downlink(Protocol):
    """A line that brings pages down."""

    def since(self, cursor: str) -> Page:
        """Return the next page after *cursor*."""


def push(outbox: Outbox, uplink: Uplink, key: Ed25519PublicKey, *, limit: int = BATCH_ITEMS) -> Counter[str]:
    """Send what is waiting, oldest first, and count what became of it.

    A batch leaves the outbox only when every item in it has a receipt and the server's
    seal over it holds, so a dropped line costs a resend and never a record. When the
    server falls over a batch, half of it is sent, down to a single item.
    """
    tally: Counter[str] = Counter()
    while lines := fitting(outbox.waiting(limit)):
        try:
            reply = uplink.send(lines)
        except ServerFault:
            if len(lines) == 1:
                raise
            limit = len(lines) // 2
            continue
        check(reply, key)
        outbox.settle(reply)
        tally.update(receipt.present or receipt.standing for receipt in reply.receipts)
        tally.update("unreadable" for _ in reply.unreadable)
    return tally


def fitting(lines: Sequence[bytes]) -> Sequence[bytes]:
    """Return the first of *lines* that make one batch; a single long item is a batch of its own."""
    size = 0
    for count, line in enumerate(lines):
        size += len(line) + 1
        if size > BATCH_BYTES and count:
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
    short goes on from the last whole page.
    """
    taken = 0
    while True:
        page = downlink.since(mirror.cursor())
        mirror.take(page)
        taken += len(page.changes)
        if not page.more:
            return taken
