"""Which units of a plan have sent which figures for a report, what waits for review, and what comes next."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date

from schemas.indicators import ValueStanding
from schemas.text import sort_key
from schemas.units import UnitTree
from server.indicators.asked import asked
from server.indicators.periods import Asked
from server.indicators.values import Value, values
from server.pages.areas import inside
from server.plans.listing import Plan


@dataclass(frozen=True)
class Progress:
    """How far a unit is: of the indicators *asked* of it, how many have a figure, and where these stand.

    *below*: figures of the units below it that wait for review.
    """

    unit: str
    asked: int
    entered: int
    sent: int
    returned: int
    accepted: int
    below: int
    last_on: str

    @property
    def missing(self) -> int:
        """How many indicators have no figure that was sent."""
        return self.asked - self.sent - self.accepted

    @property
    def state(self) -> str:
        """Where the unit stands as a whole: to_review, returned, missing, accepted."""
        if self.sent:
            return "to_review"
        if self.returned:
            return "returned"
        return "missing" if self.missing else "accepted"


def start(tree: UnitTree, plan: Plan, area: str) -> str:
    """Return the unit of a plan's map from which an area looks at it: itself, or the plan's own; empty: none."""
    if area in tree.descendants(plan.unit):
        return area
    return plan.unit if inside(tree, area, plan.unit) else ""


def progress(conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, period: Asked) -> list[Progress]:
    """Return *unit* and the units right below it of which the plan asks something, in the order of their names."""
    found = values(conn, plan.id, period.first, period.last)
    by_unit: dict[str, list[Value]] = {}
    for value in found.values():
        by_unit.setdefault(value.unit, []).append(value)
    below = sorted(tree.children(unit), key=lambda key: sort_key(getattr(tree.get(key), "name", "")))
    rows = (_of(tree, plan, key, by_unit) for key in (unit, *below))
    return [row for row in rows if row.asked or row.below]


def _of(tree: UnitTree, plan: Plan, unit: str, by_unit: dict[str, list[Value]]) -> Progress:
    wanted = {one.code for one in plan.indicators if asked(one, tree, plan.unit, unit)}
    mine = [value for value in by_unit.get(unit, ()) if value.indicator in wanted]
    standing = {value.indicator: value.standing for value in sorted(mine, key=_least_first, reverse=True)}
    counts = Counter(standing.values())
    lower = (value for key in tree.descendants(unit) if key != unit for value in by_unit.get(key, ()))
    return Progress(
        unit, len(wanted), counts[ValueStanding.ENTERED], counts[ValueStanding.SENT], counts[ValueStanding.RETURNED],
        counts[ValueStanding.ACCEPTED], sum(value.standing is ValueStanding.SENT for value in lower),
        max((value.entered_on for value in mine), default=""),
    )  # fmt: skip


_ORDER = [ValueStanding.RETURNED, ValueStanding.ENTERED, ValueStanding.SENT, ValueStanding.ACCEPTED]


def _least_first(value: Value) -> int:
    """Of several bodies of a unit the one that is least far says where the indicator stands."""
    return _ORDER.index(value.standing)


@dataclass(frozen=True)
class Waiting:
    """A report of a plan of which so many figures of units below wait for review."""

    plan: str
    period: Asked
    count: int


def waiting(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[Waiting]:
    """Return what waits for review by *area*, the oldest report first."""
    rows = conn.execute(
        "SELECT plan, report, since, until, unit, count(*) FROM indicator_values WHERE standing = 'sent'"
        " GROUP BY plan, report, since, until, unit ORDER BY until, plan"
    )
    found: Counter[tuple[str, str, str, str]] = Counter()
    for plan, report, since, until, unit, count in rows.fetchall():
        if unit != area and inside(tree, area, unit):
            found[plan, report, since, until] += count
    return [
        Waiting(plan, Asked(report, date.fromisoformat(since), date.fromisoformat(until)), count)
        for (plan, report, since, until), count in found.items()
    ]


def returned(conn: sqlite3.Connection, unit: str) -> list[Waiting]:
    """Return what *unit* has to mend: figures that the unit above sent back, the oldest report first."""
    rows = conn.execute(
        "SELECT plan, report, since, until, count(*) FROM indicator_values WHERE unit = ? AND standing = 'returned'"
        " GROUP BY plan, report, since, until ORDER BY until, plan",
        (unit,),
    )
    return [Waiting(plan, Asked(report, date.fromisoformat(since), date.fromisoformat(until)), count)
            for plan, report, since, until, count in rows.fetchall()]  # fmt: skip


def next_to_review(rows: list[Progress], unit: str) -> str:
    """Return the unit after *unit* in the list of which something waits for review; empty: none."""
    order = [row.unit for row in rows]
    at = order.index(unit) + 1 if unit in order else 0
    waiting = {row.unit for row in rows if row.sent or row.below}
    return next((key for key in (*order[at:], *order[:at]) if key in waiting and key != unit), "")

