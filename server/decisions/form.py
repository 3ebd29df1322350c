"""The form of a decision: from what was typed to a line of `apply decision`, and from a decision to the form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.decisions import Suspended
from schemas.register import State
from schemas.violations import Catalogue
from server.law import checks
from server.law.choosing import Visit
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


@dataclass(frozen=True)
class Act:
    """One act of the form whose sanction may differ from the decision's; *field* says it, empty: as the decision."""

    key: str  # the violation of the visit; of an act that is named by its code alone, the code
    code: str

    @property
    def field(self) -> str:
        """The name of its field on the form."""
        return f"sanction_of/{self.key}"


def acts(given: Mapping[str, Any], chosen: Sequence[str], visit: Visit | None, catalogue: Catalogue) -> list[Act]:
    """Return the acts of the form that have a code: those of the visit, then those that are named by code alone.

    A code of a violation that is *chosen* is asked about once.
    """
    found = [Act(one.id, one.code or one.coded) for one in visit.acts if one.code or one.coded] if visit else []
    brought = {one.code for one in found if one.key in chosen}
    own = checks.codes(str(given.get("codes") or ""), catalogue)
    return [*found, *(Act(code, code) for code in own if code not in brought)]


def offered(given: Mapping[str, Any], visit: Visit | None, acts: Sequence[Act]) -> bool:
    """Say whether the form asks act by act: there is more than one, or one differs."""
    many = len(visit.acts) if visit else 0
    own = sum(one.key == one.code for one in acts)
    return many + own > 1 or any(given.get(one.field) for one in acts)


def sanctions(
    given: Mapping[str, Any], violations: Sequence[str], acts: Sequence[Act]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the form says of each act that is chosen, by code; and what is wrong in that, by field."""
    said: dict[str, str] = {}
    chosen = [one for one in acts if one.key == one.code or one.key in violations]
    for one in chosen:
        word = str(given.get(one.field) or "")
        before = said.setdefault(one.code, word)
        if word != before:
            return {}, {one.field: "Hai vi phạm cùng một mã chỉ ghi được một hình thức; chọn như nhau."}
    differing = {code: word for code, word in said.items() if word}
    each = set(said.values())
    coded = {one.key for one in acts}.issuperset(violations)  # one without a code is treated as the decision says
    if len(each) == 1 and coded and each - {"", given.get("sanction", "")}:
        return {}, {"sanction": "Mọi hành vi có cùng một hình thức; chọn hình thức đó cho cả quyết định."}
    return differing, {}


def filled_sanctions(state: State, acts: Sequence[Act]) -> dict[str, str]:
    """Return the fields of the acts as the decision stands at *state*."""
    each = state.get("sanctions") or {}
    return {one.field: each[one.code] for one in acts if each.get(one.code)}


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
