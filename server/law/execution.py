"""How far a decision has been carried out, in one word: what lists are filtered by."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.register import State
from server.law.decision import Known, read


class Execution(StrEnum):
    """Whether a decision was carried out whole, is being carried out, or nobody knows of a part."""

    DONE = "done"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Facts:
    """What the row of a decision says beside its number: *done_on* is the day of its last part, empty until then."""

    execution: Execution
    done_on: str = ""
    cancelled: bool = False
    complaint: bool = False
    evasion: bool = False


def facts(state: State) -> Facts:
    """Read from the state of a decision what its row says; a warning that orders nothing is done on delivery."""
    done, done_on = _execution(state)
    evading = bool(state.get("evasion_from")) and not state.get("evasion_to")
    return Facts(done, done_on, bool(state.get("cancelled_on")), bool(state.get("complaint_from")), evading)


def _execution(state: State) -> tuple[Execution, str]:
    decision = read("", {**state, "cancelled_on": None})
    if decision is None:
        return Execution.UNKNOWN, ""
    parts = list(decision.parts.values())
    if decision.main_is_delivery:
        parts.append(decision.delivered_on or Known.NOTHING)
    days = [part for part in parts if isinstance(part, date)]
    if len(days) == len(parts):
        return Execution.DONE, max(days).isoformat()
    return (Execution.OPEN if Known.NOT_DONE in parts else Execution.UNKNOWN), ""
