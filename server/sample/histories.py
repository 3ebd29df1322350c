"""Invented ends of histories: an operator that repeated a sanctioned act, and one that asks about its own data."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from server.sample.chance import new_id
from server.sample.law import decision_on
from server.sample.places import Place
from server.sample.shape import OF_SIZE_S
from server.sample.writer import Writer

EARLIER, LATER = timedelta(days=300), timedelta(days=80)  # both within a year, so that the later act fell inside
PAID_AFTER = timedelta(days=15)


def ends_of_histories(rng: Random, writer: Writer, places: list[Place], today: date) -> Iterator[bytes]:
    """Decide twice on one act of an operator outside the commune of the demo's laptop, where there is one."""
    working = [place for place in places if place.open_on(today) and place.open_on(today - EARLIER)]
    steady = [place for place in working if len(place.operators) == 1]
    found = [place for place in steady if place.commune != OF_SIZE_S] or steady
    for place in found[-1:]:
        operator = place.operator_on(today)
        for number, before in enumerate((EARLIER, LATER), 1):
            state = decision_on(place, today - before, PAID_AFTER)
            if state:
                named = {"number": f"{number}/QĐ-XPHC-LAP", "operator": operator}
                yield writer.edit("decision", new_id(rng, today - before), named | state, today - before)
        yield _request(rng, writer, operator, today)


def _request(rng: Random, writer: Writer, operator: str, today: date) -> bytes:
    received = today - timedelta(days=6)
    state = {
        "operator": operator, "paper": "01/ĐN-GĐ", "asks": "correct", "about": "Sửa địa chỉ của cơ sở (giả định)",
        "received_on": received.isoformat(), "due_on": (received + timedelta(days=15)).isoformat(),
    }  # fmt: skip
    return writer.edit("data_request", new_id(rng, received), state, received)
