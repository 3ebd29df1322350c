"""What a list under a number says of each place and each visit in it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place under a number; *unit* is a key of the asked map, of the smallest sure unit."""

    id: str
    code: str
    name: str
    unit: str
    unit_name: str
    kinds: tuple[str, ...]
    address: str
    visits: int  # in the window, of those asked for
    last_visit: str | None  # the last counting one up to the as-of day, of any year


@dataclass(frozen=True)
class Visit:
    """A counting visit under a number; *place* is the record that stands for its establishment."""

    id: str
    date: str
    place: str
    place_name: str
    unit: str
    unit_name: str
    team: str
    team_name: str
    basis: str
    outcome: str
    violations: int
    number: int = 0


@dataclass(frozen=True)
class NotCounted:
    """A visit that was received and is not counted; *why* as LeftOut has it. *place* is None until it has arrived."""

    item: str
    date: str
    place: str | None
    place_name: str
    unit: str
    unit_name: str
    team_name: str
    basis: str
    why: str
    members: int


def address_on(state: dict[str, object], day: str) -> str:
    """Return the address of the span that holds on *day*, or of the first there is."""
    spans = [span for path, span in state.items() if path.startswith("place/") and isinstance(span, dict)]
    begun = [span for span in spans if span["from"] <= day]
    if begun:
        return max(begun, key=_begins).get("address") or ""
    return min(spans, key=_begins).get("address") or "" if spans else ""


def _begins(span: dict[str, str]) -> str:
    return span["from"]
