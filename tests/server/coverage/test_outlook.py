"""The pace, what is needed from here on, and where the present pace leads; other years beside this one."""

from datetime import date

import pytest

from schemas.register import Cohort
from server.coverage.compare import same_day, trend, year_before
from server.coverage.figures import Coverage, Row
from server.coverage.outlook import outlook
from server.coverage.targets import Plan
from server.coverage.under import Under, What
from server.coverage.years import add_year


def ahead(inspected, as_of, *, open=100, target=25, due=None):
    total = Row("38", "new:38", "Tỉnh", open, inspected, inspected, 0, 0, 0, 0, target, None)
    plan = Plan("p", "Kế hoạch", "", "new:38", "2026-01-01", "2026-12-31", (), {2026: 25}, None, False)
    if due:
        plan.due[2026] = due
    return outlook(
        Coverage(
            total=total, rows=(), by="unit", year=2026, since=date(2026, 1, 1), as_of=as_of, kinds=(), plan=plan,
            holding_back=(),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("inspected", "as_of", "in_time"),
    [
        (12, date(2026, 7, 1), False),  # half of 25 is 12.5, and half the year is past
        (13, date(2026, 7, 1), True),
        (0, date(2026, 1, 1), False),
        (24, date(2026, 12, 1), True),
        (22, date(2026, 12, 1), False),
    ],
)
def test_the_pace_compares_what_is_done_with_the_year_that_is_past(inspected, as_of, in_time):
    assert ahead(inspected, as_of).in_time is in_time


@pytest.mark.parametrize(
    ("inspected", "as_of", "more"),
    [
        (25, date(2026, 6, 1), {}),
        (10, date(2026, 6, 1), {"target": None}),
        (0, date(2026, 6, 1), {"open": 0}),
        (10, date(2026, 12, 31), {}),
    ],
    ids=["reached", "no target", "no place", "no time left"],
)
def test_there_is_no_pace_where_nothing_can_be_done(inspected, as_of, more):
    found = ahead(inspected, as_of, **more)

    assert (found.in_time, found.each_week) == (None, None)


def test_a_plan_may_set_an_earlier_deadline():
    by_the_end, earlier = ahead(13, date(2026, 7, 1)), ahead(13, date(2026, 7, 1), due="2026-11-30")

    assert (by_the_end.in_time, by_the_end.each_week) == (True, 1)
    assert (earlier.deadline, earlier.in_time, earlier.days_left) == (date(2026, 11, 30), False, 152)


@pytest.mark.parametrize(
    ("inspected", "as_of", "projected", "met"),
    [
        (10, date(2026, 7, 2), 19, False),  # 10 in 183 of 365 days: 19.9
        (13, date(2026, 7, 2), 25, True),
        (70, date(2026, 7, 2), 100, True),  # no more than there are
        (3, date(2026, 1, 29), None, None),  # too early to tell
        (3, date(2026, 1, 30), 36, True),
        (24, date(2026, 12, 31), None, None),
    ],
)
def test_the_year_at_the_present_pace(inspected, as_of, projected, met):
    found = ahead(inspected, as_of)

    assert (found.projected, found.projected_met) == (projected, met)


def test_the_same_day_of_a_year_without_a_leap_day_is_the_28th():
    assert same_day(date(2024, 2, 29), 2023) == date(2023, 2, 28)
    assert same_day(date(2024, 3, 1), 2023) == date(2023, 3, 1)


def compared(register, function, as_of, **asked):
    told = register._asked(as_of, asked)
    by = told.pop("by", "unit")
    return function(register.conn, register.ask(as_of, **asked), **told | {"by": by})


def test_the_year_before_is_asked_to_the_same_day_and_row_by_row(register):
    place, other = register.place(), register.place(units="new:N2")
    register.visit(place, "2023-03-05")
    register.visit(other, "2023-09-05")

    before = compared(register, year_before, "2024-06-30")

    assert (before.as_of, before.total.open, before.total.inspected) == (date(2023, 6, 30), 2, 1)
    assert before.rows[("unit", "new:N1")].inspected == 1
    assert before.rows[("unit", "new:N2")].inspected == 0


def test_the_year_before_counts_the_kinds_of_the_asked_year(register):
    register.plan("new:38", {2023: 20}, kinds=["massage"])
    register.place()

    assert compared(register, year_before, "2024-06-30").total.open == 1


def test_a_trend_begins_with_the_year_of_the_first_visit(register):
    place = register.place(status=[("open", "2022-05-01")])
    for day in ("2022-12-01", "2024-02-02"):
        register.visit(place, day)
    for year in (2022, 2023):
        add_year(register.db, year)

    years = compared(register, trend, "2024-06-30")

    assert [(one.year, one.whole.inspected, one.to_same_day.inspected) for one in years] == [
        (2022, 1, 0),
        (2023, 0, 0),
        (2024, 1, 1),
    ]
    assert years[0].as_of == date(2022, 12, 31)


def test_a_trend_is_told_on_either_map(register):
    register.visit(register.place(units="old:A1"), "2023-03-05")

    for unit in ("old:A", "new:N1"):
        years = compared(register, trend, "2024-06-30", unit=unit)
        assert [one.whole.inspected for one in years if one.year == 2023] == [1]


PERIOD = (date(2021, 1, 1), date(2025, 12, 31))


@pytest.fixture
def period(register):
    """Three places: one closed in 2022 after its inspection, one inspected in 2024, one that opened in 2025."""
    closed = register.place(status=[("open", "2019-01-01"), ("closed", "2022-06-01")])
    register.visit(closed, "2021-03-05", violations=1)
    register.visit(register.place(), "2024-03-05")
    register.place(status=[("open", "2025-02-01")])
    return register


def test_a_period_counts_the_places_open_on_any_of_its_days_unless_the_plan_says_otherwise(period):
    period.plan("new:38", {}, period_percent=100)

    total = period.ask("2025-12-31", period=PERIOD).total

    assert (total.open, total.inspected, total.places_with_violations, total.required, total.met) == (3, 2, 1, 3, False)


def test_a_plan_may_count_the_places_of_the_last_day(period):
    period.plan("new:38", {}, period_percent=100, period_cohort=Cohort.LAST_DAY.value)

    answer = period.ask("2025-12-31", period=PERIOD)
    total = answer.total

    assert (total.open, total.inspected, total.inspected_not_open, total.visits) == (2, 1, 1, 2)
    assert (total.required, total.remaining) == (2, 1)
    assert len(period.under(Under(What.LEFT), "2025-12-31", period=PERIOD).places()) == 1
    assert period.ask("2021-12-31", period=PERIOD).total.open == 2  # as of a day, that day is the last


def test_a_place_found_working_on_the_last_day_is_of_the_cohort(period):
    period.plan("new:38", {}, period_percent=100, period_cohort=Cohort.LAST_DAY.value)
    paused = period.place(status=[("paused", "2019-01-01")])
    period.visit(paused, "2025-12-31", found_working=1)

    assert period.ask("2025-12-31", period=PERIOD).total.open == 3


@pytest.mark.parametrize(
    ("as_of", "open", "inspected"),
    [("2024-02-28", 2, 1), ("2024-06-29", 2, 2), ("2024-06-30", 1, 1), ("2024-12-31", 1, 1)],
)
def test_a_plan_may_count_the_places_of_one_day_of_the_year(register, as_of, open, inspected):
    """Counted on 30 June: as of an earlier day those open on that day, and nobody who opens later."""
    register.plan("new:38", {2024: 20}, denominator="on_day", denominator_on="06-30")
    register.visit(register.place(status=[("open", "2019-01-01"), ("closed", "2024-06-30")]), "2024-02-05")
    register.visit(register.place(), "2024-03-05")
    register.place(status=[("open", "2024-08-01")])
    add_year(register.db, 2024)

    total = register.ask(as_of).total

    assert (total.open, total.inspected) == (open, inspected)

