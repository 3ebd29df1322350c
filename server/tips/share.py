"""The share of tips handled in time, for an area and a period: over all that were received in it."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any

from schemas.units import UnitTree
from server.tips.lists import Tip, tips
from server.tips.times import Period, Timing


@dataclass(frozen=True)
class Share:
    """Of the tips *received* in a period: handled in time, handled late, overdue, and those whose deadline runs."""

    received: int
    in_time: int
    handled_late: int
    overdue: int
    running: int

    @property
    def late(self) -> int:
        """All whose deadline passed before they were handled."""
        return self.handled_late + self.overdue

    def as_json(self) -> dict[str, Any]:
        """Return it as `tips --json` prints it."""
        return {"received": self.received, "in_time": self.in_time, "late": self.handled_late,
                "overdue": self.overdue, "running": self.running}  # fmt: skip


def share(conn: sqlite3.Connection, tree: UnitTree, unit: str | None, period: Period) -> Share:
    """Count the tips of *unit* (None: of everywhere) that were received in *period*."""
    return count(tips(conn, tree, unit, period))


def count(found: list[Tip]) -> Share:
    """Count *found* by where they stand."""
    counts = Counter(tip.timing for tip in found)
    return Share(len(found), counts[Timing.IN_TIME], counts[Timing.LATE], counts[Timing.OVERDUE],
                 counts[Timing.RUNNING])  # fmt: skip
