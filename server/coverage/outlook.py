"""What the present pace leads to: whether it keeps up with the calendar, what it needs, where it ends. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from server.coverage.figures import Coverage

TOO_EARLY = 30  # days of a year or period after which a pace says something


@dataclass(frozen=True)
class Outlook:
    """The pace towards the deadline, and the year at that pace; what nothing can be said of is None."""

    deadline: date  # the last day on which the target may be reached
    days_left: int
    in_time: bool | None  # None: no target, reached, or no time left
    each_week: int | None  # so many places a week are needed from here on, rounded up
    projected: int | None  # inspected by the end of the year or period, at the pace so far
    projected_met: bool | None

    def as_json(self) -> dict[str, Any]:
        """Return it as commands and programs read it."""
        return {
            "deadline": self.deadline.isoformat(), "days_left": self.days_left, "in_time": self.in_time,
            "each_week": self.each_week, "projected": self.projected, "projected_met": self.projected_met,
        }  # fmt: skip


def outlook(answer: Coverage) -> Outlook:
    """Look ahead from the as-of day of *answer*; the places that are open now are taken to stay so."""
    total, as_of = answer.total, answer.as_of
    last = answer.period[1] if answer.period else date(answer.year, 12, 31)
    deadline = deadline_of(answer, last)
    left = max((deadline - as_of).days, 0)
    works = bool(total.remaining) and left > 0
    projected = _projected(answer, last)
    return Outlook(
        deadline=deadline,
        days_left=left,
        in_time=_in_time(answer, deadline) if works else None,
        each_week=-(-(total.remaining or 0) * 7 // left) if works else None,
        projected=projected,
        projected_met=None if projected is None or total.required is None else projected >= total.required,
    )


def deadline_of(answer: Coverage, last: date) -> date:
    """Return the day by which the plan wants the target reached; where it does not say, the *last* one."""
    due = answer.plan.due.get(answer.year) if answer.plan and not answer.period else None
    return date.fromisoformat(due) if due else last


def _in_time(answer: Coverage, deadline: date) -> bool:
    """Compare the part that is done with the part of the time that has passed, as whole numbers."""
    whole, past = (deadline - answer.since).days + 1, (answer.as_of - answer.since).days + 1
    return answer.total.inspected * whole >= (answer.total.required or 0) * past


def _projected(answer: Coverage, last: date) -> int | None:
    whole, past = (last - answer.since).days + 1, (answer.as_of - answer.since).days + 1
    if past < TOO_EARLY or answer.as_of >= last or not answer.total.open:
        return None
    return min(answer.total.open, answer.total.inspected * whole // past)
