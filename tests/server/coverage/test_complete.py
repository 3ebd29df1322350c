"""How far the laptops have reported, for an area on either map."""

from datetime import date

import pytest

from server.coverage.complete import Reported, reported_to


def reported(register, unit):
    found = Reported(register.conn, register.tree)
    return found.to(unit), [laptop.id for laptop in found.holding_back(unit)]


@pytest.mark.parametrize(
    ("at", "earliest", "day"),
    [
        ("2026-11-05T16:59:59Z", None, "2026-11-05"),
        ("2026-11-05T17:00:00Z", None, "2026-11-06"),  # midnight in Vietnam
        ("2026-11-05T10:00:00Z", "2026-11-03", "2026-11-02"),
        ("2026-03-01T10:00:00Z", "2026-03-01", "2026-02-28"),
        ("2026-11-05T10:00:00Z", "2027-01-01", "2026-11-05"),  # a draft dated ahead says nothing of today
    ],
)
def test_a_report_speaks_to_the_day_before_what_it_keeps_back(at, earliest, day):
    assert reported_to(at, earliest).isoformat() == day


def test_without_a_laptop_there_is_no_such_day(register):
    assert reported(register, "new:38") == (None, [])


def test_the_laptop_that_reported_least_far_sets_the_day(register):
    one, two = register.laptop("new:N1"), register.laptop("new:N2")
    register.contact(one, "2026-11-05T10:00:00Z")
    register.contact(two, "2026-11-06T10:00:00Z", earliest="2026-11-04")

    assert reported(register, "new:38") == (date(2026, 11, 3), [two])
    assert reported(register, "new:N1") == (date(2026, 11, 5), [one])
    assert reported(register, "new:N2") == (date(2026, 11, 3), [two])
    assert reported(register, None) == (date(2026, 11, 3), [two])


def test_a_laptop_that_never_made_contact_leaves_the_day_open(register):
    one, two = register.laptop("new:N1"), register.laptop("new:N1")
    register.contact(one, "2026-11-05T10:00:00Z")

    assert reported(register, "new:38") == (None, [two])


def test_a_laptop_counts_for_its_area_on_both_maps_and_for_all_above(register):
    laptop = register.laptop("new:N1")
    register.contact(laptop, "2026-11-05T10:00:00Z")

    days = {unit: reported(register, unit)[0] for unit in ("old:A1", "old:A", "old:38", "new:38", "old:B", "new:N2")}

    assert {unit for unit, day in days.items() if day} == {"old:A1", "old:A", "old:38", "new:38"}


def test_a_laptop_of_the_province_counts_for_every_commune(register):
    register.contact(register.laptop("new:38"), "2026-11-05T10:00:00Z")

    assert reported(register, "new:N3")[0] == date(2026, 11, 5)
    assert reported(register, "old:B")[0] == date(2026, 11, 5)


def test_the_office_and_retired_laptops_hold_nothing_back_and_locked_ones_do(register):
    register.office(register.laptop("new:38"))
    register.laptop("new:38", retired_on="2026-10-01")
    locked = register.laptop("new:38", revoked_on="2026-10-01")

    assert reported(register, "new:38") == (None, [locked])
    register.contact(locked, "2026-09-30T10:00:00Z")
    assert reported(register, "new:38") == (date(2026, 9, 30), [locked])
