"""The board by unit: the units right below, and of each the indicators that units have figures for."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schemas.text import sort_key
from schemas.units import UnitTree
from server.coverage.across import is_past, units_across
from server.indicators.across import across
from server.indicators.computed import Window, inspected_by
from server.indicators.view import View
from server.plans.listing import Indicator
from server.tips.lists import tips
from server.tips.times import Period, Timing

INSPECTED = ("inspected_in_year", "inspected_in_period")
TIPS = "tips_in_time"


@dataclass(frozen=True)
class Cell:
    """One figure of one unit; nothing in it where nobody has reported."""

    numerator: int | None
    denominator: int | None
    met: bool | None
    hidden: bool = False
    target: int | None = None  # percent, at least


@dataclass(frozen=True)
class UnitRow:
    """One unit, empty where the unit is not known; *cells* by the code of the indicator."""

    unit: str
    cells: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def reached(self) -> int:
        """How many of its indicators are met."""
        return sum(cell.met is True for cell in self.cells.values())


@dataclass(frozen=True)
class Units:
    """The table; *across*: its units are those of the map in force, because the asked one stands on the one before."""

    indicators: tuple[Indicator, ...]
    rows: tuple[UnitRow, ...]
    across: bool = False

    @property
    def told(self) -> tuple[UnitRow, ...]:
        """The units of which there is anything to show: a figure, or one that is hidden."""
        return tuple(row for row in self.rows if any(map(_is_there, row.cells.values())))

    @property
    def silent(self) -> tuple[str, ...]:
        """The units of which there is nothing."""
        told = {row.unit for row in self.told}
        return tuple(row.unit for row in self.rows if row.unit not in told)

    def behind(self, most: int) -> tuple[UnitRow, ...]:
        """Return so many units in the order of what they lack of the first indicator: for paper, which is short."""
        code = self.indicators[0].code if self.indicators else ""
        there = (row for row in self.told if _share(row.cells.get(code)) is not None)
        return tuple(sorted(there, key=lambda row: _share(row.cells.get(code)) or 0)[:most])


def units(conn: sqlite3.Connection, tree: UnitTree, asked: View, area: str, today: date) -> Units:
    """Answer for the units below that of *asked*; called within one read transaction."""
    last = min(asked.period.last, today)
    window = Window(asked.plan, asked.unit, asked.period.first, last)
    past = is_past(tree, asked.unit, last)
    below = units_across(tree, asked.unit) if past else list(tree.children(asked.unit))
    found: dict[str, dict[str, Cell]] = {}
    for one in asked.plan.indicators:
        if one.known in INSPECTED and one.source == "computed":
            found[one.code] = _inspected(conn, tree, one, window, "across" if past else "unit")
        elif one.known == TIPS and one.source == "computed":
            found[one.code] = _tips(conn, tree, one, window, below)
    if not past:
        _enter(found, conn, tree, asked, area)
    columns = tuple(one for one in asked.plan.indicators if found.get(one.code))
    columns = tuple(sorted(columns, key=lambda one: one.known not in INSPECTED))
    rows = [UnitRow(key, {code: cells[key] for code, cells in found.items() if key in cells})
            for key in (*_in_order(tree, below), "")]  # fmt: skip
    return Units(columns, tuple(row for row in rows if row.unit or row.cells), past)


def _inspected(
    conn: sqlite3.Connection, tree: UnitTree, one: Indicator, window: Window, by: str
) -> dict[str, Cell]:  # fmt: skip
    if one.period == "to_end" and window.last < date.fromisoformat(window.plan.since):
        return {}
    return {unit: cell(one, *pair) for unit, pair in inspected_by(conn, tree, one, window, by).items()}


def _tips(
    conn: sqlite3.Connection, tree: UnitTree, one: Indicator, window: Window, below: list[str]
) -> dict[str, Cell]:  # fmt: skip
    first = date.fromisoformat(window.plan.since) if one.period == "to_end" else window.first
    whose = {commune: unit for unit in below for commune in (unit, *tree.communes(unit))}
    counted = dict.fromkeys(below, (0, 0))
    for tip in tips(conn, tree, window.unit, Period(first, window.last, window.last)):
        unit = whose.get(tip.unit, "")
        in_time, all_of_them = counted.get(unit, (0, 0))
        counted[unit] = in_time + (tip.timing is Timing.IN_TIME), all_of_them + 1
    return {unit: cell(one, *pair) for unit, pair in counted.items()}


def _enter(
    found: dict[str, dict[str, Cell]], conn: sqlite3.Connection, tree: UnitTree, asked: View, area: str
) -> None:  # fmt: skip
    """Put in what the units have entered and sent, small numbers hidden."""
    for row in across(conn, tree, asked.plan, asked.unit, asked.period, area):
        if row.unit != asked.unit and row.indicator.measure != "text":
            cells = found.setdefault(row.indicator.code, {})
            shown = cell(row.indicator, row.numerator, row.denominator)
            cells[row.unit] = replace(shown, hidden=row.hidden)


def cell(one: Indicator, numerator: int | None, denominator: int | None) -> Cell:
    """Return the cell of a figure, with whether it reaches the target, in whole numbers."""
    met = None
    if numerator is not None and denominator and one.at_least is not None:
        over = numerator - denominator if one.measure == "growth" else numerator
        met = over * 100 >= one.at_least * denominator
    return Cell(numerator, denominator, met, target=one.at_least)


def _in_order(tree: UnitTree, keys: Iterable[str]) -> list[str]:
    return sorted(keys, key=lambda key: sort_key(getattr(tree.get(key), "name", "")))


def _is_there(one: Cell) -> bool:
    return one.hidden or bool(one.denominator) or bool(one.numerator)


def _share(one: Cell | None) -> float | None:
    """Return the share of a figure, for the order alone; None where there is nothing to be behind with."""
    if one is None or not one.denominator or one.numerator is None:
        return None
    return one.numerator / one.denominator
