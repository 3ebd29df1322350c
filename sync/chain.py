"""The chain over arrivals, and the server's one signature a batch."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the server keeps an item: under which sequence, and how it stood when it came.

    It never changes. *present* is the standing now, where that differs (a repeat).
    """

    item: str
    seq: int
    standing: str
    detail: dict[str, Any] | None = None
    present: str | None = None


def detail_text(detail: dict[str, Any] | None) -> str:
    """Write a standing's detail as the chain hashes it: compact JSON with sorted keys, or nothing."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if detail else ""


def link(before: str, seq: int, item: str, standing: str, detail: str) -> str:
    """Return the chain's head after one more arrival."""
    return hashlib.sha256(f"{before} {seq} {item} {standing} {detail}".encode()).hexdigest()


def walk(before: str, receipts: Iterable[Receipt]) -> str:
    """Return the chain's head after *receipts*, in order."""
    for receipt in receipts:
        before = link(before, receipt.seq, receipt.item, receipt.standing, detail_text(receipt.detail))
    return before


@dataclass(frozen=True, slots=True)
class Seal:
    """What the server signs once a batch: which sequence range, between which heads of the chain."""

    lineage: str
    first: int
    last: int
    before: str
    after: str
    receipts: str  # SHA-256 of the receipts as they stand in the reply, repeats included

    def text(self) -> bytes:
        """Return the exact bytes that are signed."""
        parts = ("doi178-batch-1", self.lineage, self.first, self.last, self.before, self.after, self.receipts)
        return "\n".join(map(str, parts)).encode()

    def sign(self, key: Ed25519PrivateKey) -> str:
        """Return the signature in base64."""
        return b64encode(key.sign(self.text())).decode()

    def signed_by(self, key: Ed25519PublicKey, signature: str) -> bool:
        """Say whether *signature* is the server's over this seal."""
        try:
            key.verify(b64decode(signature, validate=True), self.text())
        except (InvalidSignature, ValueError):
            return False
        return True
