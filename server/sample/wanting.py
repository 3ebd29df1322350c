"""What in an invented register needs a look: a telephone number, a paper that ran out, an operator that is missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from server.sample.places import Place
from server.sample.writer import Writer

FROM, MANY = 40, 24  # which places are kept, from the first of them on: others are in use elsewhere


class Wanting:
    """A few places of the register, with their states, of which something is wrong in the end."""

    def __init__(self) -> None:
        self._kept: list[Place] = []
        self._met = 0

    def meet(self, place: Place) -> None:
        """Keep a place with its state, if it is one of the few."""
        self._met += 1
        if FROM <= self._met < FROM + MANY:
            self._kept.append(replace(place, state=dict(place.state)))

    def lines(self, writer: Writer, today: date) -> Iterator[bytes]:
        """Write what is wrong with them; nothing where the sample is too small."""
        plain = [place for place in self._kept if "operator/2" not in place.state and "merged_into" not in place.state]
        papered = [place for place in plain if "licence/2" in place.state]
        if len(papered) < 8:
            return
        day, out = today - timedelta(days=2), (today - timedelta(days=40)).isoformat()
        for place, number in zip(papered[:2], ("0000 12", "gọi chủ"), strict=True):
            yield writer.edit("establishment", place.id, {"phone": number}, day, place.state)
        for place in papered[2:5]:
            expired = {**place.state["licence/2"], "to": out}
            yield writer.edit("establishment", place.id, {"licence/2": expired}, day, place.state)
        for place in papered[5:7]:
            yield writer.edit("establishment", place.id, {"operator/1": None}, day, place.state)
