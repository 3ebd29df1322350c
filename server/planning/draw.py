"""Which places stand on the list: the highest points, and a share drawn by lot. Pure, and the same for the same seed.

The lot of a place is SHA-256 of "seed:place:" and its id: nobody can foresee it before the seed is drawn, and
anybody can work it out afterwards, with any program.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from server.planning.points import Scored
from server.planning.quotas import Quota


@dataclass(frozen=True)
class Chosen:
    """A place on the list, and how it came there: points, period, lot or kind."""

    scored: Scored
    how: str


def lot(seed: str, what: str, name: str) -> str:
    """Return the lot of a thing."""
    return sha256(f"{seed}:{what}:{name}".encode()).hexdigest()


def choose(
    places: Iterable[Scored], communes: Mapping[str, Quota], kinds: Mapping[str, Quota], *, seed: str, percent: int
) -> list[Chosen]:
    """Return the list: every commune's quota, then every kind's, as far as there are places that may be visited.

    *percent* of the places that the communes need are drawn by lot. The highest points stand first;
    equal points in the order of their lots.
    """
    pools: dict[str, list[Scored]] = defaultdict(list)
    for place in places:
        if place.known.free:
            pools[place.known.unit].append(place)
    for pool in pools.values():
        pool.sort(key=lambda one: (-one.points, lot(seed, "place", one.known.id)))
    by_lot = _slots_by_lot(communes, seed, percent)
    chosen = {
        one.scored.known.id: one
        for key, quota in communes.items()
        for one in _of_commune(pools.get(key, []), quota, by_lot[key], seed)
    }
    _fill_kinds(chosen, _by_rank(pools, seed), kinds, communes)
    return sorted(chosen.values(), key=lambda one: (-one.scored.points, lot(seed, "place", one.scored.known.id)))


def _slots_by_lot(communes: Mapping[str, Quota], seed: str, percent: int) -> dict[str, int]:
    """Say how many of each commune's places are drawn: the slots of all communes are drawn from one hat."""
    slots = [(lot(seed, "slot", f"{key}:{n}"), key) for key, quota in communes.items() for n in range(quota.need)]
    drawn = sorted(slots)[: (len(slots) * percent + 50) // 100]
    found = dict.fromkeys(communes, 0)
    for _, key in drawn:
        found[key] += 1
    return found


def _of_commune(pool: list[Scored], quota: Quota, by_lot: int, seed: str) -> list[Chosen]:
    """Fill one commune: those that the period still needs, then by points, then by lot among all that are left."""
    by_points = quota.need - by_lot
    fresh = [one for one in pool if not one.known.in_period]
    first = fresh[: min(quota.fresh, by_points)]
    taken = {one.known.id for one in first}
    rest = [one for one in pool if one.known.id not in taken][: by_points - len(first)]
    found = [Chosen(one, "points") for one in [*first, *rest]]
    taken |= {one.known.id for one in rest}
    ahead = {one.known.id for one in pool[:by_points]}  # by points alone these would be first
    found = [one if one.scored.known.id in ahead else Chosen(one.scored, "period") for one in found]
    left = sorted((one for one in pool if one.known.id not in taken), key=lambda one: lot(seed, "draw", one.known.id))
    lacking = quota.fresh - sum(not one.scored.known.in_period for one in found)
    drawn = [one for one in left if not one.known.in_period][: max(0, min(lacking, quota.need - len(found)))]
    sure = {one.known.id for one in drawn}
    drawn += [one for one in left if one.known.id not in sure][: quota.need - len(found) - len(drawn)]
    return [*found, *(Chosen(one, "lot") for one in drawn)]


def _by_rank(pools: Mapping[str, list[Scored]], seed: str) -> list[Scored]:
    everyone = (one for pool in pools.values() for one in pool)
    return sorted(everyone, key=lambda one: (-one.points, lot(seed, "place", one.known.id)))


def _fill_kinds(
    chosen: dict[str, Chosen], ranked: list[Scored], kinds: Mapping[str, Quota],
    communes: Mapping[str, Quota],
) -> None:  # fmt: skip
    """Bring each kind up to its quota: in the place of another of the same commune where one can be spared, else more.

    Spared is a place chosen by points whose kinds all have more than they need, and which the period does not need.
    """
    counts = _count(chosen)
    for kind, quota in kinds.items():
        for one in [one for one in ranked if kind in one.known.kinds and one.known.id not in chosen]:
            if counts[kind] >= quota.need:
                break
            out = _spared(chosen, counts, kinds, one, communes)
            if out:
                del chosen[out.scored.known.id]
                _add(counts, out.scored, -1)
            chosen[one.known.id] = Chosen(one, "kind")
            _add(counts, one, 1)


def _spared(
    chosen: Mapping[str, Chosen], counts: Mapping[str, int], kinds: Mapping[str, Quota], for_: Scored,
    communes: Mapping[str, Quota],
) -> Chosen | None:  # fmt: skip
    unit = for_.known.unit
    here = [one for one in chosen.values() if one.scored.known.unit == unit]
    fresh = sum(not one.scored.known.in_period for one in here)
    bound = for_.known.in_period and fresh <= communes[unit].fresh
    fitting = [
        one for one in here
        if one.how == "points" and not (bound and not one.scored.known.in_period)
        and all(counts[kind] > kinds[kind].need for kind in one.scored.known.kinds if kind in kinds)
    ]  # fmt: skip
    return min(fitting, key=lambda one: (one.scored.points, one.scored.known.id), default=None)


def _count(chosen: Mapping[str, Chosen]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in chosen.values():
        _add(counts, one.scored, 1)
    return counts


def _add(counts: dict[str, int], one: Scored, sign: int) -> None:
    for kind in one.known.kinds:
        counts[kind] += sign
