"""Which days a return covers and by when it is due: from the plan's period and deadline, and what is usual. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.plans import Report
from schemas.units import Epoch, UnitTree
from server.due.days import days as calendar_days
from server.plans.listing import Deadline, Plan

_DAY = timedelta(days=1)
REPORTS = (Report.HALF_YEAR, Report.YEAR, Report.QUARTER, Report.AD_HOC, Report.END_OF_PERIOD)


@dataclass(frozen=True)
class Days:
    """The days of a return, both in it; *due* as the plan writes it (before it where *strict*), None: on request."""

    since: date
    until: date
    due: date | None
    strict: bool

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in time."""
        return self.due - _DAY * self.strict if self.due else None


def deadline_of(plan: Plan, report: Report, unit: str, code: str = "") -> Deadline | None:
    """Return the deadline of *plan* for a report of *unit*: the compiled one for the plan's own unit, else the first.

    A *code* (or place) that is named goes before.
    """
    found = [one for one in plan.deadlines if one.report == report]
    if code:
        return next((one for one in plan.deadlines if code in (one.code, one.place)), None)
    own = [one for one in found if bool(one.compiles) == (unit == plan.unit)]
    return next(iter(own + found), None)


def days_of(plan: Plan, report: Report, deadline: Deadline | None, year: int) -> Days:
    """Return the days of a report that end in a year, as the calendar has them; by when it is due as the plan says."""
    strict = deadline.strict if deadline else False
    for due_in in (year, year + 1):  # a year's report may be due in the spring after
        last_day = deadline.last_day(due_in) if deadline else None
        since, until = calendar_days(plan, deadline, last_day) if deadline and last_day else (None, None)
        if since and until and last_day and until.year == year:
            return Days(since, until, last_day + _DAY * strict, strict)
    since = date.fromisoformat(plan.since) if report is Report.END_OF_PERIOD else date(year, 1, 1)
    return Days(since, date(year, 6, 30) if report is Report.HALF_YEAR else date(year, 12, 31), None, strict)


def quarter_days(year: int, quarter: int) -> Days:
    """Return the days of a quarter; TT 05/2006 names no day by which its report is due."""
    last = 3 * quarter
    return Days(date(year, last - 2, 1), date(year, last, monthrange(year, last)[1]), None, False)


def period_words(report: Report, days: Days, year: int) -> str:
    """Say which days a return is about, as its title does: 6 tháng đầu năm 2026."""
    match report:
        case Report.HALF_YEAR:
            return f"6 tháng đầu năm {year}"
        case Report.YEAR:
            return f"năm {year}"
        case Report.QUARTER:
            return f"quý {_ROMAN[(days.until.month + 2) // 3]} năm {year}"
        case Report.END_OF_PERIOD:
            return f"giai đoạn {days.since.year} - {days.until.year}"
    return f"từ ngày {days.since:%d/%m/%Y} đến ngày {days.until:%d/%m/%Y}"


_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def issuing(tree: UnitTree, unit: str) -> dict[str, str | None]:
    """Return the head of a first return of *unit*: what a people's committee writes, to be put right by hand."""
    found = tree.get(unit)
    named = found.name if found else unit
    return {
        "issuer_above": None, "issuer": f"ỦY BAN NHÂN DÂN {named.upper()}", "symbol": "BC-UBND",
        "place": named.partition(" ")[2].removeprefix("phố ").removeprefix("xã ").removeprefix("trấn ") or named,
        "authority": "TM. ỦY BAN NHÂN DÂN", "signing": None, "role": "CHỦ TỊCH", "signer": None,
    }  # fmt: skip


def epoch_of(unit: str) -> tuple[Epoch, str]:
    """Return map and code of a unit's key."""
    epoch, _, code = unit.partition(":")
    return Epoch(epoch), code
