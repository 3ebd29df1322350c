"""An area of one map, unit by unit on the other: what an old district is made of today."""

from datetime import date
from functools import lru_cache

from schemas.units import UnitTree, epoch_on


def across(tree: UnitTree, commune: str) -> tuple[str, ...]:
    """Return the communes of the other map that *commune* touches, itself where none is known."""
    return tree.successors(commune) or tree.predecessors(commune) or (commune,)


def covered(tree: UnitTree, unit: str, own: frozenset[str]) -> bool:
    """Say whether each commune of *unit* touches, on the other map, communes of *own* only."""
    communes = tree.communes(unit)
    return bool(communes) and all(own.issuperset(across(tree, commune)) for commune in communes)


def widest_across(tree: UnitTree, area: str) -> list[str]:
    """List the widest units of the other map that lie wholly in *area*."""
    whole = wholly_across(tree, area)
    return [unit for unit in whole if not whole.intersection(tree.ancestors(unit))]


@lru_cache(maxsize=1024)
def wholly_across(tree: UnitTree, area: str) -> frozenset[str]:
    """Return the units of the other map that lie wholly in *area*."""
    own = frozenset(tree.communes(area))
    return frozenset(unit for unit in touched_across(tree, area) if covered(tree, unit, own))


def touched_across(tree: UnitTree, area: str) -> set[str]:
    """Return the units of the other map that have a part in *area*."""
    own = frozenset(tree.communes(area))
    touched = {other for commune in own for other in across(tree, commune)} - own
    return touched | {above for other in touched for above in tree.ancestors(other)}


def units_across(tree: UnitTree, unit: str) -> list[str]:
    """List the units of the other map that *unit* is shown by; a single one gives way to those below it."""
    found = widest_across(tree, unit)
    while len(found) == 1 and tree.children(found[0]):
        found = list(tree.children(found[0]))
    return sorted(found)


def is_past(tree: UnitTree, unit: str, as_of: date) -> bool:
    """Say whether *unit* stands on a map that is not in force on the as-of day, and is known on the one that is."""
    if unit.startswith(f"{epoch_on(as_of).value}:"):
        return False
    return any(across(tree, key) != (key,) for key in tree.communes(unit))
