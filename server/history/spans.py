"""The spans of a thing's state: what held from which day, the earliest first."""

from typing import Any

from schemas.register import State

Span = dict[str, Any]


def spans(state: State, group: str) -> list[Span]:
    """Return the spans of one group of *state*, the earliest first."""
    found = [value for path, value in state.items() if path.partition("/")[0] == group and "/" in path and value]
    return sorted(found, key=lambda span: str(span.get("from")))


def last_span(state: State, group: str) -> Span | None:
    """Return the latest span of a group, None when it has none."""
    found = spans(state, group)
    return found[-1] if found else None


def holding(state: State, group: str, day: str) -> Span | None:
    """Return the span of a chain that holds on *day*, None where none does."""
    begun = [span for span in spans(state, group) if str(span.get("from")) <= day]
    return begun[-1] if begun and day <= (begun[-1].get("to") or "9999") else None
