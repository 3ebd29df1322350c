"""Adding figures up: a unit's own whole figure, else what its bodies and the units below sent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.indicators import ValueStanding
from schemas.units import UnitTree
from server.indicators.asked import counted_in, says_yes
from server.indicators.values import UP, Value
from server.plans.listing import Indicator


@dataclass(frozen=True)
class Part:
    """What one unit, or one body of it, gives to a sum; *id* is empty where it is a sum itself.

    *waiting*: of the figures in it, how many were sent and not accepted yet. *hidden*: its numbers are not shown here.
    """

    unit: str
    agency: str
    numerator: int | None
    denominator: int | None
    standing: str  # of an entered figure; summed
    id: str = ""
    entered_on: str = ""
    waiting: int = 0
    hidden: bool = False


@dataclass(frozen=True)
class Figure:
    """The figure of a unit: what it is made of, which units right below lack one, and the ids of all figures in it."""

    unit: str
    numerator: int | None
    denominator: int | None
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    ids: tuple[str, ...]
    own: bool  # entered by the unit itself, and no sum
    waiting: int
    entered_on: str  # the oldest day of what is in it

    @property
    def there(self) -> bool:
        """Whether anybody has reported anything."""
        return bool(self.ids)


Values = Mapping[tuple[str, str, str], Value]


class Adding:
    """The figures of one indicator over the units of a plan; of the *asked* unit what is only entered counts too."""

    def __init__(self, tree: UnitTree, indicator: Indicator, found: Values, asked: str) -> None:
        """Sort what was entered by unit."""
        self._tree, self._indicator, self._asked = tree, indicator, asked
        self._by_unit: dict[str, list[Value]] = {}
        for (code, unit, _), value in found.items():
            if code == indicator.code and (unit == asked or value.standing in UP):
                self._by_unit.setdefault(unit, []).append(value)
        self._kept: dict[str, Figure] = {}

    def of(self, unit: str) -> Figure:
        """Return the figure of *unit*."""
        if unit not in self._kept:
            self._kept[unit] = self._figure(unit)
        return self._kept[unit]

    def beside(self, unit: str) -> list[Figure | Part]:
        """Return what is added up one level above *unit*: its neighbours, itself, and the bodies of the unit above."""
        above = next(iter(self._tree.ancestors(unit)), "")
        if not above:
            return []
        bodies = [part for part in self.of(above).parts if part.unit == above and part.agency]
        return [*(self.of(key) for key in self._tree.children(above)), *bodies]

    def _figure(self, unit: str) -> Figure:
        entered = sorted(self._by_unit.get(unit, ()), key=lambda one: one.agency)
        whole = [value for value in entered if not value.agency]
        mine = [_part(value) for value in (whole or entered)]
        lower = [] if self._is_counted(unit) else [self.of(key) for key in self._tree.children(unit)]
        if whole:
            return self._whole(unit, whole[0], lower)
        parts = [*mine, *(_summed(one, self._tree) for one in lower if one.there)]
        numerator, denominator = _sum(parts)
        if counted_in(self._indicator, self._tree, unit) is not None and lower:
            denominator = sum(self._out_of(one) for one in lower)
        ids = [value.id for value in entered] + [id for one in lower for id in one.ids]
        return Figure(
            unit, numerator if ids else None, denominator if ids else None, tuple(parts),
            tuple(one.unit for one in lower if not one.there), tuple(ids), bool(mine) and len(parts) == len(mine),
            sum(one.waiting for one in parts), min((one.entered_on for one in parts), default=""),
        )  # fmt: skip

    def _is_counted(self, unit: str) -> bool:
        return says_yes(self._indicator, self._tree, unit)

    def _whole(self, unit: str, value: Value, lower: list[Figure]) -> Figure:
        """Return a unit's own figure; what the units below sent stands beside it and is not added."""
        parts = [_part(value), *(_summed(one, self._tree) for one in lower if one.there)]
        missing = tuple(one.unit for one in lower if not one.there)
        return Figure(unit, value.numerator, value.denominator, tuple(parts), missing, (value.id,), True,
                      parts[0].waiting, value.entered_on)  # fmt: skip

    def _out_of(self, one: Figure) -> int:
        """Return how many of the counted units lie in a unit, whether they have said anything or not."""
        if one.own and one.denominator is not None:
            return one.denominator
        return counted_in(self._indicator, self._tree, one.unit) or 0


def _part(value: Value) -> Part:
    return Part(value.unit, value.agency, value.numerator, value.denominator, value.standing.value, value.id,
                value.entered_on, int(value.standing is ValueStanding.SENT))  # fmt: skip


def _summed(one: Figure, tree: UnitTree) -> Part:
    if one.own and len(one.ids) == 1:
        standing = next(part.standing for part in one.parts if part.id == one.ids[0])
        return Part(one.unit, "", one.numerator, one.denominator, standing, one.ids[0], one.entered_on, one.waiting)
    return Part(one.unit, "", one.numerator, one.denominator, "summed", "", one.entered_on, one.waiting)


def _sum(parts: list[Part]) -> tuple[int | None, int | None]:
    numerators = [one.numerator for one in parts if one.numerator is not None]
    denominators = [one.denominator for one in parts if one.denominator is not None]
    return (sum(numerators) if numerators else None), (sum(denominators) if denominators else None)
