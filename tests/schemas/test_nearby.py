"""Points on the map: how far apart, and which pairs lie near whatever cell of the grid they fall into."""

import random
from itertools import combinations

import pytest

from schemas.nearby import metres, near_pairs, point_of


@pytest.mark.parametrize(
    "one, other, apart",
    [
        ((21.0285, 105.8542), (21.0285, 105.8542), 0),
        ((21.0285, 105.8542), (10.7769, 106.7009), 1_143_000),  # Hà Nội to Thành phố Hồ Chí Minh
        ((19.8075, 105.7764), (19.8075, 105.7774), 104.6),  # a thousandth of a degree of longitude
        ((19.8075, 105.7764), (19.8085, 105.7764), 111.2),
    ],
)
def test_the_distance_is_that_of_the_great_circle(one, other, apart):
    assert metres(one, other) == pytest.approx(apart, rel=0.002, abs=0.1)


def test_the_grid_finds_what_holding_each_against_each_finds():
    rng = random.Random(7)
    for lat in (8.6, 16.0, 23.3):
        points = {f"{n:03}": (lat + rng.random() / 500, 105 + rng.random() / 500) for n in range(200)}
        near = {(a, b) for a, b in combinations(points, 2) if metres(points[a], points[b]) <= 30}

        assert near
        assert near_pairs(points, 30, 200) == near


@pytest.mark.parametrize("place", [{}, {"lat": 20.0}, {"lat": None, "lon": 105.0}, {"lat": 105.0, "lon": 20.0}])
def test_half_a_point_or_one_elsewhere_is_none(place):
    assert point_of(place) is None
