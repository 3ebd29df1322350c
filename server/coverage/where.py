"""Where a place of the register stands in the tree that was asked for, as far as that is sure."""

from collections.abc import Iterable
from datetime import date

from schemas.units import Epoch, Level, UnitTree, epoch_on, unit_key

UNKNOWN = "Chưa xác định xã"
MOST_KEYS = 900  # in one query; a larger area is read whole and sorted out afterwards


class UnknownUnit(ValueError):
    """The unit asked for is not on that map; the message says what to do."""


class Where:
    """The asked area, a key of the asked map; None: everything there is.

    A place that is known on one map only may lie in several communes of the other. It
    stands in the smallest unit that holds all of these, "" when no unit does.
    """

    def __init__(self, tree: UnitTree, epoch: Epoch, unit: str | None) -> None:
        """Begin; raise UnknownUnit for a unit that the map of *epoch* does not hold."""
        if unit is not None and (tree.get(unit) is None or not unit.startswith(f"{epoch}:")):
            raise UnknownUnit(f"Không có đơn vị {unit} trên bản đồ đã chọn; xem lại mã và bản đồ.")
        self.tree, self.epoch, self.unit = tree, epoch, unit
        self._sure: dict[str, str] = {}

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
            provinces = (unit_key(self.epoch, unit.code) for unit in self.tree.units() if self._is_top(unit))
            return tuple(sorted(provinces))
        return tuple(sorted(self.tree.children(self.unit))) or self._itself()

    def communes(self) -> tuple[str, ...]:
        """List the communes of the area in the order of their codes."""
        tops = self.children() if self.unit is None else (self.unit,)
        return tuple(sorted(commune for top in tops for commune in self.tree.communes(top)))
