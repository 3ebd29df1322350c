"""The work of a year as data: tasks, inspections of the communes' own work, reviews of the register, proposals."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from schemas.work import Decided, Renewal, TaskStanding


@dataclass(frozen=True)
class YearTask:
    """One piece of work of a year; *id* is empty until something is written down of it.

    *special*: `january_plan` or `renewal`, which the law and the plans order of everybody; empty for any other.
    *due* is the last day on which it is in time, empty where the plan names none.
    """

    id: str
    plan: str
    plan_name: str
    plan_number: str
    code: str
    special: str
    name: str
    heading: str
    sentence: str
    time: str
    lead: tuple[str, ...]
    help: tuple[str, ...]
    due: str
    standing: TaskStanding
    overdue: bool
    on: str = ""
    paper_number: str = ""
    paper_on: str = ""
    paper_body: str = ""
    note: str = ""
    reason: str = ""
    file: str = ""
    file_name: str = ""

    @property
    def left(self) -> bool:
        """Whether something is still to be done."""
        return self.standing in (TaskStanding.TO_DO, TaskStanding.DOING)


@dataclass(frozen=True)
class TeamRenewal:
    """One team of the area and whether its decision was renewed in the first quarter; *since*: of the decision."""

    team: str
    name: str
    unit: str
    standing: Renewal
    decision: str
    since: str
    until: str


@dataclass(frozen=True)
class Answered:
    """One question of the checklist with what was found; an empty *answer*: not asked in that version."""

    code: str
    answer: str
    note: str


@dataclass(frozen=True)
class UnitInspection:
    """One inspection of a unit's own work. It is of no establishment and never counts towards their share."""

    id: str
    unit: str
    on: str
    team: str
    team_name: str
    body: str
    members: int
    agencies: tuple[str, ...]
    version: int
    answers: tuple[Answered, ...]
    findings: str
    recommendations: str
    mend_by: str
    mended_on: str
    mended_how: str
    number: str
    void: str
    overdue: bool

    def count(self, answer: str) -> int:
        """Count the questions that were answered so."""
        return sum(one.answer == answer for one in self.answers)

    @property
    def open(self) -> bool:
        """Whether something that was found is still to be mended."""
        return bool(not self.void and not self.mended_on and (self.mend_by or self.count("fail")))


@dataclass(frozen=True)
class Asked:
    """How many of the communes a plan asks to be inspected in a year; *percent* None: it names no number."""

    plan: str
    plan_name: str
    code: str
    percent: int | None
    sentence: str


@dataclass(frozen=True)
class Review:
    """A commune's review of its list in a year: what was found between the confirmation before it and it.

    Each place is counted once: as new, else merged, else closed, else changed. *since* is the confirmation before, or
    empty; *on* the one of this year, empty while there is none: then what was found is counted up to today.
    *no_kind* and *later* (places changed after the confirmation) stand as of today.
    """

    commune: str
    places: int
    since: str
    on: str
    by: str
    new: int
    closed: int
    merged: int
    changed: int
    no_kind: int
    later: int
    proposals: int
    waiting: int

    @property
    def done(self) -> bool:
        """Whether the list was confirmed in the year."""
        return bool(self.on)


@dataclass(frozen=True)
class Proposal:
    """What a commune proposes after its review, and what was decided of it."""

    id: str
    unit: str
    year: int
    asks: str
    text: str
    establishment: str
    place_name: str
    proposed_on: str
    paper: str
    standing: Decided
    decided_on: str
    reason: str


@dataclass(frozen=True)
class Work:
    """The work of a year of a unit as known on a day.

    *communes*: how many communes of the unit's map lie in it, and *inspected* how many of them had their own work
    inspected, each once; inspections of other units in the area are in *inspections* too.
    """

    unit: str
    year: int
    as_of: str
    tasks: tuple[YearTask, ...]
    teams: tuple[TeamRenewal, ...]
    communes: int
    inspected: int
    inspections: tuple[UnitInspection, ...]
    asked: tuple[Asked, ...]
    reviews: tuple[Review, ...]
    proposals: tuple[Proposal, ...]

    @property
    def reviewed(self) -> int:
        """How many communes confirmed their list in the year."""
        return sum(one.done for one in self.reviews)

    def standing(self, *standings: TaskStanding) -> int:
        """Count the tasks that stand so."""
        return sum(one.standing in standings for one in self.tasks)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, as a frozen return keeps it."""
        found: dict[str, Any] = plain(asdict(self))
        return found | {"reviewed": self.reviewed}


def plain(value: Any) -> Any:
    """Return *value* as JSON holds it: lists, maps, words of choices."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.value if isinstance(value, StrEnum) else value
