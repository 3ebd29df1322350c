"""Chance that is the same for the same seed: choices, days, and the ids of things."""

import uuid
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


def new_id(rng: Random, day: date) -> str:
    """Return a UUIDv7 made on *day*, as far as chance goes."""
    stamp = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) + rng.randrange(86_400_000)
    value = stamp << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62)
    return str(uuid.UUID(int=value))


def new_salt(rng: Random) -> str:
    """Return the salt of an item."""
    return b64encode(rng.randbytes(9)).decode()


def happens(rng: Random, share: float) -> bool:
    """Say yes in this *share* of cases."""
    return rng.random() < share


def some_day(rng: Random, first: date, last: date) -> date:
    """Return a day from *first* to *last*, both in it."""
    return first + timedelta(days=rng.randrange(max((last - first).days, 0) + 1))


def in_turn(rng: Random, words: Sequence[T], count: int) -> list[T]:
    """Return *count* of *words*, each once before any comes again, in an order of chance."""
    found: list[T] = []
    while len(found) < count:
        found += rng.sample(words, len(words))
    return found[:count]
