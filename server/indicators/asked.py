"""Who reports an indicator: which units of a plan are asked for it, under which agency's name, and what is counted."""

import re
from collections.abc import Iterable

from schemas.units import Level, UnitTree
from server.plans.listing import Indicator

_COMMITTEE = "UBND"
_OF_COMMUNES = re.compile(r"\b(các|cấp) xã\b")
_LEVELS = {"commune": Level.COMMUNE, "district": Level.DISTRICT}
_RANK = {level: rank for rank, level in enumerate(Level)}


def counts_units(indicator: Indicator) -> Level | None:
    """Return the level of the units that an indicator counts, None for one that counts something else."""
    return _LEVELS.get(indicator.counts)


def says_yes(indicator: Indicator, tree: UnitTree, unit: str) -> bool:
    """Say whether *unit* is itself what is counted: it answers yes or no, 1 of 1 or 0 of 1."""
    level, found = counts_units(indicator), tree.get(unit)
    return level is not None and found is not None and found.level is level


def counted_in(indicator: Indicator, tree: UnitTree, unit: str) -> int | None:
    """Return how many units an indicator counts in *unit*, None where it counts something else or nothing is there."""
    level = counts_units(indicator)
    if level is None:
        return None
    below = (tree.get(key) for key in tree.descendants(unit))
    return sum(one is not None and one.level is level for one in below) or None


def asked(indicator: Indicator, tree: UnitTree, plan_unit: str, unit: str) -> bool:
    """Say whether *unit* may enter a figure for an indicator of a plan of *plan_unit*.

    The plan's own unit enters every one, for whichever body reports it. Of the units below those enter that the
    plan names, and those that are themselves what is counted.
    """
    found = tree.get(unit)
    if found is None or unit not in tree.descendants(plan_unit) or indicator.source == "computed":
        return False
    if unit == plan_unit:
        return True
    level = counts_units(indicator)
    if level is not None and _RANK[found.level] > _RANK[level]:
        return False
    if level is found.level or not indicator.reports:
        return True
    committees = [one for one in indicator.reports if one.startswith(_COMMITTEE)]
    if found.parent_key == plan_unit:
        return bool(committees)
    return found.level is Level.COMMUNE and any(map(_OF_COMMUNES.search, indicator.reports))


def agencies(indicators: Iterable[Indicator]) -> list[str]:
    """Return the bodies beside the committees of the units that a plan names, in its order."""
    named = (one for indicator in indicators if indicator.source != "computed" for one in indicator.reports)
    return list(dict.fromkeys(one for one in named if not one.startswith(_COMMITTEE)))


def agency_of(indicator: Indicator, plan_unit: str, unit: str, chosen: str = "") -> str:
    """Return under whose name a figure stands: of one that a single body reports, that body's whoever types it."""
    if unit != plan_unit:
        return ""
    if len(indicator.reports) == 1 and not indicator.reports[0].startswith(_COMMITTEE):
        return indicator.reports[0]
    return chosen if chosen in indicator.reports and not chosen.startswith(_COMMITTEE) else ""


def of_police(indicator: Indicator) -> bool:
    """Say whether the police report an indicator."""
    return any(map(is_police, indicator.reports))


def is_police(body: str) -> bool:
    """Say whether a body that a plan names is the police of a unit."""
    return body.startswith("Công an")
