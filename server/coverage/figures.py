"""The figures as they are answered: a row for each unit, kind or team, and the total."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from server.coverage.complete import Laptop
from server.coverage.targets import Plan

# Of a row: ("unit", key), ("unknown", smallest sure key), or ("kind", "basis" or "team", its word or id).
Name = tuple[str, str]
IN_JSON = (
    "unit", "kind", "open", "inspected", "share", "target", "required", "remaining", "met", "visits",
    "visits_with_violations", "places_with_violations", "not_counted", "inspected_not_open", "complete_to", "name",
    "team", "key", "exact", "confirmed_on", "confirmed_by", "basis",
)  # fmt: skip


class Row(NamedTuple):
    """One line of the table.

    *unit* is a code of the asked map, "" where the commune is not known; *key* is the
    unit's key, of an unknown commune that of the smallest unit that surely holds it.
    """

    unit: str
    key: str
    name: str
    open: int
    inspected: int
    visits: int
    visits_with_violations: int
    places_with_violations: int
    inspected_not_open: int
    not_counted: int
    target: int | None
    complete_to: date | None
    kind: str | None = None
    team: str | None = None
    basis: str | None = None
    exact: bool = True
    confirmed_on: str | None = None
    confirmed_by: str = ""

    @property
    def label(self) -> Name:
        """The name under which the figures of the row were added up."""
        for group in ("kind", "basis", "team"):
            value = getattr(self, group)
            if value is not None:
                return group, value
        return ("unit" if self.unit else "unknown"), self.key

    @property
    def share(self) -> float | None:
        """The percent inspected to one decimal, half up; None: “Không có cơ sở”. For reading only: see `met`."""
        return share_of(self.inspected, self.open)

    @property
    def required(self) -> int | None:
        """How many places the target asks for, rounded up; None: “Chưa có chỉ tiêu”."""
        return None if self.target is None else -(-self.target * self.open // 100)

    @property
    def remaining(self) -> int | None:
        """How many are still to be inspected to reach the target."""
        return None if self.required is None else max(0, self.required - self.inspected)

    @property
    def met(self) -> bool | None:
        """Whether the target is reached, compared as whole numbers; None without a target or without a place."""
        if self.target is None or not self.open:
            return None
        return self.inspected * 100 >= self.target * self.open

    def as_json(self) -> dict[str, Any]:
        """Return the row as commands and files write it."""
        found = {name: getattr(self, name) for name in IN_JSON}
        return found | {"complete_to": self.complete_to.isoformat() if self.complete_to else None}


class Brief(NamedTuple):
    """What other years and periods are told by: less than a line of the table, in the same words."""

    open: int
    inspected: int
    visits: int
    target: int | None

    @property
    def share(self) -> float | None:
        """The percent inspected, as a row has it."""
        return share_of(self.inspected, self.open)


def share_of(inspected: int, open: int) -> float | None:
    """Return the percent inspected to one decimal, half up; None where nothing is open."""
    return (inspected * 2000 + open) // (2 * open) / 10 if open else None


@dataclass(frozen=True)
class Coverage:
    """The answer: the total, its rows, and what was asked.

    The rows by unit add up to the total. By kind a place of two kinds stands in each, by
    team a place that two teams inspected, and once in the total.
    """

    total: Row
    rows: tuple[Row, ...]
    by: str
    year: int
    since: date
    as_of: date  # the last day counted; the day before *since* when the period has not begun
    kinds: tuple[str, ...]  # asked, or the plan's; empty: all
    plan: Plan | None
    holding_back: tuple[Laptop, ...]
    period: tuple[date, date] | None = None
    team: str = ""
    basis: str = ""

    @property
    def exact(self) -> bool:
        """Whether the asked area is made of whole communes of the map in force on the day."""
        return self.total.exact

    def as_json(self) -> dict[str, Any]:
        """Return the answer as `coverage --json` prints it."""
        return {
            "total": self.total.as_json(),
            "rows": [row.as_json() for row in self.rows],
            "year": self.year,
            "since": self.since.isoformat(),
            "as_of": self.as_of.isoformat(),
            "by": self.by,
            "kinds": list(self.kinds),
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "team": self.team or None,
            "basis": self.basis or None,
            "plan": {"id": self.plan.id, "name": self.plan.name, "number": self.plan.number} if self.plan else None,
            "holding_back": [
                {field.name: getattr(laptop, field.name) for field in fields(laptop)}
                | {"day": laptop.day.isoformat() if laptop.day else None}
                for laptop in self.holding_back
            ],
        }


class Sum:
    """A running sum of counts and of what is received and not counted."""

    __slots__ = ("inspected", "inspected_not_open", "not_counted", "open", "violating", "visits", "with_violations")

    def __init__(self) -> None:
        """Begin at nothing."""
        self.open = self.inspected = self.violating = self.inspected_not_open = self.visits = self.with_violations = 0
        self.not_counted = 0

    def add(self, counts: Sequence[int]) -> None:
        """Add what a place, or a row of deltas, counts, in the order of Counts."""
        open, inspected, violating, not_open, visits, with_violations = counts
        self.open += open
        self.inspected += inspected
        self.violating += violating
        self.inspected_not_open += not_open
        self.visits += visits
        self.with_violations += with_violations

    def figures(self) -> tuple[int, int, int, int, int, int, int]:
        """Return the figures in the order of a Row."""
        return (
            self.open, self.inspected, self.visits, self.with_violations, self.violating, self.inspected_not_open,
            self.not_counted,
        )  # fmt: skip

    def __bool__(self) -> bool:
        """Say whether there is anything in it."""
        return any(getattr(self, name) for name in self.__slots__)


Sums = dict[Name, Sum]
