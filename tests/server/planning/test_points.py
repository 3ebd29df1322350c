"""The points of a place: each part by hand, and what earns nothing."""

from datetime import date

import pytest

from schemas.planning import default_weights
from server.planning.points import Known, Sanction, score

ON = date(2026, 11, 27)
BARE = dict.fromkeys(default_weights(), 0) | {"age_1": 100, "age_2": 50, "age_3": 25, "years_most": 5}


def points(known, **weights):
    return score(known, BARE | weights, ON).points


def place(**more):
    return Known("a", "new:1", ("karaoke",), **more)


def test_every_open_finding_counts_whatever_its_age():
    assert points(place(findings=("2021-01-01", "2026-11-01")), open_finding=10) == 20


@pytest.mark.parametrize(
    ("day", "comes_to"),
    [("2026-11-27", 4), ("2025-11-28", 4), ("2025-11-27", 2), ("2024-11-28", 2), ("2024-11-27", 1),
     ("2023-11-28", 1), ("2023-11-27", 0)],
)  # fmt: skip
def test_a_violation_counts_less_every_year_and_not_after_the_third(day, comes_to):
    assert points(place(violations=((day, 1),)), violation=4) == comes_to


def test_a_leap_day_is_a_year_old_on_the_first_of_march():
    known, weights = place(violations=(("2024-02-29", 1),)), BARE | {"violation": 4}

    assert [score(known, weights, day).points for day in (date(2025, 2, 28), date(2025, 3, 1))] == [4, 2]


def test_a_fine_and_a_warning_have_weights_of_their_own():
    sanctions = (Sanction("2026-05-01", "fine", "1/QĐ"), Sanction("2026-05-02", "warning", "2/QĐ"))

    assert points(place(sanctions=sanctions), fined=12, warned=6) == 18


@pytest.mark.parametrize(("received", "earns"), [("2025-11-28", 15), ("2025-11-27", 0), ("2026-11-27", 15)])
def test_a_verified_tip_counts_for_its_months(received, earns):
    assert points(place(tips=((received, "1/TB"),)), tip=15, tip_months=12) == earns


@pytest.mark.parametrize(
    ("last", "years"), [("", 5), ("2026-01-01", 0), ("2025-11-27", 1), ("2025-11-28", 0), ("2015-01-01", 5)]
)
def test_whole_years_since_the_last_visit_count_up_to_the_most(last, years):
    assert points(place(last_visit=last), year_since=3) == 3 * years


def test_of_two_kinds_the_higher_counts_once():
    known = Known("a", "new:1", ("lodging", "karaoke"))

    assert points(known, kind_karaoke=5, kind_lodging=2) == 5


def test_the_working_adds_up_to_the_sum_and_halves_round_up():
    known = place(violations=(("2025-05-01", 3),), findings=("2026-01-01",), last_visit="2026-01-01")
    scored = score(known, BARE | {"violation": 3, "open_finding": 7, "kind_karaoke": 1}, ON)

    assert [(part.why, part.points) for part in scored.parts] == [
        ("open_finding", 7), ("violation", 5), ("kind_karaoke", 1)
    ]  # fmt: skip
    assert scored.points == 13
