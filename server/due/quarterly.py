"""The quarterly report of the teams (TT 05/2006): a source that is no plan and names no day."""

import sqlite3
import tomllib
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from schemas import data
from server.teams.near import states_at

QUARTERS = 4


@cache
def source() -> dict[str, Any]:
    """Return what the Circular says, and how sure it is."""
    return tomllib.loads(packaged(data).joinpath("quarterly.toml").read_text(encoding="utf-8"))


def quarters(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Return first and last day of each quarter that has a day between two days, both in it."""
    for year in range(since.year, until.year + 1):
        for quarter in range(QUARTERS):
            first = date(year, 3 * quarter + 1, 1)
            last = (date(year + 1, 1, 1) if quarter == QUARTERS - 1 else date(year, 3 * quarter + 4, 1)) - _DAY
            if since <= last and first <= until and first.isoformat() >= source()["valid_from"]:
                yield first, last


_DAY = timedelta(days=1)


def units_with_teams(conn: sqlite3.Connection, units: Collection[str], first: date, last: date) -> list[str]:
    """Return those of *units* that had a team on any day of a quarter: it is the team that has to report."""
    found = set()
    for team in states_at(conn, units).values():
        ends = min(filter(None, (team.get("valid_to"), team.get("closed_on"))), default="9999")
        if (team.get("valid_from") or "") <= last.isoformat() and ends >= first.isoformat():
            found.add(f"{team['epoch']}:{team['area']}")
    return sorted(found)
