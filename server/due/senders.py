"""Which units have to send what a deadline of a plan asks for, on the map of the day on which it is due."""

import re
from datetime import date
from enum import StrEnum
from functools import cache

from schemas.plans import Report
from schemas.text import fold
from schemas.units import Epoch, UnitTree, epoch_on
from server.pages.areas import whole_communes
from server.plans.listing import Deadline, Plan


class Sender(StrEnum):
    """Who sends, seen from the unit of the plan."""

    OWN = "own"  # the office of the unit itself: it compiles, or nobody stands below
    BELOW = "below"  # each unit below


# Of a plan's words on who sends: several units, and several bodies that are no units of the map.
_UNITS_BELOW = re.compile(r"\b(?:cac|tung|moi) (?:huyen|thi xa|thanh pho|xa|phuong|thi tran|dac khu)\b|\bcap xa\b")
_BODIES = re.compile(r"^cac\b")


def senders(plan: Plan, deadline: Deadline) -> frozenset[Sender]:
    """Return who sends, by what compiles it and by the plan's words; where it says nothing the plan's own unit."""
    if deadline.compiles:
        return frozenset({Sender.OWN})
    if deadline.code and any(one.compiles == deadline.code for one in plan.deadlines):
        return frozenset({Sender.BELOW})
    found = named(tuple(deadline.sender.split(";")))
    if deadline.report == Report.END_OF_PERIOD:  # nothing compiles it, and it goes on to the units above
        return found | {Sender.OWN}
    return found or frozenset({Sender.OWN})


@cache
def named(words: tuple[str, ...]) -> frozenset[Sender]:
    """Return who is meant by the bodies that a plan names; departments are no units, and so nobody here."""
    plain = [fold(text).strip() for text in words if text.strip()]
    below = {Sender.BELOW for text in plain if _UNITS_BELOW.search(text)}
    own = {Sender.OWN for text in plain if not _UNITS_BELOW.search(text) and not _BODIES.match(text)}
    return frozenset(below | own)


def units(tree: UnitTree, plan: Plan, who: frozenset[Sender], day: date) -> list[str]:
    """Return the units that send on *day*: of a plan of the map that ended those that took its units' place.

    What the units below sent is sent by the communes that lie wholly in the plan's area today; what the unit
    itself compiled falls to the smallest unit of today that holds them all.
    """
    here = [plan.unit] if Sender.OWN in who else []
    below = list(tree.children(plan.unit)) if Sender.BELOW in who else []
    if epoch_on(day) is Epoch.NEW and plan.unit.startswith(f"{Epoch.OLD}:"):
        now_there = whole_communes(tree, plan.unit)
        holder = tree.smallest_sure(now_there)
        here, below = [holder] if here and holder else [], now_there if below else []
    if not below and Sender.BELOW in who:
        below = [plan.unit]  # a commune has nobody below
    return list(dict.fromkeys(here + below))
