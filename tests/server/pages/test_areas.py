"""What lies in an area, on either map, and what the filter offers."""

from datetime import date

import pytest

from schemas.units import UnitTree, packaged_successors, packaged_units
from server.coverage.across import is_past, units_across
from server.pages.areas import inside, name, offered, path

DISTRICT, PROVINCE, OLD_PROVINCE, COMMUNE = "old:397", "new:38", "old:38", "new:15664"


@pytest.fixture(scope="module")
def tree():
    return UnitTree(packaged_units(), packaged_successors())


def split_commune(tree):
    return next(key for key in tree.communes(OLD_PROVINCE) if tree.is_split(key))


@pytest.mark.parametrize(
    ("area", "unit", "expected"),
    [
        (DISTRICT, DISTRICT, True),
        (DISTRICT, "old:15664", True),
        (DISTRICT, COMMUNE, True),
        (DISTRICT, OLD_PROVINCE, False),
        (DISTRICT, PROVINCE, False),
        (COMMUNE, PROVINCE, False),
        (COMMUNE, OLD_PROVINCE, False),
        (COMMUNE, DISTRICT, False),
        (COMMUNE, "old:15700", True),
        (PROVINCE, DISTRICT, True),
        (PROVINCE, OLD_PROVINCE, True),
        (PROVINCE, "new:19", False),
    ],
)
def test_a_unit_is_inside_only_when_all_of_it_is(tree, area, unit, expected):
    assert inside(tree, area, unit) is expected


def test_half_of_a_split_commune_is_not_shown_to_either_neighbour(tree):
    split = split_commune(tree)

    assert not any(inside(tree, half, split) for half in tree.successors(split))
    assert inside(tree, PROVINCE, split)


def test_nothing_is_inside_an_area_that_is_not_known(tree):
    assert not inside(tree, "new:99999", COMMUNE)
    assert not inside(tree, DISTRICT, "new:99999")


def test_the_filter_offers_the_way_down_and_the_other_map(tree):
    groups = offered(tree, DISTRICT, DISTRICT)

    assert groups[0] == [(DISTRICT, "Huyện Triệu Sơn (cũ)")]
    assert len(groups[1]) == 32
    assert ("new:15664", "Xã Triệu Sơn") in groups[2]


def test_a_unit_is_offered_once(tree):
    for unit in (PROVINCE, DISTRICT, COMMUNE, "old:15664"):
        keys = [key for group in offered(tree, PROVINCE, unit) for key, _ in group]
        assert len(keys) == len(set(keys))
        assert unit in keys


def test_all_that_is_offered_is_inside(tree):
    for area in (DISTRICT, PROVINCE, COMMUNE):
        for group in offered(tree, area, area):
            assert all(inside(tree, area, key) for key, _ in group)


def test_the_way_down_begins_where_the_area_does(tree):
    assert path(tree, DISTRICT, "old:15664") == [DISTRICT, "old:15664"]


def test_names_are_sorted_as_in_a_dictionary(tree):
    names = [label for _, label in offered(tree, PROVINCE, PROVINCE)[1]]

    assert names.index("Xã An Nông") < names.index("Xã Ba Đình") < names.index("Xã Đồng Tiến")


def test_a_unit_of_the_old_map_says_so(tree):
    assert name(tree, "old:15664") == "Thị trấn Triệu Sơn (cũ)"
    assert name(tree, "new:15664") == "Xã Triệu Sơn"


def test_an_old_district_is_made_of_the_communes_of_today(tree):
    assert len(units_across(tree, DISTRICT)) == 8
    assert COMMUNE in units_across(tree, DISTRICT)


def test_a_province_is_made_of_the_districts_it_had(tree):
    assert DISTRICT in units_across(tree, PROVINCE)
    assert len(units_across(tree, PROVINCE)) == len(tree.children(OLD_PROVINCE))


@pytest.mark.parametrize(
    ("unit", "day", "expected"),
    [
        (DISTRICT, date(2025, 6, 30), False),
        (DISTRICT, date(2025, 7, 1), True),
        (COMMUNE, date(2025, 6, 30), True),
        (COMMUNE, date(2025, 7, 1), False),
        ("new:19", date(2024, 1, 1), False),  # its old map is not packaged
    ],
)
def test_a_map_is_past_on_the_days_it_is_not_in_force(tree, unit, day, expected):
    assert is_past(tree, unit, day) is expected
