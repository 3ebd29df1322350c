"""Who goes, and when: no team twice running to a place where another could go, the months spread by lot. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from server.planning.draw import Chosen, lot

QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))


@dataclass(frozen=True)
class Team:
    """A team that may be sent: *level* commune, district or province; *given* visits it has already this year."""

    id: str
    name: str
    level: str
    communes: frozenset[str]
    given: int = 0


class Turn(NamedTuple):
    """A team and the months in which it is to go; *again*: it was there the last time too, as nobody else could go."""

    team: str
    month_from: str
    month_to: str
    again: bool


def turns(
    chosen: Sequence[Chosen], where: Mapping[str, frozenset[str]], teams: Iterable[Team], *, most: int, year: int,
    from_month: int, seed: str,
) -> list[Turn]:  # fmt: skip
    """Return a turn for each of *chosen*: the places to which one team only may go first, then the highest points.

    *where* names the present communes in which each place may stand: a team must know all of them.
    A place that no team may go to, or whose teams are all full, has a turn without a team.
    """
    teams = list(teams)
    load = {team.id: team.given for team in teams}
    areas = {communes: [team for team in teams if communes and communes <= team.communes]
             for communes in set(where.values())}  # fmt: skip
    near = {one.scored.known.id: areas[where[one.scored.known.id]] for one in chosen}
    found = {}
    for one in sorted(chosen, key=lambda one: len(near[one.scored.known.id]) > 1):
        chosen_team = _next(near[one.scored.known.id], load, one, most, seed)
        if chosen_team:
            load[chosen_team.id] += 1
        found[one.scored.known.id] = chosen_team.id if chosen_team else ""
    windows = _windows(chosen, year, from_month, seed)
    return [
        Turn(team := found[known.id], *windows[known.id], team != "" and team == known.last_team)
        for known in (one.scored.known for one in chosen)
    ]


_LOCAL_FIRST = {"commune": 0, "district": 1, "province": 2}


def _next(teams: list[Team], load: Mapping[str, int], one: Chosen, most: int, seed: str) -> Team | None:
    """Choose who has not been there last, then the nearest level, then who has least to do."""
    known = one.scored.known
    free = [team for team in teams if load[team.id] < most]
    return min(
        free,
        key=lambda team: (
            team.id == known.last_team, _LOCAL_FIRST[team.level], load[team.id], lot(seed, "team", known.id + team.id)
        ),
        default=None,
    )  # fmt: skip


def _windows(chosen: Sequence[Chosen], year: int, from_month: int, seed: str) -> dict[str, tuple[str, str]]:
    """Deal the places of each commune out over what is left of the year, in an order of lots."""
    left = [(max(first, from_month), last) for first, last in QUARTERS if last >= from_month]
    by_unit: dict[str, list[str]] = defaultdict(list)
    for one in chosen:
        by_unit[one.scored.known.unit].append(one.scored.known.id)
    found = {}
    for unit, ids in by_unit.items():
        start = int(lot(seed, "month", unit)[:8], 16)
        for n, id in enumerate(sorted(ids, key=lambda id: lot(seed, "month", id))):
            first, last = left[(start + n) % len(left)]
            found[id] = (f"{year:04d}-{first:02d}", f"{year:04d}-{last:02d}")
    return found
