"""The list of places with a repeat violation: who stands there, from which day, and on which day they leave."""

import pytest

from schemas.ids import new_id
from server.history.repeated import repeated_places
from tests.conftest import COMMUNE, ELSEWHERE

HERE = frozenset({COMMUNE})


@pytest.fixture
def on(central):
    """Return a function that says who stands on the list as of a day, with the answer."""

    def ask(day, communes=HERE):
        return [(one.place, one.answer) for one in repeated_places(central.db.conn, day, communes)]

    return ask


@pytest.fixture
def twice(place, decide):
    """The act was sanctioned in January 2025, paid on 15 February, and repeated on 1 June; cleared 1 August 2026."""
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", "2025-06-01", "2025-06-20", "2025-08-01")
    return place


@pytest.mark.parametrize(("day", "stands"), [
    ("2025-06-01", False), ("2025-06-19", False), ("2025-06-20", True), ("2025-06-21", True),
    ("2026-07-31", True), ("2026-08-01", False), ("2026-08-02", False),
])  # fmt: skip
def test_it_stands_from_the_later_decision_to_the_day_before_it_is_cleared(twice, on, day, stands):
    assert on(day) == ([(twice, "repeat")] if stands else [])


@pytest.mark.parametrize(("committed", "stands"), [
    ("2025-01-09", False), ("2025-01-10", True), ("2025-01-11", True),
    ("2026-02-14", True), ("2026-02-15", False), ("2026-02-16", False),
])  # fmt: skip
def test_the_later_act_fell_inside_the_window_of_the_earlier(place, decide, on, committed, stands):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", committed, "2026-02-20", "2026-02-25")

    assert on("2026-03-01") == ([(place, "repeat")] if stands else [])


def test_one_decision_makes_nobody_stand_there(place, decide, on):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15", codes=["ND38-15.5b", "ND38-15.6b"])

    assert on("2025-03-01") == []


def test_another_act_is_no_repeat(place, decide, on):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", "2025-06-01", "2025-06-20", "2025-08-01", codes=["ND38-15.6b"])

    assert on("2025-09-01") == []


def test_minutes_without_a_decision_make_nobody_stand_there(central, place, decide, on):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    laptop = central.laptop()
    act = {"id": new_id(), "code": "ND38-15.5b", "facts": "Hoạt động lúc 1 giờ", "committed_on": "2025-06-01"}
    laptop.sends(laptop.visit(place, date="2025-06-01", outcome="violations", violations=[act]))

    assert on("2025-07-01") == []


def test_remedies_alone_are_no_sanction_and_a_cancelled_decision_was_never_made(place, decide, on):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", "2025-06-01", "2025-06-20", None, sanction="none", ordered=["remedies"])
    decide("3/QĐ", "2025-06-02", "2025-06-21", "2025-07-01", cancelled_on="2025-07-05")

    assert on("2025-07-06") == []


@pytest.mark.parametrize(("day", "answer"), [
    ("2025-06-20", "repeat"), ("2026-06-19", "repeat"), ("2026-06-20", "cannot_tell"), ("2027-06-19", "cannot_tell"),
    ("2027-06-20", None), ("2027-06-21", None),
])  # fmt: skip
def test_where_nobody_knows_whether_it_was_paid_it_stands_apart_and_then_leaves(place, decide, on, day, answer):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", "2025-06-01", "2025-06-20", None)

    assert on(day) == ([(place, answer)] if answer else [])


def test_where_the_day_of_the_act_is_not_known_nobody_can_tell(place, decide, on):
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15")
    decide("2/QĐ", None, "2025-06-20", "2025-08-01")

    assert on("2025-09-01") == [(place, "cannot_tell")]


def test_a_new_operator_starts_clean_and_the_old_one_takes_it_along(central, operator, twice, on):
    new = new_id()
    central.edit("operator", new, {"name": "Công ty TNHH Mới", "form": "enterprise"})
    central.edit("establishment", twice, {"operator/2": {"from": "2025-10-01", "operator": new}})
    other = central.place(name="Massage Sao Đêm", **{"operator/1": {"from": "2025-11-01", "operator": operator}})

    assert on("2025-09-30") == [(twice, "repeat")]
    assert on("2025-10-01") == []
    assert on("2025-11-01") == [(other, "repeat")]


def test_a_place_that_closed_for_good_is_not_there(central, twice, on):
    central.edit("establishment", twice, {"status/2": {"from": "2025-09-01", "status": "closed"}})

    assert on("2025-08-31") == [(twice, "repeat")]
    assert on("2025-09-01") == []


def test_merged_operators_are_one(central, operator, place, decide, on):
    double = new_id()
    central.edit("operator", double, {"name": "Đỗ Thị Hòa", "form": "household"})
    decide("1/QĐ", "2025-01-02", "2025-01-10", "2025-02-15", operator=double)
    decide("2/QĐ", "2025-06-01", "2025-06-20", "2025-08-01")

    assert on("2025-09-01") == []
    central.edit("operator", double, {"merged_into": operator})
    assert on("2025-09-01") == [(place, "repeat")]


def test_places_elsewhere_are_not_there(central, operator, twice, on):
    central.place(ELSEWHERE, **{"operator/1": {"from": "2019-01-01", "operator": operator}})

    assert on("2025-09-01") == [(twice, "repeat")]
    assert len(on("2025-09-01", None)) == 2
