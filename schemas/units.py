"""Provinces, districts and communes on the old and the new map, and what became of what.

A commune code alone says nothing: 166 codes of Thanh Hóa stand on both maps, most of
them for another commune. A unit is always asked for by its key, ``epoch:code``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from schemas.data import files


class Epoch(StrEnum):
    """Which map of the country a unit stands on."""

    OLD = "old"  # to 30 June 2025: province, district, commune
    NEW = "new"  # from 1 July 2025: province, commune


class Level(StrEnum):
    """How high a unit stands; the highest first."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


NEW_MAP_FROM = date(2025, 7, 1)
_RANK = {level: rank for rank, level in enumerate(Level)}
_NOWHERE: tuple[str, ...] = ()


def epoch_on(day: date) -> Epoch:
    """Say which map is in force on *day*."""
    return Epoch.NEW if day >= NEW_MAP_FROM else Epoch.OLD


def unit_key(epoch: str, code: str) -> str:
    """Join an epoch and a code into the key of a unit."""
    return f"{epoch}:{code}"


@dataclass(frozen=True)
class AdminUnit:
    """A unit as it was on its own map; *parent* is a code of the same map, empty for a province."""

    epoch: Epoch
    code: str
    name: str
    level: Level
    parent: str
    valid_from: date | None
    valid_to: date | None

    @property
    def key(self) -> str:
        """The unit's name for every other record."""
        return unit_key(self.epoch, self.code)

    @property
    def parent_key(self) -> str:
        """The key of the unit above, empty for a province."""
        return unit_key(self.epoch, self.parent) if self.parent else ""


class UnitTree:
    """Both maps in memory, with the roads between them. Units go in and out by key.

    Built from the packaged files or from the rows of a database, whole or in part. A key
    that it does not hold has nothing above it, below it or on the other map.
    """

    def __init__(self, units: Iterable[AdminUnit], successors: Iterable[tuple[str, str]]) -> None:
        """Build from *units* and the pairs (old code, new code) of *successors*."""
        self._units = {unit.key: unit for unit in units}
        self._children = _children(self._units)
        self._across = _across(successors)
        self._tops: dict[Epoch, tuple[str, ...]] = {}
        self._ancestors: dict[str, tuple[str, ...]] = {}
        self._descendants: dict[str, tuple[str, ...]] = {}
        self._communes: dict[str, tuple[str, ...]] = {}
        self._scopes: dict[str, frozenset[str]] = {}

    def get(self, key: str) -> AdminUnit | None:
        """Find a unit, None when the tree does not hold it."""
        return self._units.get(key)

    def tops(self, epoch: Epoch) -> tuple[str, ...]:
        """List the units of a map with nothing above them, in the order they were given."""
        if epoch not in self._tops:
            mine = (key for key in self._units if _epoch(key) == epoch)
            self._tops[epoch] = tuple(key for key in mine if not self.ancestors(key))
        return self._tops[epoch]

    def children(self, key: str) -> tuple[str, ...]:
        """List the units right below, in the order they were given."""
        return self._children.get(key, _NOWHERE)

    def ancestors(self, key: str) -> tuple[str, ...]:
        """List the units above, nearest first."""
        if key not in self._units:
            return _NOWHERE
        if key not in self._ancestors:
            parent = self._units[key].parent_key
            above = (parent, *self.ancestors(parent)) if parent in self._units else _NOWHERE
            self._ancestors[key] = above
        return self._ancestors[key]

    def descendants(self, key: str) -> tuple[str, ...]:
        """List the unit itself and all below it, each before what is below it."""
        if key not in self._units:
            return _NOWHERE
        if key not in self._descendants:
            below = (found for child in self.children(key) for found in self.descendants(child))
            self._descendants[key] = (key, *below)
        return self._descendants[key]

    def communes(self, key: str) -> tuple[str, ...]:
        """List the communes of an area; a commune has itself."""
        if key not in self._units:
            return _NOWHERE
        if key not in self._communes:
            below = self.descendants(key)
            self._communes[key] = tuple(k for k in below if self._units[k].level is Level.COMMUNE)
        return self._communes[key]

    def successors(self, key: str) -> tuple[str, ...]:
        """List the new communes that an old commune went into, empty when not known."""
        return self._across.get(key, _NOWHERE) if _epoch(key) == Epoch.OLD else _NOWHERE

    def predecessors(self, key: str) -> tuple[str, ...]:
        """List the old communes that a new commune was made from, empty when not known."""
        return self._across.get(key, _NOWHERE) if _epoch(key) == Epoch.NEW else _NOWHERE

    def is_split(self, key: str) -> bool:
        """Say whether an old commune went into more than one, so that a person must decide."""
        return len(self.successors(key)) > 1

    def in_tree(self, key: str, epoch: Epoch) -> frozenset[str]:
        """Say which communes of the map of *epoch* a commune may lie in; none when not known."""
        if _epoch(key) == epoch:
            return frozenset({key} & self._units.keys())
        return frozenset(self._across.get(key, _NOWHERE))

    def present(self, key: str) -> frozenset[str]:
        """Say which communes of the newest map a commune may lie in, itself when none is known."""
        return frozenset(self.successors(key) or (key,))

    def smallest_sure(self, keys: Iterable[str]) -> str | None:
        """Find the smallest unit that holds all of *keys*, None when no unit does."""
        lines = [(key, *self.ancestors(key))[::-1] for key in set(keys)]
        if not lines or any(line[-1] not in self._units for line in lines):
            return None
        sure = None
        for level in zip(*lines, strict=False):
            if len(set(level)) > 1:
                break
            sure = level[0]
        return sure

    def scope(self, key: str) -> frozenset[str]:
        """Gather all units that a laptop of this area follows.

        They are the area with all below and above it, and for each of its communes the
        communes on the other map, with all above those.
        """
        if key not in self._scopes:
            roads = (self._across.get(commune, _NOWHERE) for commune in self.communes(key))
            across = {other for road in roads for other in road}
            above = {unit for other in across for unit in self.ancestors(other)}
            own = {*self.descendants(key), *self.ancestors(key)}
            self._scopes[key] = frozenset(own | across | above)
        return self._scopes[key]


def _epoch(key: str) -> str:
    return key.partition(":")[0]


def _children(units: dict[str, AdminUnit]) -> dict[str, tuple[str, ...]]:
    """Turn the parents around, and refuse a unit that is not below its parent.

    That check also keeps circles out, so that no walk through the tree can fail to end.
    """
    below: dict[str, list[str]] = defaultdict(list)
    for key, unit in units.items():
        parent = units.get(unit.parent_key)
        if parent is None:
            continue
        if _RANK[parent.level] >= _RANK[unit.level]:
            raise ValueError(f"Unit {key} ({unit.level}) cannot lie in {parent.key} ({parent.level}).")
        below[parent.key].append(key)
    return {key: tuple(found) for key, found in below.items()}


def _across(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Lay the roads between the maps, in both directions."""
    roads: dict[str, set[str]] = defaultdict(set)
    for old_code, new_code in pairs:
        old, new = unit_key(Epoch.OLD, old_code), unit_key(Epoch.NEW, new_code)
        roads[old].add(new)
        roads[new].add(old)
    return {key: tuple(sorted(found)) for key, found in roads.items()}


@cache
def packaged_units() -> tuple[AdminUnit, ...]:
    """Read the units that come with the program: Thanh Hóa before, the country after."""
    return tuple(
        AdminUnit(
            epoch=Epoch(row["epoch"]),
            code=row["code"],
            name=row["name"],
            level=Level(row["level"]),
            parent=row["parent"],
            valid_from=files.day(row["valid_from"]),
            valid_to=files.day(row["valid_to"]),
        )
        for row in files.rows("units.csv")
    )


@cache
def packaged_successors() -> tuple[tuple[str, str], ...]:
    """Read the pairs (old code, new code) that come with the program: Thanh Hóa only."""
    return tuple((row["old_code"], row["new_code"]) for row in files.rows("successors.csv"))
