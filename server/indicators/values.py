"""Figures that units have entered: of a plan and the days of a report, each once for a unit and an agency."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.indicators import ValueStanding
from server.store import in_parts, marks

NEAR = timedelta(days=31)  # units cut off on days of their own: what ends within a month is of the same report
UP = frozenset({ValueStanding.SENT, ValueStanding.ACCEPTED})  # what counts beyond the unit
_COLUMNS = "id, plan, indicator, unit, agency, report, since, until, numerator, denominator, standing, entered_on, file"


@dataclass(frozen=True)
class Value:
    """One figure as it stands; *agency*: empty for the unit itself; *until*: its cut-off day."""

    id: str
    plan: str
    indicator: str
    unit: str
    agency: str
    report: str
    since: str
    until: str
    numerator: int | None
    denominator: int | None
    standing: ValueStanding
    entered_on: str
    file: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is a figure of, in one period."""
        return self.indicator, self.unit, self.agency


def values(conn: sqlite3.Connection, plan: str, first: date, last: date) -> dict[tuple[str, str, str], Value]:
    """Return the figures of a period by indicator, unit and agency: they begin on *first* and end near *last*.

    Of several of one unit that whose cut-off is nearest counts.
    """
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM indicator_values WHERE plan = ? AND since = ? AND until >= ? AND until <= ?",
        (plan, first.isoformat(), (last - NEAR).isoformat(), (last + NEAR).isoformat()),
    )
    found = [_value(row) for row in rows]
    found.sort(key=lambda one: (abs(date.fromisoformat(one.until) - last), one.until), reverse=True)
    return {one.key: one for one in found}


def before(
    conn: sqlite3.Connection, plan: str, unit: str, first: date, last: date
) -> dict[tuple[str, str, str], Value]:  # fmt: skip
    """Return what the unit last reported of each indicator, in a report that ended before this one.

    A part of the same year is no measure for a whole one: the same report of the year before comes first.
    """
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM indicator_values WHERE plan = ? AND unit = ? AND until < ? ORDER BY until",
        (plan, unit, last.isoformat()),
    )
    found = [_value(row) for row in rows]
    length = last - first
    same = [one for one in found if abs((_days(one) - length).days) <= NEAR.days]
    return {one.key: one for one in (*found, *same)}


def _days(one: Value) -> timedelta:
    return date.fromisoformat(one.until) - date.fromisoformat(one.since)


def texts(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the words of those that have any: the narrative of an indicator without figures."""
    found: dict[str, str] = {}
    for part in in_parts(list(ids)):
        rows = conn.execute(
            f"SELECT id, state FROM things WHERE kind = 'indicator_value' AND id IN ({marks(part)})", part
        )
        found.update((id, text) for id, state in rows if (text := json.loads(state).get("text")))
    return found


def _value(row: tuple[object, ...]) -> Value:
    *plain, standing, entered_on, file = row
    return Value(*plain, ValueStanding(standing), entered_on, file)  # type: ignore[call-arg, arg-type]
