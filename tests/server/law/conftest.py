"""Decisions with defaults: a fine for karaoke after midnight, decided on 10 March 2024, of which nothing is known."""

from datetime import date

import pytest

from schemas.repeat import look_up
from server.law.decision import read
from server.law.windows import windows

LATE, LATCH = "ND38-15.5b", "ND38-15.6b"


@pytest.fixture
def decision():
    """Return a function that builds a decision's state."""

    def build(**changes):
        return {
            "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã", "operator": "o", "codes": [LATE],
            "decided_on": "2024-03-10", "sanction": "fine", "ordered": ["main"], **changes,
        }  # fmt: skip

    return build


@pytest.fixture
def ask():
    """Return a function that asks about an act under a code on a day, given decisions of its operator."""

    def find(day, *states, code=LATE, but=""):
        decisions = (read(str(place), state) for place, state in enumerate(states))
        found = windows(one for one in decisions if one)
        return look_up(found, code, date.fromisoformat(day).isoformat(), but=but)

    return find
