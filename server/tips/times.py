"""Whether a tip was handled in time: one answer from its days. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Timing(StrEnum):
    """Where a tip stands on a day."""

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"
    RUNNING = "running"


@dataclass(frozen=True)
class Period:
    """Tips received from *since* to *until*, both days in it, as they stand on *as_of*."""

    since: date
    until: date
    as_of: date


def timing(due_on: str, handled_on: str | None, as_of: str) -> Timing:
    """Say where a tip stands on *as_of*; its last day is still in time."""
    if handled_on and handled_on <= as_of:
        return Timing.IN_TIME if handled_on <= due_on else Timing.LATE
    return Timing.OVERDUE if due_on < as_of else Timing.RUNNING
