"""Findings: what a visit left to be put right, and what later visits and papers say of it. Nothing here reads a store.

A finding is a violation, under its id, or a failed item of the checklist, under its code, where none of the
violations that the item leads to was written down. Advisory items are no findings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from schemas import violations
from schemas.checklists import Answer, ChecklistItem, checklist

Body = Mapping[str, Any]
Key = tuple[str, str]  # the visit, and the finding's key in it


class Found(NamedTuple):
    """A finding as its visit wrote it: the violation's id or the item's code, the act's code, and the words."""

    key: str
    code: str
    words: str


class Seen(NamedTuple):
    """What a later visit or paper says of a finding."""

    inspection: str
    key: str
    resolved: bool
    seen: str


@dataclass(frozen=True)
class Said:
    """What one visit or one paper says of findings on one day; *at* orders what was said on the same day."""

    inspection: str
    date: str
    at: str = ""
    how: str = ""
    by: str = ""
    found: tuple[Found, ...] = ()
    followed: tuple[Seen, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A finding as it stands. *words* are the note or the text; *last* is what was said of it last, with day and how.

    *resolved* None: nobody has looked at it since.
    """

    inspection: str
    key: str
    code: str
    words: str
    date: str
    resolved: bool | None = None
    last_on: str = ""
    last_seen: str = ""
    how: str = ""
    by: str = ""

    @property
    def title(self) -> str:
        """What was found, in the words of the catalogue or the checklist; else as the team wrote it."""
        if self.code:
            return violations.words(self.code)
        item = _items().get(self.key)
        return f"Không đạt: {item.text_vi}" if item else self.words

    @property
    def beside(self) -> str:
        """What the team wrote beside it, where the title does not say it already."""
        return self.words if self.words != self.title else ""


def found_on(body: Body) -> tuple[Found, ...]:
    """Return what the visit of *body* left open; a body that breaks the rules says as much as can be read of it."""
    acts = [one for one in _listed(body, "violations") if one.get("id")]
    written = {str(one["code"]) for one in acts if one.get("code")}
    violations = [Found(str(one["id"]), str(one.get("code") or ""), _words(one)) for one in acts]
    notes = _mapped(body, "notes")
    items = [
        Found(code, "", str(notes.get(code) or ""))
        for code, answer in _mapped(body, "answers").items()
        if answer == Answer.FAIL and code in _items() and written.isdisjoint(_items()[code].violations)
    ]
    return (*violations, *items)


def followed_on(body: Body) -> tuple[Seen, ...]:
    """Return what the visit of *body* says of earlier findings."""
    return tuple(_seen(one) for one in _listed(body, "followed") if isinstance(one.get("resolved"), bool))


def _seen(one: Body) -> Seen:
    inspection, finding, seen = (str(one.get(key) or "") for key in ("inspection", "finding", "seen"))
    return Seen(inspection, finding, one["resolved"], seen)


def standing(said: Iterable[Said]) -> list[Finding]:
    """Return every finding as it stands after all that was *said*, the earliest first.

    An item that fails again while its finding is open is the same finding; after it was resolved it is another.
    What is said of a finding that nobody made here is passed over: its visit was voided, or is not known.
    """
    found: dict[Key, Finding] = {}
    for one in sorted(said, key=lambda one: (one.date, one.at, one.inspection)):
        for seen in one.followed:
            _look(found, seen, one)
        for new in one.found:
            if not any(_still_open(known, new) for known in found.values()):
                found[one.inspection, new.key] = Finding(one.inspection, new.key, new.code, new.words, one.date)
    return list(found.values())


def left_open(said: Iterable[Said]) -> list[Finding]:
    """Return the findings that nobody has seen resolved, or that were seen unresolved again."""
    return [finding for finding in standing(said) if finding.resolved is not True]


def _look(found: dict[Key, Finding], seen: Seen, one: Said) -> None:
    finding = found.get((seen.inspection, seen.key))
    if finding:
        found[seen.inspection, seen.key] = replace(
            finding, resolved=seen.resolved, last_on=one.date, last_seen=seen.seen, how=one.how, by=one.by
        )


def _still_open(known: Finding, new: Found) -> bool:
    return known.key == new.key and known.resolved is not True and not new.code and new.key in _items()


def _words(act: Body) -> str:
    return str((act.get("facts") if act.get("code") else act.get("text")) or "")


@cache
def _items() -> dict[str, ChecklistItem]:
    return {item.code: item for item in checklist() if not item.advisory}


def _mapped(body: Body, key: str) -> dict[str, Any]:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _listed(body: Body, key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
