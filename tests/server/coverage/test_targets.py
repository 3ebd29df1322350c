"""Which plan is in force where, and that nothing is carried over."""

from datetime import date

import pytest

from server.coverage.targets import Plans, target


def in_force(register, unit, year):
    plan = Plans(register.conn, register.tree).of_year(unit, year)
    return (plan.area, target(plan, year)) if plan else None


@pytest.fixture
def plans(register):
    """A plan of an old province, one of an old district, and one of a new province."""
    register.plan("old:38", {2023: 25})
    register.plan("old:A", {2021: 20, 2022: 20, 2023: 20})
    register.plan("new:38", {2026: 30})
    return register


@pytest.mark.parametrize(
    ("unit", "year", "expected"),
    [
        ("old:A", 2023, ("old:A", 20)),
        ("old:A1", 2023, ("old:A", 20)),
        ("old:B", 2023, ("old:38", 25)),
        ("old:38", 2023, ("old:38", 25)),
        ("old:38", 2022, None),  # the province's plan has no target for it, and a district's is not the province's
        ("old:A", 2024, None),  # never carried over
        ("old:B2", 2026, ("new:38", 30)),
        ("new:N1", 2026, ("new:38", 30)),
        ("new:N1", 2023, ("old:A", 20)),  # made of communes of A only
        ("new:N3", 2023, ("old:38", 25)),  # made of communes of A and B
        ("new:38", 2023, ("old:38", 25)),
        ("new:X1", 2023, None),
        ("new:nowhere", 2023, None),
        (None, 2023, None),
    ],
)
def test_the_nearest_plan_with_a_target_for_the_year_is_in_force(plans, unit, year, expected):
    assert in_force(plans, unit, year) == expected


def test_of_two_plans_for_one_area_the_later_one_is_in_force(register):
    register.plan("new:38", {2026: 30}, **{"from": "2026-01-01"})
    register.plan("new:38", {2026: 20}, **{"from": "2021-01-01"})

    assert in_force(register, "new:38", 2026) == ("new:38", 30)


def test_a_plan_of_a_unit_on_its_own_map_comes_before_one_of_the_same_area_on_the_other(register):
    register.plan("old:B2", {2026: 10})
    register.plan("new:N4", {2026: 40})

    assert in_force(register, "new:N4", 2026) == ("new:N4", 40)
    assert in_force(register, "old:B2", 2026) == ("old:B2", 10)


def test_a_district_of_the_old_map_is_nearer_than_the_province_of_the_new_one(register):
    register.plan("new:38", {2025: 30})
    register.plan("old:A", {2025: 20})

    assert in_force(register, "new:N1", 2025) == ("old:A", 20)
    assert in_force(register, "new:N3", 2025) == ("new:38", 30)


@pytest.mark.parametrize(
    ("since", "until", "percent"),
    [("2021-01-01", "2025-12-31", 100), ("2022-01-01", "2023-12-31", 100), ("2024-01-01", "2026-12-31", None)],
)
def test_a_period_has_a_target_where_a_plan_holds_all_of_it(register, since, until, percent):
    register.plan("old:A", {2021: 20}, period_percent=100)

    plan = Plans(register.conn, register.tree).of_period("old:A1", date.fromisoformat(since), date.fromisoformat(until))

    assert (plan.period_percent if plan else None) == percent
