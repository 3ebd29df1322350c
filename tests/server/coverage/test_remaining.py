"""What is left to inspect: as many as the figures say, in the order people read."""

from server.coverage.years import add_year


def test_what_is_left_is_as_many_as_the_figures_say(busy):
    add_year(busy.db, 2024)

    for unit in (None, "new:38", "new:N1", "old:A", "old:A3"):
        for as_of in ("2024-01-01", "2024-06-30", "2024-12-31"):
            total = busy.ask(as_of, unit=unit).total
            left = busy.remaining(as_of, unit=unit)
            assert len(left) == len({one.id for one in left}) == total.open - total.inspected


def test_what_is_left_is_listed_by_commune_and_then_as_a_dictionary_has_it(register):
    for name in ("Đêm Hồng", "Dạ Hương", "Dã Quỳ", "Ánh Sao"):
        register.place(name=name, units="new:N2")
    register.visit(register.place(name="Xong"), "2024-03-05")
    register.place(name="Bến Xưa", units=[("old:A3", "2019-01-01"), ("old:A3", "2025-01-01")], kinds="karaoke lodging")
    old = register.place(name="Cũ", units=[("new:N1", "2019-01-01"), ("new:N4", "2024-08-01")])
    register.visit(old, "2023-10-10")
    register.visit(old, "2024-10-01")

    left = register.remaining("2024-09-30")

    assert [(one.unit, one.name) for one in left] == [
        ("new:N2", "Ánh Sao"),
        ("new:N2", "Dạ Hương"),
        ("new:N2", "Dã Quỳ"),
        ("new:N2", "Đêm Hồng"),
        ("new:N4", "Cũ"),
        ("new:38", "Bến Xưa"),
    ]
    assert (left[4].last_visit, left[4].address, left[4].unit_name) == ("2023-10-10", "Phố new:N4", "Xã N4")
    assert (left[5].kinds, left[5].last_visit) == (("karaoke", "lodging"), None)
    assert register.remaining("2024-09-30", offset=1, limit=4) == left[1:5]
    assert register.remaining("2024-09-30", offset=4) == left[4:]
    assert register.remaining("2024-09-30", offset=9) == []


def test_a_place_that_moved_away_later_is_still_left_in_its_commune_of_the_day(register):
    register.place(units=[("new:N1", "2019-01-01"), ("new:X1", "2024-08-01")])

    assert len(register.remaining("2024-07-31", unit="new:N1")) == 1
    assert register.remaining("2024-08-01", unit="new:N1") == []
