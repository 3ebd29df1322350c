"""The cases of docs/coverage.md, counted by hand: each from the day deltas, and from a recount."""

import pytest

from server.coverage.years import add_year, recount

REVIEW = "INSERT INTO reviews (inspection, item, review, comment) VALUES (?, 'i', ?, ?)"


def a_place_open_all_year(r):
    r.place()


def open_all_year_and_inspected(r):
    r.visit(r.place(), "2024-03-05")


def opened_in_may(r):
    r.place(status=[("open", "2024-05-10")])


def closed_last_year(r):
    r.place(status=[("open", "2019-01-01"), ("closed", "2023-12-31")])


def closed_on_new_years_day(r):
    r.place(status=[("open", "2019-01-01"), ("closed", "2024-01-01")])


def closed_on_2_january(r):
    r.place(status=[("open", "2019-01-01"), ("closed", "2024-01-02")])


def open_to_its_own_last_day(r):
    r.place(status=[("open", "2019-01-01", "2024-01-01")])


def closed_in_march_inspected_in_february(r):
    r.visit(r.place(status=[("open", "2019-01-01"), ("closed", "2024-03-01")]), "2024-02-10")


def paused_from_february(r):
    r.place(status=[("open", "2019-01-01"), ("paused", "2024-02-01")])


def paused_all_year(r):
    r.place(status=[("paused", "2023-06-01")])


def paused_and_inspected(r):
    r.visit(r.place(status=[("paused", "2023-06-01")]), "2024-04-04")


def paused_and_found_working(r):
    r.visit(r.place(status=[("paused", "2023-06-01")]), "2024-04-04", found_working=1)


def paused_inspected_then_open_again(r):
    r.visit(r.place(status=[("paused", "2023-06-01"), ("open", "2024-06-01")]), "2024-04-04")


def paused_inspected_then_found_working(r):
    place = r.place(status=[("paused", "2023-06-01")])
    r.visit(place, "2024-04-04", violations=1)
    r.visit(place, "2024-05-05", found_working=1)


def inspected_while_paused_after_being_open(r):
    r.visit(r.place(status=[("open", "2019-01-01"), ("paused", "2024-02-01")]), "2024-04-04")


def two_visits(r):
    place = r.place()
    r.visit(place, "2024-03-05", violations=2)
    r.visit(place, "2024-09-09")


def two_visits_on_one_day(r):
    place = r.place()
    r.visit(place, "2024-03-05")
    r.visit(place, "2024-03-05", violations=1)


def an_attempt(r):
    r.visit(r.place(), "2024-03-05", outcome="closed_tonight", counting=0)


def a_void_visit(r):
    r.visit(r.place(), "2024-03-05", void=1, counting=0, members=2)


def a_rejected_visit(r):
    visit = r.visit(r.place(), "2024-03-05", members=2, counting=0)
    r.conn.execute(REVIEW, (visit, "rejected", "Sai cơ sở"))


def a_visit_of_two_members(r):
    r.visit(r.place(), "2024-03-05", members=2, counting=0)


def a_visit_of_two_members_accepted(r):
    visit = r.visit(r.place(), "2024-03-05", members=2, counting=1)
    r.conn.execute(REVIEW, (visit, "accepted", "Xã chỉ có hai người"))


def a_visit_held(r):
    r.aside(r.place(), "2024-03-05", "held")


def a_declined_item_and_an_edit_aside(r):
    place = r.place()
    r.aside(place, "2024-03-05", "declined")
    r.aside(place, "2024-03-05", "conflict", kind="establishment")


def merged_with_its_duplicate(r):
    kept, other = r.place(), r.place()
    r.visit(kept, "2024-03-05")
    r.visit(other, "2024-02-02")
    r.merge(other, kept)


def merged_in_a_chain(r):
    first, second, kept = r.place(), r.place(), r.place(status=[("paused", "2019-01-01")])
    r.visit(first, "2024-03-05")
    r.merge(first, second)
    r.merge(second, kept)


def merged_open_spans_united(r):
    kept = r.place(status=[("open", "2024-06-01")])
    r.merge(r.place(status=[("open", "2019-01-01"), ("closed", "2024-02-01")]), kept)


def merged_and_taken_apart(r):
    merged_with_its_duplicate(r)
    for (id,) in r.conn.execute("SELECT id FROM establishments").fetchall():
        r.merge(id, None)


def on_the_leap_day(r):
    r.visit(r.place(status=[("open", "2024-02-29", "2024-02-29")]), "2024-02-29")


def on_the_last_day_of_the_year(r):
    r.visit(r.place(status=[("open", "2024-12-31")]), "2024-12-31")


def only_in_other_years(r):
    place = r.place(status=[("open", "2019-01-01"), ("closed", "2023-06-01"), ("open", "2025-01-01")])
    r.visit(place, "2023-03-05")
    r.visit(place, "2025-03-05")


# As of a day: open, inspected, inspected though open on no day, visits, of them with violations, not counted.
CASES = {
    a_place_open_all_year: {"2024-01-01": (1, 0, 0, 0, 0, 0), "2024-12-31": (1, 0, 0, 0, 0, 0)},
    open_all_year_and_inspected: {"2024-03-04": (1, 0, 0, 0, 0, 0), "2024-03-05": (1, 1, 0, 1, 0, 0)},
    opened_in_may: {"2024-05-09": (0, 0, 0, 0, 0, 0), "2024-05-10": (1, 0, 0, 0, 0, 0)},
    closed_last_year: {"2024-12-31": (0, 0, 0, 0, 0, 0)},
    closed_on_new_years_day: {"2024-12-31": (0, 0, 0, 0, 0, 0)},
    closed_on_2_january: {"2024-01-01": (1, 0, 0, 0, 0, 0), "2024-12-31": (1, 0, 0, 0, 0, 0)},
    open_to_its_own_last_day: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    closed_in_march_inspected_in_february: {"2024-12-31": (1, 1, 0, 1, 0, 0)},
    paused_from_february: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    paused_all_year: {"2024-12-31": (0, 0, 0, 0, 0, 0)},
    paused_and_inspected: {"2024-04-03": (0, 0, 0, 0, 0, 0), "2024-04-04": (0, 0, 1, 1, 0, 0)},
    paused_and_found_working: {"2024-04-03": (0, 0, 0, 0, 0, 0), "2024-04-04": (1, 1, 0, 1, 0, 0)},
    paused_inspected_then_open_again: {"2024-05-31": (0, 0, 1, 1, 0, 0), "2024-06-01": (1, 1, 0, 1, 0, 0)},
    paused_inspected_then_found_working: {"2024-05-04": (0, 0, 1, 1, 1, 0), "2024-05-05": (1, 1, 0, 2, 1, 0)},
    inspected_while_paused_after_being_open: {"2024-04-03": (1, 0, 0, 0, 0, 0), "2024-04-04": (1, 1, 0, 1, 0, 0)},
    two_visits: {"2024-03-05": (1, 1, 0, 1, 1, 0), "2024-12-31": (1, 1, 0, 2, 1, 0)},
    two_visits_on_one_day: {"2024-03-05": (1, 1, 0, 2, 1, 0)},
    an_attempt: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    a_void_visit: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    a_rejected_visit: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    a_visit_of_two_members: {"2024-03-04": (1, 0, 0, 0, 0, 0), "2024-03-05": (1, 0, 0, 0, 0, 1)},
    a_visit_of_two_members_accepted: {"2024-03-05": (1, 1, 0, 1, 0, 0)},
    a_visit_held: {"2024-03-04": (1, 0, 0, 0, 0, 0), "2024-03-05": (1, 0, 0, 0, 0, 1)},
    a_declined_item_and_an_edit_aside: {"2024-12-31": (1, 0, 0, 0, 0, 0)},
    merged_with_its_duplicate: {"2024-02-01": (1, 0, 0, 0, 0, 0), "2024-12-31": (1, 1, 0, 2, 0, 0)},
    merged_in_a_chain: {"2024-12-31": (1, 1, 0, 1, 0, 0)},
    merged_open_spans_united: {"2024-01-31": (1, 0, 0, 0, 0, 0), "2024-12-31": (1, 0, 0, 0, 0, 0)},
    merged_and_taken_apart: {"2024-12-31": (2, 2, 0, 2, 0, 0)},
    on_the_leap_day: {"2024-02-28": (0, 0, 0, 0, 0, 0), "2024-02-29": (1, 1, 0, 1, 0, 0)},
    on_the_last_day_of_the_year: {
        "2024-12-30": (0, 0, 0, 0, 0, 0),
        "2024-12-31": (1, 1, 0, 1, 0, 0),
        "2025-12-31": (1, 0, 0, 0, 0, 0),
    },
    only_in_other_years: {"2024-12-31": (0, 0, 0, 0, 0, 0)},
}


def figures(row):
    return (
        row.open,
        row.inspected,
        row.inspected_not_open,
        row.visits,
        row.visits_with_violations,
        row.not_counted,
    )


@pytest.mark.parametrize("years", [(), (2024, 2025)], ids=["recount", "deltas"])
@pytest.mark.parametrize(("case", "expected"), CASES.items(), ids=[case.__name__ for case in CASES])
def test_the_case_is_as_counted_by_hand(register, case, expected, years):
    case(register)
    for year in years:
        add_year(register.db, year)

    answers = {as_of: register.ask(as_of) for as_of in expected}

    assert {as_of: figures(answer.total) for as_of, answer in answers.items()} == expected
    for answer in answers.values():
        assert figures(answer.total) == tuple(map(sum, zip(*map(figures, answer.rows), strict=True)))


@pytest.mark.parametrize("years", [(), (2024, 2025)], ids=["recount", "deltas"])
def test_the_worked_example_of_the_page_is_right(register, years):
    place = register.place(
        status=[("open", "2019-01-01"), ("paused", "2023-06-01"), ("open", "2024-08-01")],
        units=[("new:N1", "2019-01-01"), ("new:N2", "2024-07-01")],
    )
    register.visit(place, "2024-04-04", violations=1)
    register.visit(place, "2024-05-05", found_working=1)
    for year in years:
        add_year(register.db, year)

    def stands(as_of):
        return [(row.unit, *figures(row)[:5]) for row in register.ask(as_of).rows if row.visits]

    assert stands("2024-04-03") == []
    assert stands("2024-04-04") == [("N1", 0, 0, 1, 1, 1)]
    assert stands("2024-05-05") == stands("2024-07-01") == [("N1", 1, 1, 0, 2, 1)]
    assert stands("2024-08-01") == [("N2", 1, 1, 0, 2, 1)]
    whole = {key[2:]: tuple(counts) for key, counts in recount(register.conn, 2024).items() if not key[1]}
    assert whole == {
        ("new:N1", "karaoke", "2024-04-04"): (0, 0, 0, 1, 1, 1),
        ("new:N1", "karaoke", "2024-05-05"): (1, 1, 1, -1, 1, 0),
        ("new:N1", "karaoke", "2024-08-01"): (-1, -1, -1, 0, -2, -1),
        ("new:N2", "karaoke", "2024-08-01"): (1, 1, 1, 0, 2, 1),
    }
