"""One figure: what was measured, beside what the simplest thing that could work took in the same run."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any


class Clock:
    """How long a block took; *seconds* is there once it has ended."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    """Time the block."""
    clock = Clock()
    begun = time.perf_counter()
    yield clock
    clock.seconds = time.perf_counter() - begun


@dataclass(frozen=True)
class Figure:
    """A value with its unit, its baselines in the same unit, and what a reader must know of it."""

    figure: str
    size: str
    value: float
    unit: str
    baselines: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def ratios(self) -> dict[str, float | None]:
        """The value as a multiple of each baseline: of a rate more is better, of a time or a size less."""
        return {name: _short(self.value / base) if base else None for name, base in self.baselines.items()}

    def line(self) -> str:
        """Write the figure as `make bench` prints it."""
        said: dict[str, Any] = {
            "figure": self.figure,
            "size": self.size,
            "value": _short(self.value),
            "unit": self.unit,
            "baselines": {name: _short(base) for name, base in self.baselines.items()},
            "ratios": self.ratios,
        }
        return json.dumps(said | ({"note": self.note} if self.note else {}), ensure_ascii=False)


def _short(value: float) -> float:
    """Leave out the digits that no measurement of ours bears."""
    return round(value) if abs(value) >= 100 else float(f"{value:.3g}")


def milliseconds(act: Callable[[], object], times: int, *, warm_up: int = 0) -> float:
    """Return the median time of *act* over so many times, in ms."""
    for _ in range(warm_up):
        act()
    return median(milliseconds_each(act, times))


def milliseconds_each(act: Callable[[], object], times: int) -> list[float]:
    """Return how long *act* took each time, in ms."""
    found = []
    for _ in range(times):
        with timed() as clock:
            act()
        found.append(clock.seconds * 1000)
    return found


def percentile(found: list[float], percent: int) -> float:
    """Return the value that *percent* of all lie at or below."""
    ordered = sorted(found)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def tell(words: str) -> None:
    """Say how it goes, on stderr: stdout belongs to the figures."""
    print(words, file=sys.stderr, flush=True)
