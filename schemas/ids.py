"""Identifiers: UUIDv7 text, made where the thing is made."""

import os
import re
import time
import uuid

_WRITTEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch


def new_id() -> str:
    """Return a fresh UUIDv7: sorts roughly by the time it was made, and that is all the clock is used for."""
    stamp = time.time_ns() // 1_000_000 & (1 << 48) - 1
    random = int.from_bytes(os.urandom(10), "big")
    value = stamp << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Say whether *text* is a UUID written the one way we write them."""
    return _WRITTEN(text) is not None
