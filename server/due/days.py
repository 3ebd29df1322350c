"""When a deadline of a plan comes, which days its report covers, and how the plan says the day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.plans import Report
from server.plans.listing import Deadline, Plan

_DAY = timedelta(days=1)
_COVER_DAYS = {Report.HALF_YEAR, Report.YEAR, Report.QUARTER, Report.END_OF_PERIOD}


@dataclass(frozen=True)
class Coming:
    """A deadline in one year: its last day, where a day is named, and the days of the report, both in it."""

    deadline: Deadline
    last_day: date | None
    first: date | None
    cut_off: date | None


def coming(plan: Plan, since: date, until: date) -> Iterator[Coming]:
    """Return what of *plan* is due between two days, both in it, and what has no day where the plan holds then."""
    for deadline in plan.deadlines:
        if not deadline.due:
            if plan.since <= until.isoformat() and _end(plan) >= since.isoformat():
                yield Coming(deadline, None, None, None)
            continue
        for year in range(since.year, until.year + 2):  # before 1 January is the year before
            last = deadline.last_day(year)
            if last is None or not since <= last <= until:
                continue
            first, cut_off = days(plan, deadline, last)
            if _holds(plan, deadline, last, cut_off or last):
                yield Coming(deadline, last, first, cut_off)


def _holds(plan: Plan, deadline: Deadline, last: date, of: date) -> bool:
    """Say whether the plan asks for it: of days in its years, or in a year that it names; never once it is closed."""
    if plan.closed_on and plan.closed_on <= last.isoformat():
        return False
    return deadline.year is not None or plan.since <= of.isoformat() <= plan.until


def _end(plan: Plan) -> str:
    return min(plan.until, plan.closed_on or plan.until)


def days(plan: Plan, deadline: Deadline, last: date) -> tuple[date | None, date | None]:
    """Return the first day and the cut-off day: as the plan says, else from 1 January to the day before the last."""
    if deadline.report not in _COVER_DAYS:
        return None, None
    if deadline.report == Report.END_OF_PERIOD:
        return date.fromisoformat(plan.since), _cut_off(plan, deadline, last)
    said = next((one for one in plan.periods if one.report == deadline.report), None)
    cut_off = _cut_off(plan, deadline, last)
    first = _on(said.first, cut_off.year) if said else date(cut_off.year, 1, 1)
    return (first if first <= cut_off else _on(said.first, cut_off.year - 1) if said else first), cut_off


def _cut_off(plan: Plan, deadline: Deadline, last: date) -> date:
    """Return the cut-off day that is nearest to the last day of sending."""
    said = next((one for one in plan.periods if one.report == deadline.report), None)
    if said is None:
        early = deadline.report == Report.YEAR and last.month <= 3  # the year before is meant
        return date(last.year - 1, 12, 31) if early else last - _DAY
    near = [_on(said.cut_off, year) for year in (last.year - 1, last.year, last.year + 1)]
    return min(near, key=lambda day: abs(day - last))


def _on(month_day: str, year: int) -> date:
    """Return a day of a year; of 29 February that of 28 where the year has none."""
    month, day = map(int, month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)

