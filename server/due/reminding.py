"""Reminders of deadlines: from when on, how urgent, and one for all units below that have not sent."""

import sqlite3
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files as packaged

from schemas.units import Epoch, UnitTree
from server import due as package
from server.due.lines import Line, lines
from server.due.listing import due
from server.due.shape import Due


@dataclass(frozen=True)
class Rules:
    """Days before the last day, the farthest first; how many days after it; the hour of alarms."""

    days_before: tuple[int, ...]
    overdue_for: int
    alarm_hour: int


@cache
def rules() -> Rules:
    """Return when it reminds."""
    said = tomllib.loads(packaged(package).joinpath("reminding.toml").read_text(encoding="utf-8"))
    return Rules(tuple(sorted(said["days_before"], reverse=True)), said["overdue_for"], said["alarm_hour"])


def step_of(days: int) -> int | None:
    """Return which reminder it is for *days* left: 1 the first, one more once it is overdue; None: too early."""
    asked = [number for number, before in enumerate(rules().days_before, 1) if days <= before]
    if not asked:
        return None
    return len(rules().days_before) + 1 if days < 0 else asked[-1]


def reminded(conn: sqlite3.Connection, tree: UnitTree, area: str, today: date) -> list[Line]:
    """Return what the units in *area* are reminded of on *today*: by the earlier day where two plans clash."""
    first = today - timedelta(days=rules().overdue_for)
    last = today + timedelta(days=max(rules().days_before) + _CLASH)
    found = due(conn, tree, area, first, last, today)
    return sorted(lines(one for one in found if _is_asked(one, today)), key=lambda line: goes_by(line))


_CLASH = 60  # days by which another plan may want the same report sooner


def _is_asked(one: Due, today: date) -> bool:
    return one.open and bool(one.go_by) and step_of(days_left(one, today)) is not None


def days_left(one: Due, today: date) -> int:
    """Return how many days are left until the day that reminders go by."""
    return (date.fromisoformat(one.go_by) - today).days


def goes_by(line: Line) -> str:
    """Return the earliest day by which one of its units has to send."""
    return min(one.go_by for one in line.dues)


def everywhere(conn: sqlite3.Connection, tree: UnitTree, today: date) -> Iterable[Due]:
    """Return every single reminder of all areas: each unit's own."""
    seen = set()
    for top in (*tree.tops(Epoch.NEW), *tree.tops(Epoch.OLD)):
        for line in reminded(conn, tree, top, today):
            for one in line.dues:
                if one.key not in seen:
                    seen.add(one.key)
                    yield one
