"""Where the indicators of a plan stand in a return: plain values, live or as they were frozen."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from schemas.units import UnitTree
from server.indicators.standing import Standing, standings
from server.plans.listing import Plan


@dataclass(frozen=True)
class Stood:
    """One indicator: its figure as numbers and in words; *missing*: units below that have not given theirs."""

    code: str
    name: str
    target: str
    measure: str
    numerator: int | None
    denominator: int | None
    share_tenths: int | None
    growth_tenths: int | None
    text: str
    met: bool | None
    as_of: str
    hidden: bool
    entered: bool  # by the unit that reports, not computed
    source: str  # computed, entered, summed; empty: nobody has reported
    missing: tuple[str, ...] = ()
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Whether nothing is known of it yet."""
        return self.entered and not self.source

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen."""
        return asdict(self) | {"missing": list(self.missing), "ids": {key: list(ids) for key, ids in self.ids.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Stood":
        """Read what `as_json` wrote."""
        ids = {key: tuple(found) for key, found in kept["ids"].items()}
        return cls(**{**kept, "missing": tuple(kept["missing"]), "ids": ids})


def stood(
    conn: sqlite3.Connection, tree: UnitTree, under: Plan, unit: str, days: tuple[date, date], today: date
) -> tuple[Stood, ...]:
    """Return where each indicator of a plan stands for *unit* and its days, small numbers hidden as beyond the unit.

    What is frozen stays: of an indicator with small numbers only the plan's own unit reports, and that its sum.
    A neighbour's small figure may still come, and the sum less the others would tell it.
    """
    found = standings(conn, tree, under, unit, *days, today)
    return tuple(_told(one if unit == under.unit else _covered(one)) for one in found)


def _covered(one: Standing) -> Standing:
    if not (one.indicator.small_cells and one.there):
        return one
    return replace(one, numerator=None, denominator=None, share_tenths=None, growth_tenths=None, met=None, text="",
                   hidden=True)  # fmt: skip


def _told(one: Standing) -> Stood:
    indicator = one.indicator
    return Stood(
        indicator.code, indicator.name, one.target, indicator.measure, one.numerator, one.denominator,
        one.share_tenths, one.growth_tenths, one.text, one.met, one.as_of, one.hidden, indicator.source == "entered",
        one.source, tuple(one.missing_units), {key: tuple(ids) for key, ids in one.ids.items()},
    )  # fmt: skip
