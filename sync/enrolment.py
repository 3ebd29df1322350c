"""The code that enrols a laptop: a short secret, the server's address and the fingerprint of its key."""

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MARK = "D178-"


class BadCode(ValueError):
    """The text is no enrolment code."""


@dataclass(frozen=True)
class EnrolmentCode:
    """What the office hands over, on paper or as a QR."""

    secret: str
    address: str
    fingerprint: str

    def text(self) -> str:
        """Write the code as it is typed, pasted or scanned; it ends in a checksum against slips of the pen."""
        raw = json.dumps([self.secret, self.address, self.fingerprint], separators=(",", ":")).encode()
        return MARK + urlsafe_b64encode(raw + _checksum(raw)).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "EnrolmentCode":
        """Read a code back, spaces and line breaks forgiven, or raise BadCode."""
        joined = "".join(text.split())
        try:
            if not joined.startswith(MARK):
                raise BadCode
            body = joined.removeprefix(MARK)
            both = urlsafe_b64decode(body + "=" * (-len(body) % 4))
            raw, checksum = both[:-4], both[-4:]
            if _checksum(raw) != checksum:
                raise BadCode
            secret, address, fingerprint = json.loads(raw)
            return cls(str(secret), str(address), str(fingerprint))
        except ValueError:
            raise BadCode("Mã đăng ký không đúng; chép lại đủ mã từ máy chủ, bắt đầu bằng D178-.") from None


def proof(key: Ed25519PrivateKey, secret: str) -> str:
    """Return what shows that who redeems *secret* holds *key*: its signature, in base64."""
    return b64encode(key.sign(_statement(secret))).decode()


def proven(public_key: str, secret: str, shown: str) -> bool:
    """Say whether *shown* is the signature over *secret* by *public_key* (raw Ed25519, in base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public_key, validate=True))
        key.verify(b64decode(shown, validate=True), _statement(secret))
    except (InvalidSignature, ValueError):
        return False
    return True


def _statement(secret: str) -> bytes:
    return f"doi178-enrol-1\n{secret}".encode()


def _checksum(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()[:4]
