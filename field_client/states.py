"""Reading the state of a thing: its spans, where it stands, its kinds on a day. Nothing here reads a database."""

from datetime import date
from typing import Any

from schemas.register import State

Span = dict[str, Any]
FOR_EVER = "9999-12-31"


def spans(state: State, group: str) -> list[Span]:
    """Return the values of one group of *state*, the earliest first."""
    found = [value for path, value in state.items() if path.startswith(group + "/")]
    return sorted(found, key=lambda span: str(span.get("from")))


def last_span(state: State, group: str) -> Span:
    """Return the latest span of a chain, empty when it has none."""
    found = spans(state, group)
    return found[-1] if found else {}


def last_spans(state: State) -> dict[str, Span]:
    """Return the latest span of every chain, in one pass."""
    latest: dict[str, Span] = {}
    for path, value in state.items():
        group, slash, _ = path.partition("/")
        if slash and (group not in latest or str(value.get("from")) >= str(latest[group].get("from"))):
            latest[group] = value
    return latest


def unit_of(state: State) -> str:
    """Return the key of the unit where a place last stood, empty when it is not known."""
    place = last_span(state, "place")
    return f"{place['epoch']}:{place['unit']}" if place else ""


def kinds_on(state: State, day: date | str) -> tuple[str, ...]:
    """Return the kinds a place offers on *day*, sorted; where it offers none that day, its latest ones."""
    asked = str(day)
    found = spans(state, "kind")
    there = {span["kind"] for span in found if span["from"] <= asked <= (span.get("to") or "9999")}
    return tuple(sorted(there)) or latest_kinds(state)


def latest_kinds(state: State) -> tuple[str, ...]:
    """Return the kinds that have no end, or those that ended last."""
    ends = [(span.get("to") or "9999", span["kind"]) for path, span in state.items() if path.startswith("kind/")]
    last = max((end for end, _ in ends), default="")
    return tuple(sorted({kind for end, kind in ends if end == last}))


def papers_until(state: State) -> str:
    """Return the last day on which every kind of paper still holds, by the newest of each; empty where none ends."""
    last: dict[str, str] = {}
    for paper in spans(state, "licence"):
        kind = str(paper.get("type"))
        last[kind] = max(str(paper.get("to") or FOR_EVER), last.get(kind, ""))
    end = min(last.values(), default=FOR_EVER)
    return "" if end == FOR_EVER else end
