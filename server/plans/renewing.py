"""A plan carried to other years or another area: years moved, units and bodies that are no more replaced, on record."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from schemas import data
from schemas.register import State

GROUPS = ("indicator", "deadline", "task")
GONE_COUNTS = {"district": "commune"}  # of plans for the map in force since 1 July 2025
_YEAR = re.compile(r"(?<![\d/])(20\d\d)(?!\d)")
_MOVED = ("name", "english", "numerator", "denominator", "time")  # our words; a sentence stays as it was issued
_NAMED = ("name", "numerator", "denominator", "reports", "to", "lead", "help", "sender", "receiver")
_OF_ITSELF = ("closed_on", "closed_reason", "number", "invented", "from", "to", "issued", "issued_by")


@dataclass(frozen=True)
class Body:
    """A name that a plan says and that is no more, and what took its place; *mark*: the text that says so."""

    was: str
    now: str
    mark: str


@cache
def bodies() -> tuple[Body, ...]:
    """Return the bodies that are no more, the longest names first."""
    said = tomllib.loads(packaged(data).joinpath("bodies.toml").read_text(encoding="utf-8"))
    return tuple(sorted((Body(**row) for row in said["body"]), key=lambda one: -len(one.was)))


def moved(present: State, by: int) -> State:
    """Return what is copied of a plan, so many years later; what belongs to the one plan alone stays behind."""
    copied = {path: value for path, value in present.items() if path not in _OF_ITSELF and value is not None}
    first, last = int(present["from"][:4]) - 1, int(present["to"][:4])
    copied = {path: _later_part(value, by, (first, last)) if "/" in path else value for path, value in copied.items()}
    copied["name"] = later_text(present["name"], by, (first, last))
    copied["targets"] = [_later(one, by) for one in present["targets"]]
    return copied


def later_text(text: str, by: int, years: tuple[int, int]) -> str:
    """Return *text* with the plan's own years moved; the years of laws and decisions (…/2004) stay."""
    first, last = years
    return _YEAR.sub(lambda one: str(int(one[0]) + by) if first <= int(one[0]) <= last else one[0],
                     _quarters(text, by, years))  # fmt: skip


def _quarters(text: str, by: int, years: tuple[int, int]) -> str:
    """Move the year of “Quý I/2023”."""
    said = re.compile(r"(Quý (?:I{1,3}|IV)/)(20\d\d)\b")
    return said.sub(lambda one: one[1] + str(int(one[2]) + (by if years[0] <= int(one[2]) <= years[1] else 0)), text)


def _later_part(value: Any, by: int, years: tuple[int, int]) -> Any:
    worded = {key: later_text(value[key], by, years) for key in _MOVED if value.get(key)}
    return {**_later(value, by), **worded}


def _later(said: dict[str, Any], by: int) -> dict[str, Any]:
    """Return a target or a deadline of a single year as it stands so many years later."""
    changed = {**said, "year": said["year"] + by} if said.get("year") else said
    due = str(said.get("due") or "")
    return {**changed, "due": f"{int(due[:4]) + by:04d}{due[4:]}"} if len(due) == len("2026-11-30") else changed


def within(targets: list[dict[str, Any]], since: str, until: str) -> list[dict[str, Any]]:
    """Return the targets of the years from *since* to *until*: a plan may be copied for fewer years."""
    return [one for one in targets if since[:4] <= str(one["year"]) <= until[:4]]


def gone_counts(state: State) -> dict[str, int]:
    """Return the units that indicators count and that are no more, with how many count them."""
    counted = [value.get("counts") for _, value in _parts(state) if value]
    return {unit: counted.count(unit) for unit in GONE_COUNTS if unit in counted}


def gone_bodies(state: State) -> list[tuple[Body, int]]:
    """Return the bodies that the plan names and that are no more, with how often; a longer name is counted first."""
    texts = [text for _, value in _parts(state) if value for text in _texts(value)]
    found = []
    for body in bodies():
        times = sum(_replace(text, body.was, "") != text for text in texts)
        texts = [_replace(text, body.was, "") for text in texts]
        if times:
            found.append((body, times))
    return found


def replaced(state: State, counts: Mapping[str, str], names: Mapping[str, str], reason: str) -> State:
    """Return the plan with units of counting and names replaced; each indicator keeps what it counted, and why."""
    ordered = sorted(((was, now) for was, now in names.items() if now), key=lambda pair: -len(pair[0]))

    def renamed(text: str) -> str:
        for was, now in ordered:
            text = _replace(text, was, now)
        return text

    return {path: _replaced(value, counts, renamed, reason) if path.partition("/")[0] in GROUPS else value
            for path, value in state.items()}  # fmt: skip


def _replaced(value: Any, counts: Mapping[str, str], renamed: Callable[[str], str], reason: str) -> Any:
    if not isinstance(value, dict):
        return value  # what is wrong with it is said by the schema
    after = {key: _each(part, renamed) if key in _NAMED else part for key, part in value.items()}
    new = counts.get(value.get("counts") or "")
    if new and new != value["counts"]:
        after |= {"counts": new, "counts_was": value["counts"], "counts_note": reason}
        after["english"] = _replace(value.get("english") or "", value["counts"], new)
    if after.get("help"):
        after["help"] = [one for one in after["help"] if one not in after["lead"]]  # two became one
    return after


def _each(part: Any, renamed: Callable[[str], str]) -> Any:
    if isinstance(part, list):
        return list(dict.fromkeys(map(renamed, part)))
    return renamed(part) if isinstance(part, str) else part


def _replace(text: str, was: str, now: str) -> str:
    """Replace a name wherever it stands, also with a capital at the beginning of a sentence."""
    return text.replace(was, now).replace(was[:1].upper() + was[1:], now[:1].upper() + now[1:])


def _parts(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((path, value) for path, value in state.items() if path.partition("/")[0] in GROUPS)


def _texts(value: dict[str, Any]) -> Iterator[str]:
    for key in _NAMED:
        part = value.get(key)
        yield from part if isinstance(part, list) else [part or ""]

