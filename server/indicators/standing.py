"""Where each indicator of a plan stands for a unit and the days of a report: the one answer for pages and returns."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schemas.units import UnitTree
from server.indicators import computed as ours
from server.indicators import hiding
from server.indicators.adding import Adding, Figure, Part
from server.indicators.computed import Computed, Window
from server.indicators.values import texts, values
from server.plans.listing import Indicator, Plan
from server.shares import tenths_of

__all__ = ["Part", "Standing", "at_a_glance", "computed", "for_the_board", "standings"]


@dataclass(frozen=True)
class Standing:
    """One indicator: its figure, where that comes from, and what is missing in it.

    *numerator* and *denominator* of a growth are this year's and last year's count. *since* to *as_of* are the days
    covered. *source*: computed (our records), entered (the unit's own figure), summed (of *from_units*), empty: nobody
    has reported. *missing_units*: those right below without a figure that was sent. *waiting*: how many of the figures
    in it were sent and are not accepted yet. *data_age*: days from the oldest figure in it to today. *hidden*: small
    numbers of persons stand in it that are not shown here. *known*: what our records say beside an entered figure.
    *ids*: `numerator` and `denominator` of a computed one, `values` of an entered one.
    """

    indicator: Indicator
    numerator: int | None
    denominator: int | None
    share_tenths: int | None
    growth_tenths: int | None
    text: str
    met: bool | None
    target: str
    since: str
    as_of: str
    data_age: int | None
    source: str
    from_units: tuple[Part, ...] = ()
    missing_units: tuple[str, ...] = ()
    waiting: int = 0
    hidden: bool = False
    known: Computed | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def there(self) -> bool:
        """Whether there is anything to show, hidden or not."""
        return bool(self.source)


def computed(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, indicator: Indicator, unit: str, first: date, last: date
) -> Computed | None:  # fmt: skip
    """Return what our own records know of an indicator, with the ids of what was counted; None where nothing."""
    return ours.with_ids(conn, tree, indicator, Window(plan, unit, first, last))


def standings(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, first: date, last: date, today: date,
    *, seen_by: str = "",
) -> tuple[Standing, ...]:  # fmt: skip
    """Say where every indicator of *plan* stands for *unit* from *first* to *last*, with ids of all that was counted.

    Small numbers are hidden as beyond the unit, unless *seen_by* is the unit itself. Called within one read
    transaction. What arrives after *last* and is of an earlier day counts.
    """
    return _Asking(conn, tree, Window(plan, unit, first, min(last, today)), last, today, seen_by).all(ours.with_ids)


def at_a_glance(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, first: date, last: date, today: date,
    *, seen_by: str = "",
) -> tuple[Standing, ...]:  # fmt: skip
    """Say the same without the ids of what our own records counted: for pages and boards."""
    return _Asking(conn, tree, Window(plan, unit, first, min(last, today)), last, today, seen_by).all(ours.figure)


def for_the_board(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan, unit: str, first: date, last: date, today: date,
    *, seen_by: str = "",
) -> tuple[Standing, ...]:  # fmt: skip
    """Say the same also without what our records know beside an entered figure."""
    return _Asking(conn, tree, Window(plan, unit, first, min(last, today)), last, today, seen_by).all(
        ours.where_computed
    )


class _Asking:
    """One question, with what was entered in its period read once."""

    def __init__(
        self, conn: sqlite3.Connection, tree: UnitTree, window: Window, last: date, today: date, seen_by: str
    ) -> None:  # fmt: skip
        self._conn, self._tree, self._window = conn, tree, window
        self._today, self._own = today, seen_by == window.unit
        self._found = values(conn, window.plan.id, window.first, last)
        self._texts = texts(conn, (one.id for one in self._found.values() if one.unit == window.unit))

    def all(self, know: Any) -> tuple[Standing, ...]:
        found = []
        for indicator in self._window.plan.indicators:
            known = know(self._conn, self._tree, indicator, self._window)
            if indicator.source == "computed":
                found.append(self._computed(indicator, known))
            else:
                found.append(self._entered(indicator, known))
        return tuple(found)

    def _computed(self, indicator: Indicator, known: Computed | None) -> Standing:
        empty = _empty(indicator, self._window)
        if known is None:
            return empty
        return replace(
            empty, **_figures(indicator, known.numerator, known.denominator), since=known.since, as_of=known.until,
            data_age=(self._today - date.fromisoformat(known.until)).days, source="computed", ids=known.ids,
        )  # fmt: skip

    def _entered(self, indicator: Indicator, known: Computed | None) -> Standing:
        adding = Adding(self._tree, indicator, self._found, self._window.unit)
        figure = adding.of(self._window.unit)
        empty = replace(_empty(indicator, self._window), known=known, missing_units=figure.missing)
        if not figure.there:
            return empty
        told = replace(
            empty, source="entered" if figure.own else "summed", from_units=figure.parts, waiting=figure.waiting,
            ids={"values": tuple(sorted(figure.ids))}, data_age=self._age(figure.entered_on),
            text="\n\n".join(self._texts[id] for id in figure.ids if id in self._texts),
            **_figures(indicator, figure.numerator, figure.denominator),
        )  # fmt: skip
        return self._as_shown(told, figure, adding)

    def _as_shown(self, told: Standing, figure: Figure, adding: Adding) -> Standing:
        """Return it without the small numbers that are not shown here."""
        least = told.indicator.small_cells
        if not least:
            return told
        mine = tuple(part for part in figure.parts if part.unit == figure.unit)
        lower = tuple(part for part in figure.parts if part.unit != figure.unit)
        if self._own and figure.own:
            return replace(told, from_units=(*mine, *hiding.hidden(least, lower)))
        if not hiding.sum_is_hidden(least, figure) and not self._small_beside(least, figure, adding):
            groups = (mine, lower) if figure.own else ((*mine, *lower),)  # those that are added up are one
            return replace(told, from_units=tuple(part for group in groups for part in hiding.hidden(least, group)))
        covered = tuple(replace(one, numerator=None, denominator=None, hidden=True) for one in (*mine, *lower))
        return replace(told, **_figures(told.indicator, None, None), text="", hidden=True, from_units=covered)

    def _small_beside(self, least: int, figure: Figure, adding: Adding) -> bool:
        """Say whether what is added up with this unit in its plan has a small number: then none shows its own."""
        if self._own or figure.unit == self._window.plan.unit:
            return False
        return hiding.any_small(least, adding.beside(figure.unit))

    def _age(self, day: str) -> int | None:
        return (self._today - date.fromisoformat(day)).days if day else None


def _empty(indicator: Indicator, window: Window) -> Standing:
    since = window.plan.since if indicator.period == "to_end" else window.first.isoformat()
    return Standing(indicator, **_figures(indicator, None, None), text="", target=target(indicator), since=since,
                    as_of=window.last.isoformat(), data_age=None, source="")  # fmt: skip


def target(indicator: Indicator) -> str:
    """Return what is asked for as it is written in tables: ≥ 80 %, 5–8 %; empty for a narrative."""
    if indicator.at_least is None:
        return ""
    if indicator.at_most is not None:
        return f"{indicator.at_least}–{indicator.at_most} %"
    return f"≥ {indicator.at_least} %"


def _figures(indicator: Indicator, numerator: int | None, denominator: int | None) -> dict[str, Any]:
    """Return the numbers of a figure with its share or growth, and whether the target is reached, in whole numbers."""
    share = growth = met = None
    if numerator is not None and denominator:
        over = numerator - denominator if indicator.measure == "growth" else numerator
        tenths = tenths_of(over, denominator, indicator.at_least)
        share, growth = (None, tenths) if indicator.measure == "growth" else (tenths, None)
        met = over * 100 >= indicator.at_least * denominator if indicator.at_least is not None else None
    return {"numerator": numerator, "denominator": denominator, "share_tenths": share, "growth_tenths": growth,
            "met": met}  # fmt: skip
