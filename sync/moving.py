"""How a server's TLS key moves on: each new key is signed by the one before, so that a pin can follow."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

MOST = 100  # moves that one chain may have; more is no honest server's
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the old public key (DER, base64), the fingerprint of the new one, since when, the old key's word."""

    old: str
    new: str
    since: str
    signature: str = ""

    def text(self) -> bytes:
        """Return the exact bytes that the old key signs."""
        return "\n".join(("doi178-key-1", self.old, self.new, self.since)).encode()

    def signed(self, key: Key) -> "Move":
        """Return the move with the signature of *key*, the old one: ECDSA over SHA-256."""
        return Move(self.old, self.new, self.since, b64encode(key.sign(self.text(), ec.ECDSA(SHA256()))).decode())

    @property
    def pin(self) -> str:
        """The fingerprint of the old key."""
        return sha256(b64decode(self.old, validate=True)).hexdigest()

    def as_dict(self) -> dict[str, str]:
        """Return the move as it is kept and as it goes over the line."""
        return {"old": self.old, "new": self.new, "since": self.since, "signature": self.signature}


def move(old: Key, new: str, since: str) -> Move:
    """Return the signed move from the key *old* to the one with the fingerprint *new*."""
    public = old.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Move(b64encode(public).decode(), new, since).signed(old)


def follow(pin: str, moves: Iterable[Any]) -> str:
    """Return the fingerprint that *pin* has become by *moves*, each proven by the key before it; *pin* if by none.

    What cannot be read, is not signed, or begins at another key is passed over.
    """
    steps: dict[str, str] = {}
    for raw in list(moves)[:MOST]:
        found = _proven(raw)
        if found:
            steps[found.pin] = found.new
    seen = {pin}
    while pin in steps and steps[pin] not in seen:
        pin = steps[pin]
        seen.add(pin)
    return pin


def _proven(raw: Any) -> Move | None:
    if not isinstance(raw, dict) or not all(isinstance(raw.get(key), str) for key in Move.__slots__):
        return None
    found = Move(*(raw[key] for key in ("old", "new", "since", "signature")))
    try:
        key = load_der_public_key(b64decode(found.old, validate=True))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return None
        key.verify(b64decode(found.signature, validate=True), found.text(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return None
    return found
