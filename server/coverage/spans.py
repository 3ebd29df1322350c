"""From the state of an establishment to what coverage needs of it: when it was open, where, and as what.

Days are ISO texts, which sort as days do. Intervals are half open: the second day is the first one outside.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

FOREVER = "9999-99-99"  # sorts after every day
Interval = tuple[str, str]
Timeline = tuple[tuple[str, str], ...]  # (from this day, this value), the first from the beginning of time
Span = dict[str, Any]


class Record(NamedTuple):
    """One record of the register, merged or not."""

    opens: tuple[Interval, ...]
    places: Timeline  # keys of units, epoch:code
    kinds: Timeline  # sorted kinds, a space between


@lru_cache(maxsize=4096)
def read_state(text: str) -> Record:
    """Read the stored state of an establishment.

    A transaction reads a state before and after each change; the cache parses it once.
    """
    groups: dict[str, list[tuple[str, Span]]] = {"status/": [], "place/": [], "kind/": []}
    for path, value in json.loads(text).items():
        group = groups.get(path[: path.find("/") + 1])
        if group is not None:
            group.append((path, value))
    status, places, kinds = (_in_order(group) for group in groups.values())
    return Record(_open_intervals(status), _place_timeline(places), _kind_timeline(kinds))


def _in_order(spans: list[tuple[str, Span]]) -> list[Span]:
    if len(spans) > 1:
        spans.sort(key=_begins)
    return [span for _, span in spans]


def _begins(entry: tuple[str, Span]) -> tuple[str, str]:
    return entry[1]["from"], entry[0]


@lru_cache(maxsize=16384)
def day_after(day: str) -> str:
    """Return the day after *day*; some write the last day there is for "without end"."""
    if day >= date.max.isoformat():
        return FOREVER
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def end_of(span: Span) -> str:
    """Return the first day after *span*; its `to` is its last day."""
    return day_after(span["to"]) if span.get("to") else FOREVER


def unite(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Sort intervals and join those that overlap or touch."""
    united: list[Interval] = []
    for begin, end in sorted(intervals):
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((begin, end))
    return tuple(united)


def _open_intervals(chain: list[Span]) -> tuple[Interval, ...]:
    """Say when a chain of status spans is open: each holds until the next begins, or to its own last day."""
    found = []
    for place, span in enumerate(chain):
        end = end_of(span)
        if place + 1 < len(chain):
            end = min(end, chain[place + 1]["from"])
        if span["status"] == "open" and span["from"] < end:
            found.append((span["from"], end))
    return tuple(found) if len(found) < 2 else unite(found)


def _place_timeline(chain: list[Span]) -> Timeline:
    """Say where it stood: a gap keeps the unit before it, and the first unit holds for all days before."""
    return _timeline([(span["from"], f"{span['epoch']}:{span['unit']}") for span in chain])


def _kind_timeline(spans: list[Span]) -> Timeline:
    """Say as what it worked: kinds stand side by side; a gap keeps the kinds before it."""
    if len(spans) == 1:
        return (("", spans[0]["kind"]),)
    ends = [(span["from"], end_of(span), span["kind"]) for span in spans]
    days = sorted({day for begin, end, _ in ends for day in (begin, end) if day != FOREVER})
    found = []
    for day in days:
        kinds = {kind for begin, end, kind in ends if begin <= day < end}
        if kinds:
            found.append((day, " ".join(sorted(kinds))))
    return _timeline(found)


def _timeline(values: list[tuple[str, str]]) -> Timeline:
    """Keep the days on which the value changes; of two on one day the later one stands."""
    if len(values) < 2:
        return (("", values[0][1] if values else ""),)
    by_day = dict(values)
    found: list[tuple[str, str]] = []
    for day, value in by_day.items():
        if not found:
            found.append(("", value))
        elif found[-1][1] != value:
            found.append((day, value))
    return tuple(found)
