"""What the one function answers: rows that add up, maps, targets, teams, periods, what waits, what is left."""

from datetime import date, timedelta

import pytest

from schemas.items import write
from schemas.units import Epoch
from server.coverage.figures import Row
from server.coverage.where import UnknownUnit
from server.coverage.years import add_year


def counts(row):
    return row.open, row.inspected, row.visits, row.visits_with_violations, row.inspected_not_open, row.not_counted


@pytest.mark.parametrize("by", ["unit", "commune"])
def test_the_rows_add_up_to_the_whole_on_every_day_of_a_year(busy, by):
    add_year(busy.db, 2024)

    for n in range(366):
        as_of = (date(2024, 1, 1) + timedelta(days=n)).isoformat()
        for unit in ("new:38", "old:38"):
            answer = busy.ask(as_of, unit=unit, by=by)
            assert counts(answer.total) == tuple(map(sum, zip(*map(counts, answer.rows), strict=True))), (as_of, unit)


def test_every_place_of_the_country_stands_in_one_province_or_in_none(busy):
    everything = busy.ask("2024-12-31", unit=None)

    assert counts(everything.total) == tuple(map(sum, zip(*map(counts, everything.rows), strict=True)))
    for row in everything.rows:
        if row.unit:
            assert counts(busy.ask("2024-12-31", unit=row.key).total) == counts(row)


def test_day_deltas_and_recount_answer_alike(busy):
    asked = [
        {"unit": unit, "as_of": as_of, "by": by, "kinds": kinds}
        for unit in (None, "new:38", "new:N1", "old:38", "old:A")
        for as_of in ("2024-01-01", "2024-02-29", "2024-08-01", "2024-12-31")
        for by in ("unit", "commune", "kind")
        for kinds in ((), ("massage",))
    ]
    before = [busy.ask(**one) for one in asked]
    add_year(busy.db, 2024)

    assert [busy.ask(**one) for one in asked] == before


def test_a_past_year_is_the_same_before_and_after_the_new_map_is_loaded(register, old_tree):
    whole, register.tree = register.tree, old_tree
    places = {unit: register.place(units=unit) for unit in ("old:A1", "old:A3", "old:B1")}
    for place in places.values():
        register.visit(place, "2024-03-05")
    before = [register.ask("2024-12-31", unit=unit) for unit in ("old:38", "old:A", "old:A3")]

    register.tree = whole
    for unit, place in places.items():
        register.place(place, units=unit)  # files it again under the new communes, as the fold does

    assert before[0].total.inspected == 3
    assert [register.ask("2024-12-31", unit=unit) for unit in ("old:38", "old:A", "old:A3")] == before


@pytest.mark.parametrize(
    ("unit", "as_of", "exact"),
    [
        ("old:A", "2025-06-30", True),
        ("old:A", "2025-07-01", False),  # A3 was split, and B1 went with half of it
        ("old:38", "2025-07-01", True),
        ("old:C1", "2025-07-01", True),
        ("old:C", "2025-07-01", False),  # of C2 nothing is known
        ("old:B2", "2025-07-01", True),  # all of N4
        ("old:A1", "2025-07-01", False),  # one half of N1
        ("new:N1", "2025-06-30", True),
        ("new:N2", "2025-06-30", False),
        ("new:N2", "2025-07-01", True),
        (None, "2025-07-01", True),
    ],
)
def test_a_figure_says_whether_its_map_is_exact_on_the_day(register, unit, as_of, exact):
    assert register.ask(as_of, unit=unit).exact is exact


def test_each_row_says_whether_it_is_exact(register):
    rows = register.ask("2026-12-31", unit="old:38", by="commune").rows

    assert [row.unit for row in rows if row.exact] == ["B2"]


@pytest.mark.parametrize("unit", ["new:A1", "old:N1", "new:99999", "38"])
def test_a_unit_that_is_not_on_the_map_is_refused(register, unit):
    with pytest.raises(UnknownUnit):
        register.ask("2024-12-31", unit=unit, epoch=Epoch.NEW)


def test_the_as_of_day_ends_with_the_year_and_may_lie_before_it(register):
    register.place()

    late, early = register.ask("2025-03-01", year=2024), register.ask("2023-03-01", year=2024)

    assert (late.as_of, late.total.open) == (date(2024, 12, 31), 1)
    assert (early.as_of, early.total.open) == (date(2023, 12, 31), 0)


def make_row(open, inspected, target=None):
    return Row("38", "new:38", "Tỉnh", open, inspected, 0, 0, 0, 0, 0, target, None)


@pytest.mark.parametrize(
    ("open", "inspected", "target", "share", "required", "remaining", "met"),
    [
        (168, 42, 25, 25.0, 42, 0, True),
        (168, 42, None, 25.0, None, None, None),
        (7, 1, 20, 14.3, 2, 1, False),
        (10, 2, 20, 20.0, 2, 0, True),
        (11, 2, 20, 18.2, 3, 1, False),
        (10_000, 1_999, 20, 20.0, 2000, 1, False),
        (3, 2, 100, 66.7, 3, 1, False),
        (16, 1, None, 6.3, None, None, None),
        (0, 0, 20, None, 0, 0, None),
        (5, 5, 20, 100.0, 1, 0, True),
    ],
)
def test_shares_are_compared_as_whole_numbers(open, inspected, target, share, required, remaining, met):
    row = make_row(open, inspected, target)

    assert (row.share, row.required, row.remaining, row.met) == (share, required, remaining, met)


def test_each_row_has_the_target_of_its_nearest_plan(register):
    register.plan("old:38", {2024: 25})
    register.plan("old:A", {2024: 20})
    register.place(units="old:A3")

    answer = register.ask("2024-12-31", unit="old:38")

    assert (answer.total.target, {row.unit: row.target for row in answer.rows}) == (25, {"A": 20, "B": 25})
    assert {row.target for row in register.ask("2024-12-31", unit="old:38", target=30).rows} == {30}
    assert register.ask("2025-12-31", unit="old:38").total.target is None


def test_the_kinds_of_the_plan_count_unless_others_are_asked_for(register):
    register.plan("new:38", {2024: 25}, kinds=["karaoke"])
    register.place(kinds="karaoke")
    register.place(kinds="lodging")

    assert (register.ask("2024-12-31").total.open, register.ask("2024-12-31").kinds) == (1, ("karaoke",))
    assert register.ask("2024-12-31", kinds=["lodging"]).total.open == 1
    assert register.ask("2023-12-31").total.open == 2


def test_a_period_asks_the_same_of_a_longer_window(register):
    register.plan("new:38", {2024: 20}, period_percent=100)
    closed = register.place(status=[("open", "2019-01-01"), ("closed", "2022-05-01")])
    register.visit(closed, "2021-03-05")
    register.visit(register.place(), "2020-12-31")
    period = date(2021, 1, 1), date(2025, 12, 31)

    answer = register.ask("2024-12-31", period=period)

    assert (answer.total.open, answer.total.inspected, answer.total.target) == (2, 1, 100)
    assert (answer.since, answer.as_of) == (date(2021, 1, 1), date(2024, 12, 31))
    assert [one.last_visit for one in register.remaining("2024-12-31", period=period)] == ["2020-12-31"]


def test_teams_answer_for_their_area_and_for_what_they_inspected(register):
    register.thing("team", "t-n1", {"name": "Đội xã N1", "epoch": "new", "area": "N1"})
    register.thing("team", "t-a", {"name": "Đội huyện A", "epoch": "old", "area": "A"})
    one, two, three = register.place(units="new:N1"), register.place(units="new:N1"), register.place(units="new:N4")
    register.visit(one, "2024-03-05", team="t-n1")
    register.visit(one, "2024-04-05", team="t-a", violations=1)
    register.visit(three, "2024-05-05", team="t-n1")
    register.visit(two, "2024-06-05", team="t-n1", members=2, counting=0)

    answer = register.ask("2024-12-31", by="team")

    rows = {row.name: (row.team, *counts(row)) for row in answer.rows}
    assert rows == {"Đội xã N1": ("t-n1", 3, 2, 2, 0, 0, 1), "Đội huyện A": ("t-a", 2, 1, 1, 1, 0, 0)}
    assert counts(answer.total) == (3, 2, 3, 1, 0, 1)
    assert counts(register.ask("2024-12-31").total) == counts(answer.total)


def test_a_visit_to_a_place_that_has_not_arrived_stands_in_the_laptops_area(register):
    register.laptop("new:N2", id="laptop")
    register.aside(None, "2024-03-05")
    register.aside("018f-unknown", "2024-03-06", "quarantined")

    rows = {row.unit: row.not_counted for row in register.ask("2024-12-31", kinds=["karaoke"]).rows}

    assert rows == {"N1": 0, "N2": 2, "N3": 0, "N4": 0}
    assert register.ask("2024-03-05").total.not_counted == 1


def test_a_visit_to_an_unknown_place_from_an_unknown_laptop_is_in_everything_only(register):
    register.aside(None, "2024-03-05")

    everything = register.ask("2024-12-31", unit=None)

    assert [(row.unit, row.not_counted) for row in everything.rows] == [("01", 0), ("38", 0), ("", 1)]
    assert register.ask("2024-12-31").total.not_counted == 0
    assert register.ask("2024-12-31", unit=None, by="kind").rows[-1].name == "Chưa rõ loại hình"


def test_what_waits_is_counted_for_the_team_that_made_the_visit(register):
    place, item = register.place(), register.new_id()
    line = write(
        kind="inspection", id=item, base=None, device="laptop", run="r", device_seq=1, author="a",
        recorded_at="2024-03-05T15:00:00Z", body={"team": "t-n1", "establishment": place},
    )  # fmt: skip
    register.aside(place, "2024-03-05")
    name = register.conn.execute("SELECT item FROM aside").fetchone()[0]
    register.conn.execute(
        "INSERT INTO items (seq, name, kind, id, device, standing, line)"
        " VALUES (1, ?, 'inspection', ?, 'laptop', 'held', ?)",
        (name, item, line),
    )

    rows = register.ask("2024-12-31", by="team").rows

    assert [(row.name, row.not_counted) for row in rows] == [("t-n1", 1)]


def test_a_row_says_who_confirmed_its_list_and_when(register):
    def confirm(unit, on, by):
        register.conn.execute("INSERT INTO list_confirmations VALUES (?, ?, ?)", (unit, on, by))

    confirm("new:N1", "2024-01-15", "Lê Thị Hạnh")
    for unit in ("new:N2", "new:N3"):
        confirm(unit, "2024-02-01", "Trần Văn Bình")

    some = register.ask("2024-12-31")
    confirm("new:N4", "2024-03-01", "Trần Văn Bình")
    every = register.ask("2024-12-31")

    assert (some.rows[0].confirmed_on, some.rows[0].confirmed_by) == ("2024-01-15", "Lê Thị Hạnh")
    assert (some.rows[3].confirmed_on, some.total.confirmed_on) == (None, None)
    assert (every.total.confirmed_on, every.total.confirmed_by) == ("2024-01-15", "")


def test_the_answer_is_written_with_the_keys_that_commands_promise(register):
    register.contact(register.laptop("new:N1"), "2024-11-05T20:00:00Z", earliest="2024-11-03")
    register.place()

    written = register.ask("2024-12-31", target=20).as_json()

    promised = {
        "unit", "kind", "open", "inspected", "share", "target", "required", "remaining", "met", "visits",
        "visits_with_violations", "not_counted", "inspected_not_open", "complete_to",
    }  # fmt: skip
    assert promised <= set(written["total"])
    assert promised <= set(written["rows"][0])
    assert (written["total"]["unit"], written["rows"][0]["unit"], written["total"]["share"]) == ("38", "N1", 0.0)
    assert (written["total"]["complete_to"], written["holding_back"][0]["day"]) == ("2024-11-02", "2024-11-02")
