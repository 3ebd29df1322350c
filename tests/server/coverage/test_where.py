"""Where a place stands, as what, and in which rows: each from the day deltas, and from a recount."""

import pytest

from server.coverage.years import add_year


def by_commune(register, as_of, **more):
    return {row.unit: (row.open, row.inspected) for row in register.ask(as_of, **more).rows if row.open or row.visits}


@pytest.fixture(params=["recount", "deltas"])
def counted(request, register):
    """Return a function to call when the register is filled."""
    return (lambda: None) if request.param == "recount" else (lambda: add_year(register.db, 2024))


def test_a_place_that_moves_takes_its_counts_along(register, counted):
    place = register.place(units=[("new:N1", "2019-01-01"), ("new:N2", "2024-05-01")])
    register.visit(place, "2024-03-05")
    counted()

    assert by_commune(register, "2024-04-30") == {"N1": (1, 1)}
    assert by_commune(register, "2024-05-01") == {"N2": (1, 1)}


def test_a_place_that_moves_after_it_closed_stays_where_it_was_last_open(register, counted):
    register.place(
        units=[("new:N1", "2019-01-01"), ("new:N2", "2024-05-01"), ("new:N4", "2024-07-01")],
        status=[("open", "2019-01-01"), ("closed", "2024-04-01"), ("open", "2024-07-15")],
    )
    counted()

    assert by_commune(register, "2024-06-01") == {"N1": (1, 0)}
    assert by_commune(register, "2024-07-14") == {"N1": (1, 0)}
    assert by_commune(register, "2024-07-15") == {"N4": (1, 0)}


def test_a_merged_place_stands_where_the_surviving_record_says(register, counted):
    kept, other = register.place(units="new:N1", kinds="massage"), register.place(units="new:N2")
    register.visit(other, "2024-03-05")
    register.merge(other, kept)
    counted()

    assert by_commune(register, "2024-12-31") == {"N1": (1, 1)}
    assert by_commune(register, "2024-12-31", kinds=["karaoke"]) == {}


def test_a_place_of_two_kinds_stands_in_each_and_once_in_the_total(register, counted):
    register.visit(register.place(kinds="karaoke massage"), "2024-03-05")
    register.place(kinds="massage")
    counted()

    answer = register.ask("2024-12-31", by="kind")

    kinds = {row.kind: (row.open, row.inspected) for row in answer.rows}
    assert kinds == {"karaoke": (1, 1), "dance_hall": (0, 0), "massage": (2, 1), "lodging": (0, 0), "other": (0, 0)}
    assert (answer.total.open, answer.total.inspected) == (2, 1)


def test_a_filter_by_kind_takes_what_meets_it(register, counted):
    register.place(kinds="karaoke massage")
    register.place(kinds="lodging")
    counted()

    answer = register.ask("2024-12-31", by="kind", kinds=["massage", "dance_hall"])

    assert {row.kind: row.open for row in answer.rows} == {"dance_hall": 0, "massage": 1}
    assert answer.total.open == 1


def test_a_place_that_changes_its_kind_counts_under_that_of_the_day(register, counted):
    register.place(kinds=[("karaoke", "2019-01-01", "2024-06-30"), ("massage", "2024-07-01")])
    counted()

    assert register.ask("2024-06-30", kinds=["karaoke"]).total.open == 1
    assert register.ask("2024-07-01", kinds=["karaoke"]).total.open == 0
    assert register.ask("2024-07-01", kinds=["massage"]).total.open == 1


def test_a_commune_without_a_place_is_a_row_without_a_share(register, counted):
    register.place(units="new:N1")
    counted()

    rows = {row.unit: row for row in register.ask("2024-12-31", target=20).rows}

    assert list(rows) == ["N1", "N2", "N3", "N4"]
    assert (rows["N2"].open, rows["N2"].share, rows["N2"].met, rows["N2"].required) == (0, None, None, 0)


def test_a_place_of_a_split_commune_stands_under_the_smallest_sure_unit(register, counted):
    register.visit(register.place(units="old:A3"), "2024-03-05")
    register.place(units="old:B2")
    counted()

    answer = register.ask("2024-12-31")
    rows = {(row.unit, row.key): (row.name, row.open) for row in answer.rows if row.open}

    assert rows == {("N4", "new:N4"): ("Xã N4", 1), ("", "new:38"): ("Chưa xác định xã", 1)}
    assert (answer.total.open, answer.total.inspected) == (2, 1)
    assert register.ask("2024-12-31", unit="new:N2").total.open == 0


def test_a_new_place_stands_on_the_old_map_as_far_as_that_is_sure(register, counted):
    register.place(units="new:N1")  # from A1 or A2: surely in district A
    register.place(units="new:N3")  # from A3 or B1: surely in the province only
    register.place(units="new:N4")  # from B2
    counted()

    whole = register.ask("2024-12-31", unit="old:38")
    district = register.ask("2024-12-31", unit="old:A")

    assert [(row.unit, row.key, row.open) for row in whole.rows] == [
        ("A", "old:A", 1),
        ("B", "old:B", 1),
        ("", "old:38", 1),
    ]
    assert [(row.unit, row.open) for row in district.rows] == [("A1", 0), ("A2", 0), ("A3", 0), ("", 1)]
    assert (whole.total.open, district.total.open) == (3, 1)


def test_the_communes_of_the_old_province_are_offered_at_once(register, counted):
    for unit in ("old:A1", "old:B1", "new:N1", "new:N3"):
        register.place(units=unit)
    counted()

    rows = register.ask("2024-12-31", unit="old:38", by="commune").rows

    assert [(row.unit, row.key, row.open) for row in rows] == [
        ("A1", "old:A1", 1),
        ("A2", "old:A2", 0),
        ("A3", "old:A3", 0),
        ("B1", "old:B1", 1),
        ("B2", "old:B2", 0),
        ("", "old:38", 1),
        ("", "old:A", 1),
    ]


def test_a_place_of_which_only_the_district_is_known_stands_under_it(register, counted):
    register.place(units="old:A")
    register.place(units="old:B")
    counted()

    old, new = register.ask("2024-12-31", unit="old:A"), register.ask("2024-12-31")

    assert [(row.unit, row.key, row.open) for row in old.rows if row.open] == [("", "old:A", 1)]
    assert [(row.unit, row.key, row.open) for row in new.rows if row.open] == [("", "new:38", 2)]


def test_a_place_of_a_district_that_is_not_known_whole_stands_nowhere_on_the_new_map(register, counted):
    register.place(units="old:C")
    register.place(units="old:C2")
    register.place(units="old:C1")
    counted()

    everything = register.ask("2024-12-31", unit=None)

    assert [(row.unit, row.open) for row in everything.rows] == [("01", 1), ("38", 0), ("", 2)]
    assert register.ask("2024-12-31", unit="old:C").total.open == 3


def test_a_place_without_a_unit_is_in_nothing_but_everything(register, counted):
    register.place(units=[])
    register.place(units="new:X1")
    counted()

    everything = register.ask("2024-12-31", unit=None)

    assert [(row.unit, row.open) for row in everything.rows] == [("01", 1), ("38", 0), ("", 1)]
    assert (everything.total.open, register.ask("2024-12-31").total.open) == (2, 0)
