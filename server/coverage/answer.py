"""Everything that is said of one question: the figures, and what stands beside them."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.coverage.ask import coverage
from server.coverage.compare import Before, Year, change_in_tenths, trend, year_before
from server.coverage.figures import Coverage, Row
from server.coverage.outlook import Outlook, outlook
from server.coverage.targets import Plans


@dataclass(frozen=True)
class Answer:
    """The figures of now, of the year before and of the years, what the pace leads to, and the plan's whole period."""

    now: Coverage
    before: Before | None
    years: tuple[Year, ...]
    outlook: Outlook
    period: Coverage | None  # beside a year of it

    def as_json(self) -> dict[str, Any]:
        """Return the answer as commands print it and programs read it."""
        told = self.now.as_json()
        for row, line in ((self.now.total, told["total"]), *zip(self.now.rows, told["rows"], strict=True)):
            line["year_before"] = self._before_of(row)
        return told | {
            "outlook": self.outlook.as_json(),
            "trend": [one.as_json() for one in self.years],
            "whole_period": self.period and self.period.total.as_json() | {
                "since": self.period.since.isoformat(), "until": str(self.period.period and self.period.period[1]),
                "cohort": self.period.plan and self.period.plan.period_cohort.value,
            },
        }  # fmt: skip

    def _before_of(self, row: Row) -> dict[str, Any] | None:
        if self.before is None:
            return None
        was = self.before.total if row is self.now.total else self.before.rows.get(row.label)
        if was is None:
            return None
        tenths = change_in_tenths(row, was)
        change = None if tenths is None else tenths / 10
        return {"open": was.open, "inspected": was.inspected, "share": was.share, "change": change}


def answer(conn: sqlite3.Connection, **asked: Any) -> Answer:
    """Answer what `coverage` is asked, and what stands beside it; called within one read transaction."""
    now = coverage(conn, **asked)
    return Answer(
        now, year_before(conn, now, **asked), trend(conn, now, **asked), outlook(now), _whole_period(conn, now, asked)
    )  # fmt: skip


def _whole_period(conn: sqlite3.Connection, now: Coverage, asked: dict[str, Any]) -> Coverage | None:
    plan = None if now.period else Plans(conn, asked["tree"]).with_period(asked.get("unit"), now.year)
    if plan is None:
        return None
    period = date.fromisoformat(plan.since), date.fromisoformat(plan.until)
    return coverage(conn, **asked | {"period": period, "by": "unit", "target": None})

