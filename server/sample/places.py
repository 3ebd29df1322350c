"""Invented establishments and who runs them: moved, closed, handed over, entered twice, as registers have them."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from schemas.register import State
from schemas.units import NEW_MAP_FROM
from server.sample import names
from server.sample.chance import happens, in_turn, new_id, some_day
from server.sample.shape import Shape, tree
from server.sample.writer import Writer

ENTERED = date(2021, 1, 4)  # the register was begun; a place that is younger was entered as it opened
_KINDS = ("lodging", "karaoke", "other", "massage", "dance_hall")
_SHARES = (41, 23, 33, 2, 1)  # of Thanh Hóa in 2023, in a hundred; a dance hall so that there is one
_EVE = NEW_MAP_FROM - timedelta(days=1)


@dataclass(slots=True)
class Place:
    """What visits need of an establishment; *operators* are (first day, id), the earliest first."""

    id: str
    kinds: tuple[str, ...]
    commune: str
    opened: date
    closed: date | None
    operators: list[tuple[str, str]]
    state: State = field(default_factory=dict)

    def open_on(self, day: date) -> bool:
        """Say whether it works on *day*, short pauses left aside."""
        return self.opened <= day and (self.closed is None or day < self.closed)

    def operator_on(self, day: date) -> str:
        """Return who runs it on *day*."""
        begun = [id for since, id in self.operators if since <= day.isoformat()]
        return begun[-1] if begun else self.operators[0][1]


class Register:
    """Makes the places of a sample one after another, each with the lines that enter it and what became of it."""

    def __init__(self, rng: Random, writer: Writer, shape: Shape, today: date) -> None:
        """Give every commune a weight of its own: towns have many places, hills few, and one commune none."""
        self._rng, self._writer, self._shape, self._today = rng, writer, shape, today
        weights = [0.0 if commune == shape.empty else rng.uniform(0.3, 1.7) for commune in shape.communes]
        self._weights = list(accumulate(weights))
        self._words = in_turn(rng, names.WORDS, shape.places)
        self._operator: str | None = None

    def make(self) -> Iterator[tuple[Place, list[bytes]]]:
        """Make every place; the last few are others entered again under another spelling."""
        twice = max(2, self._shape.places // 50)
        made: list[Place] = []
        for number in range(self._shape.places - twice):
            place, lines = self._one(number)
            if len(made) < twice:
                made.append(replace(place))  # its state is let go of once it has been written
            yield place, lines
        for number, original in enumerate(made, self._shape.places - twice):
            yield self._again(number, original)

    def _one(self, number: int) -> tuple[Place, list[bytes]]:
        opened = self._opening()
        entered = max(opened, ENTERED)
        operator, lines = self._operator_lines(entered)
        chosen = bisect(self._weights, self._rng.random() * self._weights[-1])
        commune = self._shape.communes[min(chosen, len(self._shape.communes) - 1)]
        id = new_id(self._rng, entered)
        place = Place(id, self._kinds(), commune, opened, None, [(opened.isoformat(), operator)])
        place.state = self._state(place, number)
        lines.append(self._writer.edit("establishment", place.id, dict(place.state), entered))
        lines += self._what_became_of_it(place)
        return place, lines

    def _opening(self) -> date:
        if happens(self._rng, 0.82):
            return some_day(self._rng, date(2008, 1, 1), date(2020, 12, 31))
        return some_day(self._rng, date(2021, 1, 1), self._today - timedelta(days=30))

    def _kinds(self) -> tuple[str, ...]:
        found = set(self._rng.choices(_KINDS, _SHARES, k=2 if happens(self._rng, 0.08) else 1))
        return tuple(sorted(found))

    def _operator_lines(self, day: date) -> tuple[str, list[bytes]]:
        """Find who runs the next place: somebody new, or now and then whoever runs the one before."""
        if self._operator and happens(self._rng, 0.12):
            return self._operator, []
        self._operator = new_id(self._rng, day)
        company = happens(self._rng, 0.3)
        word = self._rng.choice(names.WORDS)
        name = f"Công ty TNHH {word}" if company else f"Hộ kinh doanh {names.person(self._rng)}"
        number = f"GĐ{self._rng.randrange(10**9):09d}"
        state = {"name": name, "form": "enterprise" if company else "household", "registration": number}
        return self._operator, [self._writer.edit("operator", self._operator, state, day)]

    def _state(self, place: Place, number: int) -> State:
        since = place.opened.isoformat()
        sign = self._rng.choice(names.SIGNS[place.kinds[0]])
        state: State = {"code": f"GD-{number + 1:06d}", "name": f"{sign} {self._words[number]}"}
        if happens(self._rng, 0.7):
            state["phone"] = f"0000 {self._rng.randrange(10**6):06d}"
        state["place/1"] = {"from": since, **self._where(place)}
        state |= {f"kind/{n}": {"from": since, "kind": kind} for n, kind in enumerate(place.kinds, 1)}
        state["status/1"] = {"from": since, "status": "open"}
        state["operator/1"] = {"from": since, "operator": place.operators[0][1]}
        if "karaoke" in place.kinds or "dance_hall" in place.kinds:
            state["licence/1"] = {"type": "operating_licence", "number": f"{number + 1}/GP-GĐ", "from": since}
        if happens(self._rng, 0.8):
            state["licence/2"] = {"type": "antt_certificate", "number": f"{number + 1}/ANTT-GĐ", "from": since}
        return state

    def _where(self, place: Place) -> dict[str, Any]:
        """Return where it stood when it was entered: on the old map, where that is known, if it is that old."""
        key = place.commune
        old = tree().predecessors(key)
        if place.opened < NEW_MAP_FROM and old:
            key = self._rng.choice(old)
        epoch, _, code = key.partition(":")
        address = f"Số {self._rng.randint(1, 320)}, đường {self._rng.choice(names.STREETS)}"
        found: dict[str, Any] = {"epoch": epoch, "unit": code, "address": address}
        if happens(self._rng, 0.4):
            found |= {"lat": round(self._rng.uniform(19.7, 19.95), 5), "lon": round(self._rng.uniform(105.4, 105.7), 5)}
        return found

    def _what_became_of_it(self, place: Place) -> list[bytes]:
        ways = (
            (0.11, self._closes), (0.05, self._pauses), (0.05, self._changes_hands), (0.03, self._gains_a_kind),
            (0.02, self._moves), (0.5, self._is_decided),
        )  # fmt: skip
        return [line for share, way in ways if happens(self._rng, share) for line in way(place)]

    def _later(self, place: Place) -> date:
        return some_day(self._rng, max(place.opened, ENTERED) + timedelta(days=10), self._today)

    def _edit(self, place: Place, day: date, after: State) -> bytes:
        line = self._writer.edit("establishment", place.id, after, day, place.state)
        place.state = place.state | after
        return line

    def _closes(self, place: Place) -> Iterator[bytes]:
        place.closed = self._later(place)
        yield self._edit(place, place.closed, {"status/9": {"from": place.closed.isoformat(), "status": "closed"}})

    def _pauses(self, place: Place) -> Iterator[bytes]:
        """Pause, and open again unless it has closed or the pause goes on."""
        day = self._later(place)
        back = day + timedelta(days=self._rng.randint(20, 200))
        if place.closed and back >= place.closed:
            return
        yield self._edit(place, day, {"status/2": {"from": day.isoformat(), "status": "paused"}})
        if back <= self._today:
            yield self._edit(place, back, {"status/3": {"from": back.isoformat(), "status": "open"}})

    def _changes_hands(self, place: Place) -> Iterator[bytes]:
        day = self._later(place)
        self._operator = None
        operator, lines = self._operator_lines(day)
        yield from lines
        place.operators.append((day.isoformat(), operator))
        yield self._edit(place, day, {"operator/2": {"from": day.isoformat(), "operator": operator}})

    def _gains_a_kind(self, place: Place) -> Iterator[bytes]:
        if "other" not in place.kinds:
            day = self._later(place)
            yield self._edit(place, day, {"kind/9": {"from": day.isoformat(), "kind": "other"}})

    def _moves(self, place: Place) -> Iterator[bytes]:
        """Move to another commune of the sample, on the new map."""
        other = self._rng.choice(self._shape.communes)
        if other not in {place.commune, self._shape.empty} and place.opened < self._today - timedelta(days=90):
            day = some_day(self._rng, max(place.opened, NEW_MAP_FROM) + timedelta(days=30), self._today)
            place.commune = other
            epoch, _, code = place.commune.partition(":")
            span = {"from": day.isoformat(), "epoch": epoch, "unit": code, "address": "Số 1, đường Mới"}
            yield self._edit(place, day, {"place/2": span})

    def _is_decided(self, place: Place) -> Iterator[bytes]:
        """Say in which half of a split commune it stands now; the other half of such places waits for a person."""
        first = place.state["place/1"]
        if "place/2" not in place.state and tree().is_split(f"{first['epoch']}:{first['unit']}"):
            epoch, _, code = place.commune.partition(":")
            span = {**first, "from": NEW_MAP_FROM.isoformat(), "epoch": epoch, "unit": code}
            yield self._edit(place, NEW_MAP_FROM, {"place/2": span})

    def _again(self, number: int, original: Place) -> tuple[Place, list[bytes]]:
        """Enter a place a second time under another spelling; every second one has been found out and merged."""
        day = some_day(self._rng, max(original.opened, date(2024, 1, 1)), self._today)
        place = Place(new_id(self._rng, day), original.kinds, original.commune, original.opened, original.closed, [])
        place.operators = list(original.operators)
        place.state = {path: value for path, value in original.state.items() if not path.startswith("licence/")}
        place.state |= {"code": f"GD-{number + 1:06d}", "name": names.respelt(self._rng, original.state["name"])}
        lines = [self._writer.edit("establishment", place.id, dict(place.state), day)]
        if number % 2 == 0:
            lines.append(self._edit(place, day, {"merged_into": original.id}))
        return place, lines
