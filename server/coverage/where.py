"""Where a place of the register stands in the tree that was asked for, as far as that is sure."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from schemas.units import Epoch, Level, UnitTree, epoch_on

MOST_KEYS = 900  # in one query; a larger area is read whole and sorted out afterwards


class UnknownUnit(ValueError):
    """The unit asked for is not on that map; the message says what to do."""


class Where:
    """The asked area, a key of the asked map; None: everything there is.

    A place that is known on one map only may lie in several communes of the other. It
    stands in the smallest unit that holds all of these, "" when no unit does.
    """

    def __init__(self, tree: UnitTree, epoch: Epoch, unit: str | None, tops: Iterable[str] = ()) -> None:
        """Begin; raise UnknownUnit for a unit that the map of *epoch* does not hold.

        *tops* are the units with nothing above them: the children of everything.
        """
        if unit is not None and (tree.get(unit) is None or not _on(unit, epoch)):
            raise UnknownUnit(f"Không có đơn vị {unit} trên bản đồ đã chọn; xem lại mã và bản đồ.")
        self.tree, self.epoch, self.unit = tree, epoch, unit
        self._tops = tuple(sorted(tops))
        self._sure = _known(tree, epoch)

    def sure(self, key: str) -> str:
        """Return the smallest unit of the asked map that surely holds what the register has at *key*."""
        found = self._sure.get(key)
        if found is None:
            found = self._sure[key] = sure_unit(self.tree, key, self.epoch)
        return found

    def holds(self, sure: str) -> bool:
        """Say whether the asked area surely holds a place of the unit *sure*."""
        return self.unit is None or sure == self.unit or self.unit in self.tree.ancestors(sure)

    def children(self) -> tuple[str, ...]:
        """List the units right below the area in the order of their codes; a commune has itself."""
        if self.unit is None:
            return self._tops
        return tuple(sorted(self.tree.children(self.unit))) or self.communes()

    def communes(self) -> tuple[str, ...]:
        """List the communes of the area in the order of their codes."""
        tops = self._tops if self.unit is None else (self.unit,)
        return tuple(sorted(commune for top in tops for commune in self.tree.communes(top)))

    def child_of(self, sure: str) -> str:
        """Return the unit right below the area that holds the unit *sure*, "" when that is not known."""
        line = (sure, *self.tree.ancestors(sure))
        if self.unit is None:
            return line[-1]
        place = line.index(self.unit)
        return line[place - 1] if place else self.commune_of(sure)

    def commune_of(self, sure: str) -> str:
        """Return the unit *sure* if it is a commune, "" otherwise."""
        unit = self.tree.get(sure)
        return sure if unit is not None and unit.level is Level.COMMUNE else ""

    def keys(self) -> list[str] | None:
        """List every key that the register may have for a place of the area; None: too many to name."""
        return None if self.unit is None else _keys(self.tree, self.epoch, self.unit)

    def held(self) -> list[str] | None:
        """List those of these keys of which the area surely holds every place; None: too many to name."""
        return None if self.unit is None else _held(self.tree, self.epoch, self.unit)

    def exact(self, unit: str, day: date) -> bool:
        """Say whether the figures of *unit* are exact as of *day*.

        On the map in force on that day they are. On the other map they are only where the
        unit is made of whole communes of the map in force.
        """
        if not unit or epoch_on(day) == self.epoch:
            return True
        return _is_whole(self.tree, unit, self.epoch)


@lru_cache(maxsize=256)
def _keys(tree: UnitTree, epoch: Epoch, unit: str) -> list[str] | None:
    roads = [tree.in_tree(own, _other(epoch)) for own in tree.communes(unit)]
    across = frozenset().union(*roads)
    above = {unit for other in across for unit in tree.ancestors(other)}
    keys = sorted({*tree.descendants(unit), *across, *above})
    return keys if len(keys) <= MOST_KEYS else None


@lru_cache(maxsize=256)
def _held(tree: UnitTree, epoch: Epoch, unit: str) -> list[str] | None:
    where, keys = Where(tree, epoch, unit), _keys(tree, epoch, unit)
    return keys and [key for key in keys if where.holds(where.sure(key))]


@lru_cache(maxsize=8)
def _known(tree: UnitTree, epoch: Epoch) -> dict[str, str]:
    """Return what is known already of where units of the register surely lie: a tree never changes."""
    return {}


def sure_unit(tree: UnitTree, key: str, epoch: Epoch) -> str:
    """Return the smallest unit on the map of *epoch* that surely holds all of *key*, "" when none does."""
    if _on(key, epoch):
        return key if tree.get(key) is not None else ""
    possible = [tree.in_tree(commune, epoch) for commune in tree.communes(key)]
    if not possible or not all(possible):
        return ""
    return tree.smallest_sure(frozenset().union(*possible)) or ""


@lru_cache(maxsize=32_768)
def _is_whole(tree: UnitTree, unit: str, epoch: Epoch) -> bool:
    """Say whether the communes of *unit* are the union of whole communes of the other map."""
    own = tree.communes(unit)
    roads = [tree.in_tree(commune, _other(epoch)) for commune in own]
    back = {home for road in roads for other in road for home in tree.in_tree(other, epoch)}
    return all(roads) and back <= set(own)


def _on(key: str, epoch: Epoch) -> bool:
    return key.startswith(f"{epoch.value}:")


def _other(epoch: Epoch) -> Epoch:
    return Epoch.NEW if epoch is Epoch.OLD else Epoch.OLD
