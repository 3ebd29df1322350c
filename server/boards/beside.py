"""Two plans side by side, where they differ: what each asks for, and by when the reports on it are due."""

from dataclasses import dataclass

from schemas.issued_plans import differing
from schemas.plans import Report
from server.plans.listing import Deadline, Indicator, Plan

COMPARED = (Report.HALF_YEAR, Report.YEAR)


@dataclass(frozen=True)
class DuePair:
    """The deadline of one report in each plan; *compiled*: of what is put together of the reports from below."""

    report: str
    compiled: bool
    ours: Deadline | None
    theirs: Deadline | None


@dataclass(frozen=True)
class Beside:
    """The other plan, and where the two differ."""

    other: Plan
    indicators: tuple[tuple[Indicator, Indicator], ...]
    deadlines: tuple[DuePair, ...]


def beside(ours: Plan, theirs: Plan) -> Beside:
    """Return where two plans differ; indicators that mean the same have the same code after the first letter."""
    pairs = ((report, compiled) for report in COMPARED for compiled in (False, True))
    dues = (DuePair(report.value, compiled, _due(ours, report, compiled=compiled),
                    _due(theirs, report, compiled=compiled)) for report, compiled in pairs)  # fmt: skip
    return Beside(theirs, tuple(differing(ours, theirs)), tuple(one for one in dues if _differ(one)))


def _due(plan: Plan, report: Report, *, compiled: bool) -> Deadline | None:
    return next((one for one in plan.deadlines if one.report == report and bool(one.compiles) is compiled), None)


def _differ(one: DuePair) -> bool:
    return bool(one.ours and one.theirs) and _when(one.ours) != _when(one.theirs)


def _when(one: Deadline | None) -> tuple[str, bool] | None:
    return (one.due, one.strict) if one else None


def other(ours: Plan, offered: tuple[Plan, ...], wanted: str) -> Plan | None:
    """Return the plan to stand beside: the one that is asked for; else one of another level and the same years.

    Where no plan shares its years, the one that it was copied from; where there is none, nothing.
    """
    rest = [one for one in offered if one.id != ours.id]
    if wanted:
        return next((one for one in rest if one.id == wanted), None)
    shared = (one for one in rest if one.unit != ours.unit and one.since <= ours.until and ours.since <= one.until)
    return next(shared, None) or next((one for one in rest if one.id == ours.renews), None)
