"""That the office has locked a laptop: a statement signed by the server's key. Nothing else locks one."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Revocation:
    """Which laptop was locked, on which day, by the server of which lineage."""

    device: str
    revoked_on: str
    lineage: str

    def text(self) -> bytes:
        """Return the exact bytes that are signed."""
        return "\n".join(("doi178-revoked-1", self.lineage, self.device, self.revoked_on)).encode()

    def signed(self, key: Ed25519PrivateKey) -> dict[str, str]:
        """Return the statement as it goes over the line, with its signature."""
        said = {"device": self.device, "revoked_on": self.revoked_on, "lineage": self.lineage}
        return {**said, "signature": b64encode(key.sign(self.text())).decode()}


def proven(statement: Any, key: Ed25519PublicKey, device: str) -> Revocation | None:
    """Return the revocation in *statement* when the server signed it and it speaks of *device*; else None."""
    keys = ("device", "revoked_on", "lineage", "signature")
    if not isinstance(statement, dict) or not all(isinstance(statement.get(part), str) for part in keys):
        return None
    found = Revocation(statement["device"], statement["revoked_on"], statement["lineage"])
    try:
        key.verify(b64decode(statement["signature"], validate=True), found.text())
    except (InvalidSignature, ValueError):
        return None
    return found if found.device == device else None
