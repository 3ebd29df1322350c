"""How many points a place has, and the working of the sum. Pure: from what is known of the place and the weights."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

Weights = Mapping[str, int]


class Sanction(NamedTuple):
    """A decision against who runs the place now: warning or fine."""

    date: str
    sanction: str
    number: str


@dataclass(frozen=True)
class Known:
    """What the list is made from of one place; *unit* is the smallest unit of the asked map that surely holds it.

    *used* says why it cannot be visited by plan this year: visit, outside or assigned; empty: it can.
    """

    id: str
    unit: str
    kinds: tuple[str, ...]
    open_now: bool = True
    in_period: bool = False  # inspected in the period that must see everyone once
    last_visit: str = ""
    last_team: str = ""
    findings: tuple[str, ...] = ()  # the day of each open one
    violations: tuple[tuple[str, int], ...] = ()  # day, how many
    sanctions: tuple[Sanction, ...] = ()
    tips: tuple[tuple[str, str], ...] = ()  # verified ones that nobody has followed yet: received on, number
    used: str = ""
    used_on: str = ""

    @property
    def free(self) -> bool:
        """Whether it may stand on the list."""
        return self.open_now and not self.used


@dataclass(frozen=True)
class Part:
    """One line of the working: *count* times *each*, of which *percent* count by age."""

    why: str
    count: int
    each: int
    percent: int = 100
    on: str = ""
    number: str = ""

    @property
    def points(self) -> int:
        """What it comes to, half up."""
        return (self.count * self.each * self.percent * 2 + 100) // 200

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept and printed."""
        return {"why": self.why, "count": self.count, "each": self.each, "percent": self.percent, "on": self.on,
                "number": self.number, "points": self.points}  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """A place with its points and their working."""

    known: Known
    parts: tuple[Part, ...] = field(default=())

    @property
    def points(self) -> int:
        """The sum."""
        return sum(part.points for part in self.parts)


def score(known: Known, weights: Weights, on: date) -> Scored:
    """Return what *known* earns by *weights* on the day *on*; a part that earns nothing is left out."""
    return Scored(known, tuple(part for part in _parts(known, weights, on) if part.points))


def _parts(known: Known, weights: Weights, on: date) -> Iterator[Part]:
    if known.findings:
        yield Part("open_finding", len(known.findings), weights["open_finding"], on=min(known.findings))
    for day, count in known.violations:
        yield Part("violation", count, weights["violation"], _age(weights, day, on), day)
    for day, sanction, number in known.sanctions:
        why = "fined" if sanction == "fine" else "warned"
        yield Part(why, 1, weights[why], _age(weights, day, on), day, number)
    for day, number in known.tips:
        if _months(day, on) < weights["tip_months"]:
            yield Part("tip", 1, weights["tip"], on=day, number=number)
    most = weights["years_most"]
    years = min(_months(known.last_visit, on) // 12, most) if known.last_visit else most
    yield Part("year_since" if known.last_visit else "never", years, weights["year_since"], on=known.last_visit)
    kind = max(known.kinds, key=lambda kind: weights.get(f"kind_{kind}", 0), default="")
    if kind:
        yield Part(f"kind_{kind}", 1, weights[f"kind_{kind}"])


def _age(weights: Weights, day: str, on: date) -> int:
    """Return which percent counts of what happened on *day*: less every year, and nothing after the third."""
    years = _months(day, on) // 12
    return weights[f"age_{years + 1}"] if years < 3 else 0


def _months(day: str, on: date) -> int:
    """Count the whole months from *day* to *on*."""
    then = date.fromisoformat(day)
    return max(0, (on.year - then.year) * 12 + on.month - then.month - (on.day < then.day))
