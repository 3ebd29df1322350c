"""The reports of a plan that figures are entered for: which days each covers, in each year of the plan. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.fields import is_day
from schemas.plans import Report
from server.plans.listing import Plan

ASKED = (Report.HALF_YEAR, Report.YEAR)  # what a plan that names no periods is reported on
_DEFAULT = {Report.HALF_YEAR: "06-30", Report.YEAR: "12-31"}


@dataclass(frozen=True)
class Asked:
    """One report: its kind and its days, both in it."""

    report: str
    first: date
    last: date

    @property
    def key(self) -> str:
        """The one word that names it in an address."""
        return f"{self.report}:{self.first.isoformat()}:{self.last.isoformat()}"


def periods(plan: Plan, today: date) -> list[Asked]:
    """Return the reports of *plan* whose days have begun, the latest first; all of them where none has."""
    first, last = (date.fromisoformat(day) for day in (plan.since, plan.until))
    found = [one for year in range(first.year, last.year + 1) for one in _of_year(plan, year)]
    found.sort(key=lambda one: (one.last, one.report == Report.YEAR), reverse=True)
    return [one for one in found if one.first <= today] or found


def present(plan: Plan, today: date) -> Asked:
    """Return the report that is being worked on: the next to be cut off, the last one where all are past."""
    found = periods(plan, today)
    ahead = [one for one in found if one.last >= today - timedelta(days=30)]
    return (ahead or found[:1])[-1]


def read(key: str) -> Asked | None:
    """Return the report that an address names, None where it names none."""
    report, _, days = key.partition(":")
    first, _, last = days.partition(":")
    if report not in list(Report) or not (is_day(first) and is_day(last)) or last < first:
        return None
    return Asked(report, date.fromisoformat(first), date.fromisoformat(last))


def _of_year(plan: Plan, year: int) -> Iterator[Asked]:
    named = {(one.report, one.first, one.cut_off) for one in plan.periods if one.report != Report.OTHER}
    kinds = {report for report, _, _ in named}
    for report, first, cut_off in sorted(named):
        last = _day(year, cut_off)
        begins = _day(year, first)
        if report == Report.END_OF_PERIOD:
            if year == int(plan.until[:4]):
                yield Asked(report, date.fromisoformat(plan.since), last)
        else:
            yield Asked(report, begins if begins <= last else _day(year - 1, first), last)
    for kind in ASKED:
        if kind not in kinds:
            yield Asked(kind.value, date(year, 1, 1), _day(year, _DEFAULT[kind]))


def _day(year: int, month_day: str) -> date:
    month, day = map(int, month_day.split("-"))
    return date(year, month, day) if (month, day) != (2, 29) else date(year, 3, 1) - timedelta(days=1)
