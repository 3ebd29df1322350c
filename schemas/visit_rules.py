"""Rules of a visit: what is pointed out while it is written down. They mark and never block; they are data.

What each one says, and where it stands in law, is in data/visit_rules.toml; here is when it holds.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from schemas import data
from schemas.checklists import Answer, checklist
from schemas.data import files
from schemas.duties import minors
from schemas.inspections import QUORUM, Basis, Outcome, Trigger

Body = Mapping[str, Any]
Said = tuple[str, dict[str, Any]]  # the rule's id, and what its words are filled in with
COPIES = 2


@dataclass(frozen=True)
class Rule:
    """One rule as the data has it; see the head of the file."""

    id: str
    field: str
    words: str
    words_en: str
    source: str
    mark: str
    confirmed_by: str


@dataclass(frozen=True)
class Point:
    """What is pointed out at a field, in one sentence."""

    rule: Rule
    words: str


@dataclass(frozen=True)
class ClosedHours:
    """Hours of the night in which a kind of place must be closed."""

    kind: str
    since: int
    until: int
    item: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Expected:
    """A paper that places of some kinds are to hold."""

    type: str
    kinds: tuple[str, ...]
    source: str
    mark: str
    confirmed_by: str


@dataclass(frozen=True)
class Known:
    """What is known beside the visit itself: the place's kinds, a check this year, cards past their day."""

    kinds: tuple[str, ...] = ()
    clash: bool = False
    expired_cards: int = 0
    open_findings: int = 0


@dataclass(frozen=True)
class Child:
    """What to do where people under 18 work: the national number and the steps."""

    number: str
    number_words: str
    steps: tuple[str, ...]
    confirmed_by: str
    english: dict[str, str] = field(default_factory=dict)


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(packaged(data).joinpath(name).read_text(encoding="utf-8"))


@cache
def rules() -> dict[str, Rule]:
    """Read every rule that comes with the program, by its id."""
    return {cells["id"]: Rule(**cells) for cells in _file("visit_rules.toml")["rule"]}


def soon_days() -> int:
    """Return within how many days the end of a paper is pointed out."""
    return int(_file("visit_rules.toml")["soon_days"])


@cache
def expected_papers() -> tuple[Expected, ...]:
    """Read which papers are expected of which kinds."""
    return tuple(Expected(**{**cells, "kinds": tuple(cells["kinds"])}) for cells in _file("visit_rules.toml")["paper"])


@cache
def closed_hours() -> tuple[ClosedHours, ...]:
    """Read the hours in which places must be closed."""
    return tuple(
        ClosedHours(
            cells["kind"], cells["from"], cells["to"], cells["item"],
            files.day(cells["valid_from"]), files.day(cells["valid_to"]),
        )
        for cells in _file("visit_rules.toml")["closed_hours"]
    )  # fmt: skip


@cache
def child_protection() -> Child:
    """Read what to do where people under 18 work."""
    cells = _file("child_protection.toml")
    english = dict(zip(cells["steps"], cells["steps_en"], strict=True))
    english[cells["number_words"]] = cells["number_words_en"]
    return Child(cells["number"], cells["number_words"], tuple(cells["steps"]), cells["confirmed_by"], english)


def points(body: Body, known: Known) -> list[Point]:
    """Return what is pointed out in a visit, in the order of the file; *body* may be half written and wrong."""
    said: dict[str, dict[str, Any]] = dict(_said(body, known))
    return [Point(rule, rule.words % said[rule.id]) for rule in rules().values() if rule.id in said]


def _said(body: Body, known: Known) -> Iterator[Said]:
    yield from _members(body, known)
    yield from _grounds(body, known)
    if _inspected(body):
        yield from _at_the_place(body, known)


def _inspected(body: Body) -> bool:
    """Say whether something was inspected; a draft that has no outcome yet is taken for a visit."""
    outcome = str(body.get("outcome"))
    return outcome not in set(Outcome) or Outcome(outcome).counts


def _members(body: Body, known: Known) -> Iterator[Said]:
    present = _rows(body, "members")
    if len(present) < QUORUM:
        yield "quorum", {"n": f"{len(present):02d}"}
    if without := sum(not str(one.get("card") or "").strip() for one in present):
        yield "card-missing", {"n": f"{without:02d}"}
    if known.expired_cards:
        yield "card-expired", {"n": f"{known.expired_cards:02d}"}


def _grounds(body: Body, known: Known) -> Iterator[Said]:
    """Point out what a second check in a year, and an unscheduled one, must be able to show.

    A re-check of findings is not taken for another check: whether the law does is to be confirmed.
    """
    basis, ground, evidence = body.get("basis"), _text(body, "ground"), _text(body, "evidence")
    if basis == Basis.UNSCHEDULED and not evidence:
        yield "evidence", {}
    if not known.clash or basis == Basis.RECHECK:
        return
    if basis == Basis.PLANNED and not ground:
        yield "planned-again", {}
    if basis == Basis.UNSCHEDULED and body.get("trigger") == Trigger.REQUEST:
        yield "request-alone", {}
    if not ground or not evidence:
        yield "again-without-signs", {}


def _at_the_place(body: Body, known: Known) -> Iterator[Said]:
    if body.get("basis") == Basis.RECHECK and not _rows(body, "followed"):
        yield "recheck-of-nothing", {}
    if not _text(body, "representative"):
        yield "no-representative", {}
    if body.get("crime_signs") is True:
        yield "crime-signs", {}
    if type(body.get("copies")) is int and body["copies"] < COPIES:
        yield "copies", {}
    yield from _violations(body)
    yield from _workers(body)
    yield from _hours(body, known.kinds)


def _violations(body: Body) -> Iterator[Said]:
    uncoded = [one for one in _rows(body, "violations") if not one.get("code") and not _text(one, "citation")]
    if uncoded:
        yield "outside-catalogue", {"n": f"{len(uncoded):02d}"}
    failed = _failed(body)
    if failed and body.get("outcome") == Outcome.NO_VIOLATION:
        yield "failed-without-violation", {"n": f"{failed:02d}"}


def _failed(body: Body) -> int:
    answers = body.get("answers")
    advisory = {item.code for item in checklist() if item.advisory}
    said = answers.items() if isinstance(answers, Mapping) else ()
    return sum(answer == Answer.FAIL and code not in advisory for code, answer in said)


def _workers(body: Body) -> Iterator[Said]:
    if (count := minors(body)) and body.get("child_called") is not True:
        yield "child", {"n": f"{count:02d}"}
    counts = body.get("workers")
    numbers = {key: n for key, n in counts.items() if type(n) is int} if isinstance(counts, Mapping) else {}
    if "total" in numbers and max(numbers.values()) > numbers["total"]:
        yield "counts", {}


def _hours(body: Body, kinds: Collection[str]) -> Iterator[Said]:
    if body.get("found_working") is not True:
        return
    for hours in closed_hours():
        if hours.kind in kinds and _valid(hours, body) and _within(body, hours):
            if _answer(body, hours.item) != Answer.FAIL:
                yield "hours", {"from": hours.since, "to": hours.until, "item": hours.item}
            return


def _valid(hours: ClosedHours, body: Body) -> bool:
    try:
        return files.covers(hours.valid_from, hours.valid_to, date.fromisoformat(_text(body, "date")))
    except ValueError:
        return False


def _within(body: Body, hours: ClosedHours) -> bool:
    """Say whether the team was there in the closed hours: from the start to the end, over midnight."""
    start, end = _minutes(body, "started"), _minutes(body, "ended")
    if start is None:
        return False
    last = start if end is None else end + (24 * 60 if end < start else 0)
    closed = [(hours.since * 60 + day, hours.until * 60 + day) for day in (0, 24 * 60)]
    return any(start < until and last >= since for since, until in closed)


def _minutes(body: Body, key: str) -> int | None:
    hour, colon, minute = _text(body, key).partition(":")
    return int(hour) * 60 + int(minute) if colon and hour.isdecimal() and minute.isdecimal() else None


def _answer(body: Body, code: str) -> Any:
    answers = body.get("answers")
    return answers.get(code) if isinstance(answers, Mapping) else None


def _rows(body: Body, key: str) -> list[Body]:
    value = body.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    return value.strip() if isinstance(value, str) else ""
