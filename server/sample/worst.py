"""The worst register for coverage: every span, edge and merge that a rule could trip over, on few places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from schemas.register import State
from schemas.units import NEW_MAP_FROM
from server.sample.chance import happens, new_id

_EDGES = tuple(
    day
    for year in (2021, 2023, 2024, 2025, 2026)
    for day in (date(year, 1, 1), date(year, 1, 2), date(year, 6, 30), date(year, 7, 1), date(year, 12, 31))
)
_LEAP = (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1))
_KINDS = ("karaoke", "dance_hall", "massage", "lodging", "other")
_OUTCOMES = ("no_violation", "no_violation", "violations", "closed_tonight", "stopped")


@dataclass(frozen=True)
class Worst:
    """One place: its state, which may name an earlier place as *merged_into*, and bodies of visits to it."""

    id: str
    state: State
    visits: tuple[dict[str, Any], ...]


def worst_places(
    rng: Random, count: int, communes: Sequence[str] = ("old:14758", "old:15664", "new:15682")
) -> Iterator[Worst]:
    """Make *count* places that stand, move, open, pause, close, merge and are visited on the days that matter.

    Some of *communes* should be split ones, which nobody has decided.
    """
    ids: list[str] = []
    for _ in range(count):
        id = new_id(rng, date(2021, 1, 1))
        state = _state(rng, communes)
        if ids and happens(rng, 0.25):
            state["merged_into"] = rng.choice(ids)
        ids.append(id)
        yield Worst(id, state, tuple(_visit(rng, id) for _ in range(rng.randint(0, 6))))


def edge(rng: Random) -> date:
    """Return a day on which something may go wrong: an edge of a year, of the maps, a leap day, or any."""
    if happens(rng, 0.2):
        return date(2021, 1, 1) + timedelta(days=rng.randrange(2150))
    return rng.choice(_EDGES + _LEAP)


def _days(rng: Random, count: int) -> list[str]:
    """Return different days in order: two spans of a chain never begin together."""
    return [day.isoformat() for day in sorted({edge(rng) for _ in range(count)})]


def _state(rng: Random, communes: Sequence[str]) -> State:
    state: State = {"name": "Cơ sở giả định", "code": f"GD-X{rng.randrange(10**6):06d}"}
    for number, since in enumerate(_days(rng, rng.choice((1, 1, 2, 4)))):
        epoch, _, code = rng.choice(communes).partition(":")
        state[f"place/{number}"] = {"from": since, "epoch": epoch, "unit": code}
    for number, since in enumerate(_days(rng, rng.choice((1, 2, 3, 6)))):
        state[f"status/{number}"] = {"from": since, "status": rng.choice(("open", "open", "paused", "closed"))}
    for number, kind in enumerate(rng.sample(_KINDS, rng.choice((1, 1, 2, 3)))):
        days = _days(rng, 2)
        state[f"kind/{number}"] = {"from": days[0], "to": days[1] if len(days) > 1 else None, "kind": kind}
    return state


def _visit(rng: Random, place: str) -> dict[str, Any]:
    """Make a visit, counting or not: attempts, too few members, found working where the register says closed."""
    outcome = rng.choice(_OUTCOMES)
    body: dict[str, Any] = {
        "establishment": place,
        "team": new_id(rng, NEW_MAP_FROM),
        "date": edge(rng).isoformat(),
        "basis": "planned",
        "outcome": outcome,
        "revision": 1,
        "members": [{"name": name} for name in ("An", "Bình", "Cường")[: rng.choice((2, 3, 3, 3))]],
        "remark": "giả định",
        "void": happens(rng, 0.05),
        "reason": "giả định",
    }
    if outcome == "violations":
        body["violations"] = [{"id": new_id(rng, NEW_MAP_FROM), "text": "giả định"}]
    working = rng.choice((None, None, True, False))
    return body if working is None else body | {"found_working": working}
