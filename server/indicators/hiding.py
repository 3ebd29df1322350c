"""Small numbers of persons: hidden beyond the unit that reports them, also where a difference would tell them. Pure.

One rule for units that stand side by side: when one of them has a small number, none of them shows its numbers, and
their sum is shown only when it is no small number itself and at least three have reported.
The bodies of the unit above are added up with them and are one of the three: that unit knows them all.
So no sum less the others gives the hidden one away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from server.indicators.adding import Figure, Part

FEWEST = 3  # of those in a sum: of two each would know the other


def small(least: int, numerator: int | None, denominator: int | None) -> bool:
    """Say whether a figure tells of fewer than *least* persons, reached or not reached; nobody at all is no person."""
    if not least:
        return False
    cells = [numerator, denominator]
    if numerator is not None and denominator is not None:
        cells.append(denominator - numerator)
    return any(cell is not None and 0 < cell < least for cell in cells)


def any_small(least: int, figures: Iterable[Figure | Part]) -> bool:
    """Say whether one of those that stand side by side has a small number."""
    return any(small(least, one.numerator, one.denominator) for one in figures)


def hidden(least: int, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts of a sum as they may be shown beyond their units."""
    if not any_small(least, parts):
        return tuple(parts)
    return tuple(replace(one, numerator=None, denominator=None, hidden=True) for one in parts)


def sum_is_hidden(least: int, figure: Figure) -> bool:
    """Say whether the figure of a unit must not be shown beyond it."""
    if small(least, figure.numerator, figure.denominator):
        return True
    return not figure.own and any_small(least, figure.parts) and len({part.unit for part in figure.parts}) < FEWEST
