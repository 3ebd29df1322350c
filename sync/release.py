"""A release of the laptops' program: what the server says of it and signs. Nothing else is installed on a laptop."""

import re
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PIECE = 4 * 1024 * 1024  # bytes of a release that go at once, over the line and on a stick
MOST_BYTES = 1_000_000_000
INSIDE = "release.json"  # in the archive: what it says of itself
_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){1,3}")
_PLATFORM = re.compile(r"[a-z0-9]{1,20}-[a-z0-9_]{1,20}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Release:
    """One archive of the program: for which machines, its bytes, and which records it reads and writes.

    *schema* is the version of the schemas it writes, *reads_from* the oldest that it reads.
    """

    version: str
    platform: str
    sha256: str
    size: int
    schema: int
    reads_from: int

    @property
    def order(self) -> tuple[int, ...]:
        """What versions are compared by: 0.10.0 comes after 0.9.0."""
        return order(self.version)

    @property
    def pieces(self) -> int:
        """How many pieces carry it."""
        return -(-self.size // PIECE)

    def text(self) -> bytes:
        """Return the exact bytes that are signed."""
        parts = ("doi178-release-1", self.version, self.platform, self.sha256, self.size, self.schema, self.reads_from)
        return "\n".join(map(str, parts)).encode()

    def signed(self, key: Ed25519PrivateKey) -> dict[str, Any]:
        """Return the statement as it goes over the line, with its signature."""
        return {**asdict(self), "signature": b64encode(key.sign(self.text())).decode()}


def order(version: str) -> tuple[int, ...]:
    """Return what a version is compared by; nothing of one that cannot be read, which is before all others."""
    return tuple(map(int, version.split("."))) if _VERSION.fullmatch(version) else ()


def read(said: Any) -> Release | None:
    """Return the release that *said* describes, None when it is no such description."""
    if not isinstance(said, dict):
        return None
    texts = [(said.get("version"), _VERSION), (said.get("platform"), _PLATFORM), (said.get("sha256"), _HASH)]
    numbers = [said.get(key) for key in ("size", "schema", "reads_from")]
    if not all(isinstance(text, str) and form.fullmatch(text) for text, form in texts):
        return None
    if not all(type(number) is int and number > 0 for number in numbers) or said["size"] > MOST_BYTES:
        return None
    return Release(*(said[key] for key in Release.__slots__))


def proven(statement: Any, key: Ed25519PublicKey) -> Release | None:
    """Return the release in *statement* when the server signed it; else None."""
    found = read(statement)
    if found is None or not isinstance(statement.get("signature"), str):
        return None
    try:
        key.verify(b64decode(statement["signature"], validate=True), found.text())
    except (InvalidSignature, ValueError):
        return None
    return found
