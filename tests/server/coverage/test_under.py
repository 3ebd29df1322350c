"""What stands under each number: as many as the number says, whatever was asked."""

import pytest

from server.coverage.under import PLACES, Under, What
from server.coverage.years import add_year

NUMBERS = {
    What.OPEN: lambda row: row.open,
    What.INSPECTED: lambda row: row.inspected,
    What.LEFT: lambda row: row.open - row.inspected,
    What.VIOLATING: lambda row: row.places_with_violations,
    What.NOT_OPEN: lambda row: row.inspected_not_open,
    What.VISITS: lambda row: row.visits,
    What.WITH_VIOLATIONS: lambda row: row.visits_with_violations,
    What.NOT_COUNTED: lambda row: row.not_counted,
}
ASKED = [
    {"unit": "new:38"},
    {"unit": "old:38"},
    {"unit": "old:A", "kinds": ("massage",)},
    {"unit": "new:38", "basis": "planned"},
    {"unit": "new:38", "team": "team-1"},
    {"unit": "old:A", "team": "team-2", "basis": "unscheduled"},
    {"unit": None},
]


def listed(listing, what):
    """Return the ids of a whole list."""
    if what is What.NOT_COUNTED:
        return [one.item for one in listing.not_counted()]
    return [one.id for one in (listing.places() if what in PLACES else listing.visits())]


@pytest.fixture
def teams(busy):
    """Two teams: one of a commune, which also goes elsewhere, and one of the province."""
    busy.thing("team", "team-1", {"name": "Đội xã N1", "epoch": "new", "area": "N1"})
    busy.thing("team", "team-2", {"name": "Đội tỉnh", "epoch": "new", "area": "38"})
    return busy


@pytest.mark.parametrize("by", ["unit", "across", "commune", "kind", "basis", "team"])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_under_each_number_stand_as_many_as_it_says(teams, asked, by):
    add_year(teams.db, 2024)
    answer = teams.ask("2024-09-30", by=by, **asked)

    for row in (None, *answer.rows):
        for what, number in NUMBERS.items():
            name = row.label if row else None
            ids = listed(teams.under(Under(what, by, name), "2024-09-30", **asked), what)
            assert len(ids) == len(set(ids)) == number(row or answer.total), (name, what)


@pytest.mark.parametrize("asked", [*({"unit": unit} for unit in ("new:38", "old:A", None)), {"kinds": ("massage",)}])
def test_a_list_of_which_a_page_is_looked_at_is_the_whole_list_cut_there(teams, asked):
    rows = [(by, None if row is None else row.label) for by in ("unit", "kind", "across")
            for row in (None, *teams.ask("2024-09-30", by=by, **asked).rows)]  # fmt: skip
    under = [Under(what, by, name) for what in PLACES for by, name in rows]
    recounted = [teams.under(one, "2024-09-30", **asked).places() for one in under]
    add_year(teams.db, 2024)

    for one, whole in zip(under, recounted, strict=True):
        found = teams.under(one, "2024-09-30", **asked)
        assert (found.total, found.places()) == (len(whole), whole), one
        for size in (1, 3):
            cut = [place for at in range(0, found.total + size, size) for place in found.places(at, size)]
            assert cut == whole, (one, size)


def test_the_same_figures_come_from_the_deltas_and_from_a_recount_whatever_is_asked(teams):
    cases = [
        {"as_of": as_of, "by": by, **asked}
        for as_of in ("2024-02-29", "2024-12-31")
        for by in ("unit", "across", "commune", "kind", "basis", "team")
        for asked in ASKED
    ]
    before = [teams.ask(**case) for case in cases]
    add_year(teams.db, 2024)

    for case, recounted in zip(cases, before, strict=True):
        assert teams.ask(**case) == recounted, case
        if case["by"] not in ("kind", "team", "basis"):
            assert sum(row.visits for row in recounted.rows) == recounted.total.visits, case


def test_a_team_answers_for_its_area_and_for_what_it_inspected_elsewhere(register):
    register.thing("team", "team-1", {"name": "Đội xã N1", "epoch": "new", "area": "N1"})
    register.place(), register.place()
    register.visit(register.place(units="new:N2"), "2024-03-05", violations=1)
    register.visit(register.place(units="new:N2"), "2024-03-05", team="team-2")

    answer = register.ask("2024-12-31", team="team-1")

    assert (answer.total.open, answer.total.inspected, answer.total.places_with_violations) == (3, 1, 1)
    assert answer.total.open == register.ask("2024-12-31", by="team").rows[0].open


def test_a_place_inspected_on_two_grounds_stands_under_each_and_once_in_the_total(register):
    place = register.place()
    register.visit(place, "2024-03-05")
    register.visit(place, "2024-05-05", basis="unscheduled", violations=2)

    answer = register.ask("2024-12-31", by="basis")

    assert [(row.basis, row.open, row.inspected, row.visits) for row in answer.rows] == [
        ("planned", 1, 1, 1),
        ("unscheduled", 1, 1, 1),
        ("recheck", 1, 0, 0),
    ]
    assert (answer.total.open, answer.total.inspected, answer.total.visits) == (1, 1, 2)
    assert (answer.rows[0].places_with_violations, answer.total.places_with_violations) == (0, 1)


def test_the_list_of_visits_says_which_the_latest_first(register):
    register.thing("team", "team-1", {"name": "Đội 178 xã N1"})
    place = register.place()
    first, last = register.visit(place, "2024-03-05"), register.visit(place, "2024-05-05", violations=2)

    found = register.under(Under(What.VISITS), "2024-12-31").visits()

    assert [one.id for one in found] == [last, first]
    assert (found[0].place_name, found[0].unit_name) == ("Karaoke Đông Đô", "Xã N1")
    assert found[0].team_name == "Đội 178 xã N1"
    assert register.under(Under(What.VISITS), "2024-12-31").visits(offset=1, limit=1) == found[1:]


def test_what_is_not_counted_says_why(register):
    place = register.place()
    register.aside(place, "2024-03-05", "conflict")
    register.visit(place, "2024-03-06", members=2, counting=0)

    found = register.under(Under(What.NOT_COUNTED), "2024-12-31").not_counted()

    assert [(one.date, one.why, one.members) for one in found] == [
        ("2024-03-05", "conflict", 0),
        ("2024-03-06", "short", 2),
    ]
