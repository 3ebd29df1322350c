"""What the calendar says of one deadline of one unit: plain values, for pages, programs, papers and reminders."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a deadline of one unit stands on a day; the most urgent first."""

    OVERDUE = "overdue"
    DUE = "due"  # within 14 days
    TO_COME = "to_come"
    NO_DAY = "no_day"  # on request, all year round, or a day that no source names
    LATE_SENT = "late_sent"
    SENT = "sent"
    NOT_DONE = "not_done"  # what is no report, and is not to be done, with a reason


SENT = frozenset({Standing.SENT, Standing.LATE_SENT})
CLOSED = SENT | {Standing.NOT_DONE}


@dataclass(frozen=True)
class Missing:
    """What is still missing: *what* is values, units, laptops or number; *units* are the keys of units that lack it."""

    what: str
    count: int
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clash:
    """Another deadline for the same report of the same unit that comes earlier."""

    plan: str
    plan_name: str
    code: str
    name: str
    receiver: str
    before: str
    strict: bool
    last_day: str


@dataclass(frozen=True)
class Due:
    """One deadline of one unit. Days are ISO, empty where there is none; *before* is the day as the plan says it.

    *deadline* is its place in the plan. *in_place_of*: the unit of the map that ended; *stands_for*: the same where
    the return itself is of that unit. *days*: left until *last_day*, less than nothing where it is over. *go_by*: the
    day that reminders go by, earlier than *last_day* where another plan wants the same report sooner (*clash*).
    *return_id*: of what was sent, else of the draft. *confidence* and *caution* are of a source that is no plan.
    """

    plan: str
    plan_name: str
    plan_number: str
    plan_unit: str
    code: str
    deadline: str
    report: str
    name: str
    unit: str
    sender: str
    receiver: str
    words: str
    before: str
    last_day: str
    first: str
    cut_off: str
    standing: Standing
    days: int | None = None
    strict: bool = True
    sent_on: str = ""
    return_id: str = ""
    version: int = 0
    number: str = ""
    every: str = "year"
    compiles: str = ""
    in_place_of: str = ""
    stands_for: str = ""
    go_by: str = ""
    clash: Clash | None = None
    missing: tuple[Missing, ...] = ()
    confidence: str = ""
    caution: str = ""

    @property
    def key(self) -> str:
        """What names it for ever: plan, deadline, unit, and of which days."""
        return "/".join((self.plan or "-", self.deadline, self.unit, self.cut_off or self.last_day or "-"))

    @property
    def return_unit(self) -> str:
        """The unit of its return: the one that ended, where *unit* compiles it in that one's place."""
        return self.stands_for or self.unit

    @property
    def open(self) -> bool:
        """Whether it is still to be sent, or done."""
        return self.standing not in CLOSED
