"""A sanction decision as the rule of repeat violations needs it, read from its state in the register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.fields import is_day
from schemas.register import State
from schemas.violations import Catalogue, packaged


class Sanction(StrEnum):
    """What was decided of an act; *none* where only remedies were ordered."""

    WARNING = "warning"
    FINE = "fine"
    NONE = "none"


class Part(StrEnum):
    """A part of a decision that may have to be carried out."""

    MAIN = "main"
    ADDITIONAL = "additional"
    REMEDIES = "remedies"


class Known(StrEnum):
    """What is known of a part without a date."""

    NOT_DONE = "no"
    NOTHING = ""


Done = date | Known


@dataclass(frozen=True)
class Decision:
    """One decision in force: its acts by group and sanction, and what is known of each part that it ordered."""

    id: str
    number: str
    authority: str
    decided_on: date
    acts: tuple[tuple[str, str, Sanction], ...]  # code, act group (empty: not decided), sanction
    parts: Mapping[Part, Done]
    delivered_on: date | None = None
    evading: bool = False
    evasion_from: date | None = None
    evasion_to: date | None = None
    complaint_from: date | None = None
    committed_on: date | None = None
    inspection: str = ""

    @property
    def main_is_delivery(self) -> bool:
        """Whether nothing but delivering it was ordered: a warning is carried out by being given."""
        return Part.MAIN not in self.parts


def read(id: str, state: State, catalogue: Catalogue | None = None, coded: Iterable[str] = ()) -> Decision | None:
    """Read a decision; None where it was cancelled (it counts as never made) or has no day that can be read.

    *coded* are the codes that a legal officer has since given to acts that it decided uncoded.
    """
    decided = _day(state, "decided_on")
    if decided is None or state.get("cancelled_on"):
        return None
    evaded = (_day(state, "evasion_from"), _day(state, "evasion_to"))
    return Decision(
        id=id,
        number=str(state.get("number") or ""),
        authority=str(state.get("authority") or ""),
        decided_on=decided,
        acts=_acts(state, decided, catalogue or packaged(), coded),
        parts=_parts(state),
        delivered_on=_day(state, "delivered_on"),
        evading=any(evaded),
        evasion_from=evaded[0],
        evasion_to=evaded[1],
        complaint_from=_day(state, "complaint_from"),
        committed_on=_day(state, "committed_on"),
        inspection=str(state.get("inspection") or ""),
    )


def _day(state: State, path: str) -> date | None:
    value = state.get(path)
    return date.fromisoformat(value) if isinstance(value, str) and is_day(value) else None


def _acts(
    state: State, decided: date, catalogue: Catalogue, coded: Iterable[str]
) -> tuple[tuple[str, str, Sanction], ...]:
    """Take the sanction of each act where they differ, else the decision's."""
    each = state.get("sanctions") or {}
    day = str(state.get("committed_on") or decided.isoformat())
    return tuple(
        (code, catalogue.group_of(code, day), Sanction(each.get(code) or state.get("sanction") or Sanction.FINE))
        for code in dict.fromkeys([*(state.get("codes") or ()), *coded])
    )


def _parts(state: State) -> dict[Part, Done]:
    """Return every part that was ordered, and what is known of it.

    What has a date was ordered, whatever the list says. A fine always has its main part; a
    warning that lists none is carried out by being delivered.
    """
    ordered = {part for part in Part if part in (state.get("ordered") or ()) or state.get(f"{part.value}_done_on")}
    if any(path.startswith("suspension/") and span for path, span in state.items()):
        ordered.add(Part.ADDITIONAL)
    sanctions = {state.get("sanction"), *(state.get("sanctions") or {}).values()}
    if Sanction.FINE in sanctions:
        ordered.add(Part.MAIN)
    return {part: _done(state, part) for part in sorted(ordered)}


def _done(state: State, part: Part) -> Done:
    day = _day(state, f"{part.value}_done_on")
    if day:
        return day
    if state.get(f"{part.value}_done_on") == Known.NOT_DONE:
        return Known.NOT_DONE
    return (suspended_to(state) if part is Part.ADDITIONAL else None) or Known.NOTHING


def suspended_to(state: State) -> date | None:
    """Return the last day of the last suspension; None where one of them has no last day that is known."""
    spans = [span for path, span in state.items() if path.startswith("suspension/") and span]
    ends = [span.get("to") for span in spans]
    if not spans or not all(ends):
        return _day(state, "suspension_to")
    return max(date.fromisoformat(str(end)) for end in ends)
