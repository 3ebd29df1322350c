"""Codes of six digits that change every 30 seconds (RFC 6238), computed from a secret that a phone holds too."""

import hmac
import os
from base64 import b32encode
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps by which a phone's clock may be off


def new_secret() -> bytes:
    """Return a new random secret of 160 bits, as RFC 4226 asks."""
    return os.urandom(20)


def step_at(at: datetime) -> int:
    """Return the number of the step in which *at* lies."""
    return int(at.timestamp()) // STEP


def code(secret: bytes, step: int, *, digits: int = DIGITS, digest: str = "sha1") -> str:
    """Return the code of a step: RFC 4226's truncation of the HMAC of its number."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), digest).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, given: str, at: datetime, *, after: int = 0) -> int | None:
    """Return the step whose code was given, at most DRIFT away and later than *after*; None where there is none.

    Every step is compared, so that the time it takes tells nothing.
    """
    return max((step for step in _near(step_at(at)) if _same(code(secret, step), given) and step > after), default=None)


def _near(step: int) -> Iterator[int]:
    yield from range(max(step - DRIFT, 0), step + DRIFT + 1)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def in_text(secret: bytes) -> str:
    """Return the secret as a person types it into the phone, in groups of four."""
    plain = b32encode(secret).decode().rstrip("=")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def link(secret: bytes, name: str) -> str:
    """Return what the square at set-up says to the phone."""
    plain = b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{quote('Đội 178')}:{quote(name)}?secret={plain}&issuer={quote('Đội 178')}"
