"""Invented decisions that show each answer of the law today: one paid of late, one of which nobody knows whether."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.violations import CatalogueRow, in_force
from server.sample.chance import new_id
from server.sample.places import Place
from server.sample.shape import OF_SIZE_S, tree
from server.sample.writer import Writer

LATELY, LONG_AGO = timedelta(days=100), timedelta(days=460)  # within a year, and between one year and two


def decisions_now(rng: Random, writer: Writer, places: list[Place], today: date) -> Iterator[bytes]:
    """Decide of a few operators, in the commune of the demo's laptop where there are some: each state that there is."""
    fitting = [place for place in places if place.commune == OF_SIZE_S] or places
    chosen: dict[str, Place] = {}
    for place in sorted(fitting, key=lambda place: "karaoke" not in place.kinds):
        if place.open_on(today) and place.open_on(today - LONG_AGO):
            chosen.setdefault(place.operator_on(today), place)
    cases = ((LATELY, timedelta(days=8)), (LONG_AGO, None))
    for number, ((operator, place), (before, paid)) in enumerate(zip(chosen.items(), cases, strict=False), 1):
        state = decision_on(place, today - before, paid)
        if state:
            named = {"number": f"{number}/QĐ-XPHC-MAU", "operator": operator}
            yield writer.edit("decision", new_id(rng, today - before), named | state, today - before)


def decision_on(place: Place, decided: date, paid: timedelta | None) -> dict[str, Any]:
    """Fine an act of the catalogue of that day; nothing where it has none for such a place. *paid*: so long after."""
    act, unit = _act(place, decided), tree().get(place.commune)
    if act is None:
        return {}
    state: dict[str, Any] = {
        "authority": f"Chủ tịch Ủy ban nhân dân {unit.name if unit else ''}",
        "establishment": place.id,
        "codes": [act.code],
        "committed_on": (decided - timedelta(days=6)).isoformat(),
        "decided_on": decided.isoformat(),
        "delivered_on": (decided + timedelta(days=2)).isoformat(),
        "sanction": "fine",
        "ordered": ["main"],
    }
    return state | ({"main_done_on": (decided + paid).isoformat()} if paid else {})


def _act(place: Place, decided: date) -> CatalogueRow | None:
    """Choose an act whose group is decided and that is for this kind of place before one that is for all."""
    acts = [row for row in in_force(decided, place.kinds) if row.act_group]
    return min(acts, key=lambda row: ("*" in row.kinds, "hoạt động ngoài" not in row.name_vi), default=None)
