"""The part of the form of a copied plan that is about what is no more: units of counting, names of bodies."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from schemas.register import State
from schemas.units import NEW_MAP_FROM, Epoch, Level, UnitTree
from server.plans import renewing, words

NAMES, COUNTS, REASON = "doi-ten", "don-vi-tinh", "ly-do-thay"


@dataclass(frozen=True)
class Name:
    """A name that the plan says and that is no more: how often, and what stands beside it in the form."""

    was: str
    times: int
    now: str


@dataclass(frozen=True)
class Offer:
    """What a copy is offered to replace; *counts*: (unit, its name, how many indicators, the unit chosen for it)."""

    counts: tuple[tuple[str, Any, int, str], ...]
    names: tuple[Name, ...]
    reason: str

    def __bool__(self) -> bool:
        """Say whether there is anything to offer."""
        return bool(self.counts or self.names)


def offer(state: State, since: date) -> Offer:
    """Return what to offer of a plan: filled in where the copy begins on the map in force since 1 July 2025."""
    today = since >= NEW_MAP_FROM
    counts = tuple((unit, words.COUNTS[unit], many, renewing.GONE_COUNTS[unit] if today else "")
                   for unit, many in renewing.gone_counts(state).items())  # fmt: skip
    names = tuple(Name(body.was, many, body.now if today else "") for body, many in renewing.gone_bodies(state))
    reason = _("Từ ngày 01/7/2025 không còn cấp huyện; các cơ quan đã sắp xếp lại.") if today else ""
    return Offer(counts, names, reason)


def again(state: State, form: MultiDict[str, str]) -> Offer:
    """Return the offer with what was typed into it."""
    given = dict(zip(form.getlist(f"{NAMES}-cu"), form.getlist(NAMES), strict=False))
    counts = tuple((unit, words.COUNTS[unit], many, form.get(f"{COUNTS}-{unit}", ""))
                   for unit, many in renewing.gone_counts(state).items())  # fmt: skip
    names = tuple(Name(body.was, many, given.get(body.was, "")) for body, many in renewing.gone_bodies(state))
    return Offer(counts, names, form.get(REASON, "").strip())


def asked(offered: Offer) -> dict[str, Any]:
    """Return what a line of `apply` says of what is to be replaced."""
    return {
        "counts": {unit: chosen for unit, _words, _many, chosen in offered.counts if chosen},
        "names": {one.was: one.now for one in offered.names if one.now.strip()},
        "reason": offered.reason,
    }


def area_of(tree: UnitTree, unit: str, since: date) -> str:
    """Return where a copy holds: of a province of the map that ended, that province of today; else the same unit."""
    old = tree.get(unit)
    if since < NEW_MAP_FROM or old is None or old.epoch is not Epoch.OLD or old.level is not Level.PROVINCE:
        return unit
    today = {tree.ancestors(new)[-1] for commune in tree.communes(unit) for new in tree.successors(commune)}
    return today.pop() if len(today) == 1 else unit
