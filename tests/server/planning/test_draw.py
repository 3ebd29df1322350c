"""Which places stand on a list: quotas of communes and kinds are met, nobody stands there who may not, lots decide."""

from collections import Counter
from random import Random

import pytest

from server.planning.draw import choose, lot
from server.planning.points import Known, Part, Scored
from server.planning.quotas import Aim, by_commune, by_kind

KINDS = ("karaoke", "massage", "dance_hall")
SEED = "0f" * 16


def scored(id, points=0, unit="new:1", kinds=("karaoke",), **more):
    return Scored(Known(id, unit, kinds, **more), (Part("violation", 1, points),))


def drawn(places, aim, seed=SEED, percent=0):
    known = [place.known for place in places]
    return choose(places, by_commune(known, aim), by_kind(known, aim), seed=seed, percent=percent)


def ids(chosen):
    return [one.scored.known.id for one in chosen]


def invented(dice, many=120):
    for n in range(many):
        kinds = tuple(sorted(dice.sample(KINDS, 2 if n % 13 == 0 else 1)))
        used = dice.choice(["", "", "", "visit", "outside", "assigned"])
        yield scored(
            f"{n:03d}", dice.randint(0, 60), f"new:{dice.randint(1, 6)}", kinds, used=used,
            open_now=dice.random() > 0.05, in_period=used == "visit" or dice.random() < 0.3,
        )  # fmt: skip


def test_the_highest_points_stand_first_and_fill_the_quota():
    places = [scored("low", 1), scored("high", 9), scored("middle", 5), scored("lowest", 0)]

    assert ids(drawn(places, Aim(50))) == ["high", "middle"]


def test_the_required_number_rounds_up_and_what_is_done_or_given_counts_towards_it():
    places = [scored("done", used="visit"), scored("given", used="assigned"), *(scored(f"{n}") for n in range(8))]

    assert len(drawn(places, Aim(21))) == 1


def test_a_place_that_another_body_checked_does_not_count_and_does_not_come():
    places = [scored("outside", 99, used="outside"), scored("free", 1)]

    assert ids(drawn(places, Aim(50))) == ["free"]


def test_a_closed_place_is_in_the_sum_and_not_on_the_list():
    assert ids(drawn([scored("closed", 99, open_now=False), scored("open")], Aim(50))) == ["open"]


def test_the_period_takes_its_share_of_those_it_has_not_seen():
    seen = [scored(f"seen{n}", 50, in_period=True) for n in range(6)]
    fresh = [scored(f"fresh{n}", 0) for n in range(4)]

    chosen = drawn([*seen, *fresh], Aim(20, period=100, years_left=2))

    assert len(chosen) == 2
    assert {one.how for one in chosen} == {"period"}
    assert all(name.startswith("fresh") for name in ids(chosen))


def test_in_the_last_year_of_a_period_everyone_left_is_on_the_list():
    places = [scored("seen", 50, in_period=True), *(scored(f"fresh{n}") for n in range(5))]

    assert set(ids(drawn(places, Aim(20, period=100, years_left=1)))) == {f"fresh{n}" for n in range(5)}


def test_a_kind_that_is_short_takes_the_place_of_one_that_can_be_spared():
    places = [*(scored(f"k{n}", 50 - n) for n in range(8)), *(scored(f"m{n}", 1, kinds=("massage",)) for n in range(2))]

    chosen = drawn(places, Aim(40))

    assert Counter(one.scored.known.kinds for one in chosen) == {("karaoke",): 4, ("massage",): 1}
    assert [one.how for one in chosen].count("kind") == 1


def test_a_part_is_drawn_by_lot_whatever_its_points():
    places = [scored(f"{n:02d}", 100 - n) for n in range(50)]

    chosen = drawn(places, Aim(40), percent=25)

    assert Counter(one.how for one in chosen) == {"points": 15, "lot": 5}
    assert {one.scored.known.id for one in chosen if one.how == "points"} == {f"{n:02d}" for n in range(15)}
    left = sorted((f"{n:02d}" for n in range(15, 50)), key=lambda id: lot(SEED, "draw", id))
    assert {one.scored.known.id for one in chosen if one.how == "lot"} == set(left[:5])


def test_equal_points_stand_in_the_order_of_their_lots():
    places = [scored(f"{n}") for n in range(6)]

    assert ids(drawn(places, Aim(100))) == sorted((f"{n}" for n in range(6)), key=lambda id: lot(SEED, "place", id))


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_known_the_quotas_are_met_as_far_as_there_are_places(seed):
    dice = Random(seed)
    places = list(invented(dice))
    aim = Aim(dice.randint(5, 60), dice.choice([None, 100, 80]), dice.randint(1, 4))
    known = [place.known for place in places]
    communes, kinds = by_commune(known, aim), by_kind(known, aim)

    chosen = choose(places, communes, kinds, seed=str(seed), percent=dice.choice([0, 20, 100]))

    found = [one.scored.known for one in chosen]
    assert len({one.id for one in found}) == len(found)
    assert all(one.free for one in found)
    free = [place.known for place in places if place.known.free]
    for key, quota in communes.items():
        here = [one for one in found if one.unit == key]
        able = [one for one in free if one.unit == key]
        assert len(here) >= min(quota.need, len(able))
        fresh = [one for one in able if not one.in_period]
        assert sum(not one.in_period for one in here) >= min(quota.fresh, len(fresh))
    for kind, quota in kinds.items():
        able = sum(kind in one.kinds for one in free)
        assert sum(kind in one.kinds for one in found) >= min(quota.need, able)


def test_the_same_seed_gives_the_same_list_in_whatever_order_places_come():
    places = list(invented(Random(7)))
    shuffled = Random(1).sample(places, len(places))

    assert ids(drawn(places, Aim(30), percent=40)) == ids(drawn(shuffled, Aim(30), percent=40))
    assert ids(drawn(places, Aim(30), percent=40)) != ids(drawn(places, Aim(30), seed="other", percent=40))
