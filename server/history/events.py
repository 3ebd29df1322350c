"""One line of a history: a day, what happened, and the facts of it as plain values; words are the reader's."""

from dataclasses import dataclass, field
from typing import Any

# In the order in which what happened on one day is told.
ORDER = (
    "name", "merged", "unmerged", "place", "leaves", "runs", "operator", "kind", "status", "outside_check", "visit",
    "decision",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """What happened on *day* (ISO; empty: not known). *about*: the place or operator that it is about.

    *first*: of spans, how it was from the beginning and no change.
    """

    day: str
    what: str
    about: str = ""
    first: bool = False
    said: dict[str, Any] = field(default_factory=dict)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    """Return *events* with the latest day first; within a day the last to be told first."""
    return tuple(sorted(events, key=lambda one: (one.day, ORDER.index(one.what)), reverse=True))
