"""Invented figures of indicators: the first half of 2025 in old communes, and of this year in the communes of today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.indicators import value_id
from schemas.register import State
from server.indicators.asked import agency_of, asked, says_yes
from server.plans.listing import Indicator, Plan, from_state
from server.sample.chance import happens, some_day
from server.sample.shape import TRIEU_SON, Shape, tree
from server.sample.writer import Writer

MOST_COMMUNES = 60  # of larger samples nobody looks at every commune's figures
_NOTE = "Số liệu giả định"
_COMMENT = "Tổng số người chưa khớp với danh sách của xã; xem lại (giả định)"
_OWN = ("T3.2", "H3.2")  # of the police, for the whole area


@dataclass(frozen=True)
class _Of:
    """Whose figures are made: of a plan, for the half-year of *year*, entered by *last*."""

    plan: Plan
    year: int
    units: tuple[str, ...]
    today: date

    @property
    def days(self) -> tuple[str, str]:
        return f"{self.year}-01-01", f"{self.year}-06-14"

    @property
    def entered(self) -> date:
        return min(date(self.year, 6, 12), self.today)


def values(
    rng: Random, writer: Writer, plans: list[tuple[str, State]], shape: Shape, today: date
) -> Iterator[bytes]:  # fmt: skip
    """Write them: most accepted, some sent, a few only entered, one returned, and some communes have sent nothing."""
    if len(shape.communes) > MOST_COMMUNES:
        return
    for id, state in plans:
        plan = from_state(id, state, today)
        of_trieu_son = plan.unit == TRIEU_SON and bool(shape.district)
        if of_trieu_son and date(2025, 6, 14) <= today:
            yield from _half_year(rng, writer, _Of(plan, 2025, tree().communes(TRIEU_SON), today))
        elif plan.unit.startswith("new:") and plan.indicators and date(today.year, 6, 14) <= today:
            yield from _half_year(rng, writer, _Of(plan, today.year, shape.communes, today))


def _half_year(rng: Random, writer: Writer, of: _Of) -> Iterator[bytes]:
    silent, returned = set(rng.sample(of.units, len(of.units) // 6)), rng.choice(of.units)
    for unit in of.units:
        standing = rng.choices(("accepted", "sent", "entered"), (70, 22, 8))[0]
        if unit == returned:
            yield from _of_unit(rng, writer, of, unit, ("sent", 1.0))
            yield from _returned(rng, writer, of, unit)
        elif unit not in silent:
            yield from _of_unit(rng, writer, of, unit, (standing, 0.94))
    for indicator in of.plan.indicators:
        if indicator.code in _OWN:
            yield _line(rng, writer, of, (indicator, of.plan.unit), _figures(rng, indicator, of.plan.unit), "sent")


def _of_unit(rng: Random, writer: Writer, of: _Of, unit: str, how: tuple[str, float]) -> Iterator[bytes]:
    standing, share = how
    for indicator in of.plan.indicators:
        if asked(indicator, tree(), of.plan.unit, unit) and indicator.measure != "text" and happens(rng, share):
            yield _line(rng, writer, of, (indicator, unit), _figures(rng, indicator, unit), standing)


def _returned(rng: Random, writer: Writer, of: _Of, unit: str) -> Iterator[bytes]:
    """Return the first figure of a unit, with a comment."""
    indicator = next(one for one in of.plan.indicators
                     if one.counts == "persons" and asked(one, tree(), of.plan.unit, unit))  # fmt: skip
    yield _line(rng, writer, of, (indicator, unit), {"comment": _COMMENT}, "returned", was={"standing": "sent"})


def _figures(rng: Random, indicator: Indicator, unit: str) -> dict[str, Any]:
    if says_yes(indicator, tree(), unit):
        return {"numerator": int(happens(rng, 0.8)), "denominator": 1}
    if indicator.measure == "growth":
        before = rng.randint(18, 40)
        return {"numerator": before + rng.randint(-2, 5), "denominator": before, "note": _NOTE}
    whole = rng.randint(2, 9) if indicator.small_cells else rng.randint(12, 160)
    part = min(whole, round(whole * rng.uniform(0.15, 1.1)))
    return {"numerator": part, "denominator": whole, "note": _NOTE}


def _line(
    rng: Random, writer: Writer, of: _Of, what: tuple[Indicator, str], said: dict[str, Any], standing: str,
    was: dict[str, Any] | None = None,
) -> bytes:  # fmt: skip
    indicator, unit = what
    agency = agency_of(indicator, of.plan.unit, unit)
    on = some_day(rng, of.entered - timedelta(days=9), of.entered)
    epoch, _, code = unit.partition(":")
    keys = {} if was else {"plan": of.plan.id, "indicator": indicator.code, "epoch": epoch, "unit": code,
                           "agency": agency, "report": "half_year", "from": of.days[0], "to": of.days[1]}  # fmt: skip
    after = keys | said | {"standing": standing} | ({} if was else {"on": on.isoformat()})
    return writer.edit("indicator_value", value_id(of.plan.id, indicator.code, unit, agency, of.days), after, on, was)
