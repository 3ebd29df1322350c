"""The figures of the units side by side, one row a unit and an indicator, with small numbers hidden."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.text import sort_key
from schemas.units import UnitTree
from server.indicators.adding import Adding, Figure
from server.indicators.asked import asked
from server.indicators.hiding import any_small
from server.indicators.periods import Asked
from server.indicators.values import UP, values
from server.plans.listing import Indicator, Plan


@dataclass(frozen=True)
class Row:
    """The figure of one unit for one indicator; *standing* of an entered one, summed, or empty: none.

    *missing*: how many of the units right below it lack one.
    """

    unit: str
    indicator: Indicator
    numerator: int | None
    denominator: int | None
    standing: str
    missing: int
    on: str
    hidden: bool = False


def across(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, period: Asked, area: str
) -> list[Row]:  # fmt: skip
    """Return the entered figures of *unit* and of the units right below it, as *area* may see them.

    What a unit has entered and not sent stands in its own rows only, and there for its own area only.
    """
    found = values(conn, plan.id, period.first, period.last)
    if area != unit:
        found = {key: value for key, value in found.items() if value.standing in UP or value.unit != unit}
    below = sorted(tree.children(unit), key=lambda key: sort_key(getattr(tree.get(key), "name", "")))
    rows: list[Row] = []
    for one in plan.indicators:
        if one.source != "computed":
            adding = Adding(tree, one, found, unit)
            rows += _rows(tree, plan, one, adding, (unit, *below), area)
    order = {key: place for place, key in enumerate((unit, *below))}
    return sorted(rows, key=lambda row: order[row.unit])


def _rows(
    tree: UnitTree, plan: Plan, one: Indicator, adding: Adding, units: tuple[str, ...], area: str
) -> Iterator[Row]:  # fmt: skip
    figures = [adding.of(key) for key in units]
    beside = adding.beside(units[0]) if units[0] != plan.unit else []
    secret = any_small(one.small_cells, (*figures, *figures[0].parts, *beside))
    for figure in figures:
        if figure.there or asked(one, tree, plan.unit, figure.unit):
            hidden = secret and not (figure.unit == area and figure.own)
            yield _row(one, figure, hidden)


def _row(one: Indicator, figure: Figure, hidden: bool) -> Row:
    own = next((part for part in figure.parts if part.unit == figure.unit), None)
    standing = (own.standing if own and figure.own else "summed") if figure.there else ""
    numbers = (None, None) if hidden else (figure.numerator, figure.denominator)
    return Row(figure.unit, one, *numbers, standing, len(figure.missing), figure.entered_on, hidden and figure.there)
