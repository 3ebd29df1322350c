"""What the minutes of a period say in sums: workers and their papers as counts, and each condition of the checklist."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.checklists import Answer, ChecklistItem, checklist
from schemas.units import UnitTree
from server.coverage.question import EVERY_KIND, ask
from server.indicators.visits import bodies

COUNTS = ("contract", "health_papers", "commitment", "informed")


@dataclass(frozen=True)
class Workers:
    """Of the workers at the places whose minutes say both numbers, how many have one thing; *visits*: these minutes."""

    what: str
    count: int
    total: int
    visits: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """One item of the checklist over the places that were inspected: of each the last visit that answered it."""

    item: ChecklistItem
    passed: int
    failed: int
    not_applicable: int
    unchecked: int
    failed_visits: tuple[str, ...]

    @property
    def answered(self) -> int:
        """How many places were looked at for it."""
        return self.passed + self.failed


@dataclass(frozen=True)
class Records:
    """Both, for an area and the days from *first* to *last*; *places*: how many have counting minutes."""

    unit: str
    first: date
    last: date
    places: int
    workers: tuple[Workers, ...]
    conditions: tuple[Condition, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as programs read it."""
        return {
            "unit": self.unit, "since": self.first.isoformat(), "until": self.last.isoformat(), "places": self.places,
            "workers": [{"what": one.what, "count": one.count, "total": one.total, "visits": list(one.visits)}
                        for one in self.workers],
            "conditions": [
                {"item": one.item.code, "kinds": list(one.item.kinds), "passed": one.passed, "failed": one.failed,
                 "not_applicable": one.not_applicable, "unchecked": one.unchecked,
                 "failed_visits": list(one.failed_visits)}
                for one in self.conditions
            ],
        }  # fmt: skip


@dataclass
class _Sums:
    """What was added up so far; of a place the first that comes counts, which is its last visit."""

    workers: dict[str, dict[str, tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, dict[str, tuple[str, Answer]]] = field(default_factory=lambda: defaultdict(dict))
    places: set[str] = field(default_factory=set)

    def add(self, visit: str, place: str, body: Mapping[str, Any]) -> None:
        self.places.add(place)
        counts = body.get("workers") or {}
        total = counts.get("total")
        for what in COUNTS:
            count = body.get("informed") if what == "informed" else counts.get(what)
            if total is not None and count is not None:
                self.workers[what].setdefault(place, (visit, min(int(count), int(total)), int(total)))
        for code, answer in (body.get("answers") or {}).items():
            self.answers[code].setdefault(place, (visit, Answer(answer)))


def records(
    conn: sqlite3.Connection, tree: UnitTree, unit: str, days: tuple[date, date], kinds: tuple[str, ...] = ()
) -> Records:  # fmt: skip
    """Add up the counting visits of an area and a period; called within one read transaction."""
    found = tree.get(unit)
    if found is None:
        raise LookupError(unit)
    first, last = days
    question = ask(conn, tree, found.epoch, unit, year=last.year, as_of=last, kinds=kinds or EVERY_KIND, period=days)
    sums = _Sums()
    for visit, place, body in bodies(conn, question):
        sums.add(visit, place, body)
    workers = tuple(_workers(what, sums.workers[what]) for what in COUNTS)
    return Records(unit, first, last, len(sums.places), workers, tuple(_conditions(sums, last)))


def _workers(what: str, of_places: Mapping[str, tuple[str, int, int]]) -> Workers:
    said = of_places.values()
    visits = tuple(sorted(visit for visit, _, _ in said))
    return Workers(what, sum(one[1] for one in said), sum(one[2] for one in said), visits)


def _conditions(sums: _Sums, day: date) -> list[Condition]:
    """Return the items that were answered, in the checklist's order, each as it is worded on *day* or was last."""
    items: dict[str, ChecklistItem] = {}
    for item in checklist():
        if item.code not in items or _begun(item, day):
            items[item.code] = item
    return [_condition(items[code], sums.answers[code]) for code in items if code in sums.answers]


def _begun(item: ChecklistItem, day: date) -> bool:
    return item.valid_from is None or item.valid_from <= day


def _condition(item: ChecklistItem, of_places: Mapping[str, tuple[str, Answer]]) -> Condition:
    counts = dict.fromkeys(Answer, 0)
    for _, answer in of_places.values():
        counts[answer] += 1
    failed = tuple(sorted(visit for visit, answer in of_places.values() if answer is Answer.FAIL))
    passed, not_applicable, unchecked = (counts[one] for one in (Answer.PASS, Answer.NA, Answer.UNCHECKED))
    return Condition(item, passed, len(failed), not_applicable, unchecked, failed)
