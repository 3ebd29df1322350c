"""How many places of each commune and of each kind the list must hold, so that every target is met. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from server.planning.points import Known


@dataclass(frozen=True)
class Aim:
    """What is asked for: a percent for the year, and for a period a percent by its end, with the years left for it."""

    target: int
    period: int | None = None
    years_left: int = 1


@dataclass(frozen=True)
class Quota:
    """The sum of one commune or kind: *open* places, how many are done or given already, and how many the list needs.

    *fresh* of the needed ones must be places that the period has not seen yet.
    """

    key: str
    open: int
    done: int
    given: int
    required: int
    period_left: int
    fresh: int
    need: int

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)


def by_commune(places: Iterable[Known], aim: Aim) -> dict[str, Quota]:
    """Return the quota of each commune (or of a smallest sure unit where the commune is not known)."""
    return _quotas(places, aim, lambda place: (place.unit,))


def by_kind(places: Iterable[Known], aim: Aim) -> dict[str, Quota]:
    """Return the quota of each kind over the whole area; a place of two kinds is in both."""
    return _quotas(places, aim, lambda place: place.kinds)


def _quotas(places: Iterable[Known], aim: Aim, keys: Callable[[Known], tuple[str, ...]]) -> dict[str, Quota]:
    groups: dict[str, list[Known]] = defaultdict(list)
    for place in places:
        for key in keys(place):
            groups[key].append(place)
    return {key: _quota(key, group, aim) for key, group in sorted(groups.items())}


def _quota(key: str, group: list[Known], aim: Aim) -> Quota:
    """Add up one group. What another body has checked is open and not done: others must make up for it."""
    done = sum(place.used == "visit" for place in group)
    given = sum(place.used == "assigned" for place in group)
    required = -(-aim.target * len(group) // 100)
    left = fresh = 0
    if aim.period is not None:
        seen = sum(place.in_period for place in group)
        left = max(0, -(-aim.period * len(group) // 100) - seen)
        share = -(-left // aim.years_left)
        fresh = max(0, share - sum(place.used == "assigned" and not place.in_period for place in group))
    need = max(0, required - done - given, fresh)
    return Quota(key, len(group), done, given, required, left, fresh, need)
