"""Which units a signed-in person may ask about, and which ones the filter offers."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from schemas.text import sort_key
from schemas.units import Epoch, Level, UnitTree
from server.coverage.across import covered, touched_across, wholly_across, widest_across
from server.rights import OF_THE_WHOLE, may


def may_here(tree: UnitTree, user: Mapping[str, Any], act: str) -> bool:
    """Say whether *user*, of a role and a unit, may do *act*: some acts are of the server as a whole."""
    return may(user["role"], act) and not (act in OF_THE_WHOLE and tree.ancestors(user["unit"]))


def inside(tree: UnitTree, area: str, unit: str) -> bool:
    """Say whether the whole of *unit* lies in *area*.

    On the other map a unit lies inside when each of its communes went into, or was made
    from, communes of the area only: a neighbour's half of a split commune is never shown.
    """
    if area in tree.ancestors(unit) or (unit == area and tree.get(area) is not None):
        return True
    return not same_map(area, unit) and covered(tree, unit, frozenset(tree.communes(area)))


def whole_communes(tree: UnitTree, unit: str) -> list[str]:
    """Return the present communes that lie wholly in *unit*, which may stand on the map that ended."""
    now_there = {present for commune in tree.communes(unit) for present in tree.present(commune)}
    return sorted(commune for commune in now_there if inside(tree, unit, commune))


def units_inside(tree: UnitTree, area: str) -> frozenset[str]:
    """Return all units of both maps that lie in *area*."""
    return wholly_across(tree, area).union(tree.descendants(area))


def units_around(tree: UnitTree, unit: str) -> set[str]:
    """Return all units of both maps in which the whole of *unit* lies."""
    near = {unit, *tree.ancestors(unit), *touched_across(tree, unit)}
    return {area for area in near if inside(tree, area, unit)}


def same_map(one: str, other: str) -> bool:
    """Say whether two units stand on the same map."""
    return one.partition(":")[0] == other.partition(":")[0]


def path(tree: UnitTree, area: str, unit: str) -> list[str]:
    """Return the units from the widest that may be asked about down to *unit*."""
    line = [unit, *tree.ancestors(unit)]
    return [key for key in line if inside(tree, area, key)][::-1]


def offered(tree: UnitTree, area: str, unit: str) -> list[list[tuple[str, str]]]:
    """Return the units to choose from, in groups: the way down to *unit*, what is beside or below, the other map."""
    way = [area, *(key for key in path(tree, area, unit) if key != area)]
    below = tree.children(unit) or tree.children(way[-2] if len(way) > 1 else unit)
    shown = set(way)
    groups = [way]
    for more in (below, widest_across(tree, area)):
        groups.append(sorted(set(more) - shown, key=lambda key: sort_key(name(tree, key))))
        shown.update(more)
    return [[(key, name(tree, key)) for key in group] for group in groups if group]


def name(tree: UnitTree, key: str) -> str:
    """Return a unit's name; one of the map that ended says so."""
    unit = tree.get(key)
    if unit is None:
        return key
    return _("%(name)s (cũ)", name=unit.name) if unit.epoch is Epoch.OLD else unit.name


def is_commune(tree: UnitTree, key: str) -> bool:
    """Say whether *key* is a commune, below which there is nothing to choose."""
    unit = tree.get(key)
    return unit is not None and unit.level is Level.COMMUNE


def units_below(tree: UnitTree, area: str) -> list[tuple[str, str]]:
    """Return key and name of *area* and of the units right below it; of a past area the communes of today in it."""
    units = whole_communes(tree, area) if area.startswith(Epoch.OLD) else tree.children(area)
    below = sorted(units, key=lambda key: sort_key(name(tree, key)))
    return [(key, name(tree, key)) for key in (area, *below)]
