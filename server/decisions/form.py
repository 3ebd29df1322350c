"""The form of a decision: from what was typed to a line of `apply decision`, and from a decision to the form."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.decisions import Suspended
from schemas.register import State
from server.pages.past_days import day, shown

TEXTS = ("number", "authority")
DAYS = (
    *("decided_on", "delivered_on", "committed_on", "cancelled_on", "complaint_from", "evasion_from", "evasion_to"),
    "suspension_to",
)
PARTS = ("main", "additional", "remedies")
KNOWN = ("", "no", "done")  # not known, known not done, done on a day


def asked_of(given: Mapping[str, str], lists: Mapping[str, list[str]], today: date) -> dict[str, Any]:
    """Return the line of `apply decision` that the form *given* says; an empty field takes its fact back."""
    asked: dict[str, Any] = {field: given.get(field, "").strip() for field in TEXTS}
    asked |= {field: day(given.get(field, ""), today) or None for field in DAYS}
    asked |= {"sanction": given.get("sanction", ""), "codes": given.get("codes", "").strip()}
    asked["amount"] = _amount(given.get("amount", ""))
    asked["ordered"] = [part for part in PARTS if part in lists.get("ordered", [])]
    asked |= {f"{part}_done_on": _done(given, part, today) for part in PARTS}
    for what in Suspended:
        span = {end: day(given.get(f"{what.value}_{end}", ""), today) or None for end in ("from", "to")}
        asked[what.value] = span if what.value in lists.get("suspended", []) else None
    for field in ("operator", "establishment", "inspection", "decision"):
        if given.get(field):
            asked[field] = given[field]
    if given.get("inspection"):
        asked["violations"] = lists.get("violations", [])
    if not asked["codes"]:
        asked["codes"] = []
    return asked


def _amount(text: str) -> Any:
    plain = text.replace(".", "").replace(" ", "").strip()
    if not plain:
        return None
    return int(plain) if plain.isdecimal() and len(plain) < 15 else text


def _done(given: Mapping[str, str], part: str, today: date) -> str | None:
    match given.get(f"{part}_known", ""):
        case "no":
            return "no"
        case "done":
            return day(given.get(f"{part}_done_on", ""), today) or "?"  # a day is missing: the schema says so
        case _:
            return None


def filled(state: State, own_codes: list[str]) -> dict[str, Any]:
    """Return the form of a decision that stands at *state*; *own_codes* are those that no violation brings."""
    given: dict[str, Any] = {field: str(state.get(field) or "") for field in (*TEXTS, "sanction", "operator")}
    given |= {field: shown(str(state.get(field) or "")) for field in DAYS}
    given |= {field: str(state.get(field) or "") for field in ("establishment", "inspection")}
    given |= {"amount": str(state.get("amount") or ""), "codes": " ".join(own_codes)}
    for part in PARTS:
        done = str(state.get(f"{part}_done_on") or "")
        given[f"{part}_known"] = "no" if done == "no" else "done" if done else ""
        given[f"{part}_done_on"] = "" if done == "no" else shown(done)
    for what in Suspended:
        span = state.get(f"suspension/{what.value}") or {}
        given |= {f"{what.value}_{end}": shown(str(span.get(end) or "")) for end in ("from", "to")}
    return given


def ticked(state: State) -> dict[str, list[str]]:
    """Return the boxes of the form that are ticked."""
    suspended = [what.value for what in Suspended if state.get(f"suspension/{what.value}")]
    return {
        "ordered": list(state.get("ordered") or ()), "violations": list(state.get("violations") or ()),
        "suspended": suspended,
    }  # fmt: skip


def errors_of(problems: Mapping[str, str]) -> dict[str, str]:
    """Return the problems by the field of the form that they stand at."""
    at = {"suspension": "suspended", "sanctions": "sanction"}
    return {at.get(field, field): sentence for field, sentence in problems.items()}
