"""Duties: which a visit makes, and their last day, with weekends and holidays."""

from datetime import date, datetime, time

import pytest

from schemas import duties, workdays


def visit(**more):
    return {"date": "2026-11-05", "basis": "planned", "outcome": "no_violation", **more}


def ids(body, *more):
    return {one.row.id for one in duties.due({*duties.reasons(body), *more}, date(2026, 11, 5))}


@pytest.mark.parametrize(
    ("body", "made"),
    [
        (visit(), {"report-results"}),
        (visit(basis="recheck"), {"report-results"}),
        (visit(basis="unscheduled"), {"report-unscheduled"}),
        (visit(outcome="violations", violations=[{"id": "x"}]), {"report-results", "violation-record"}),
        (visit(crime_signs=True), {"report-results", "hand-over-file"}),
        (visit(workers={"under_18": 2}), {"report-results", "child-call", "child-follow-up"}),
        (visit(workers={"under_18": 2}, child_called=True), {"report-results", "child-follow-up"}),
        (visit(workers={"under_18": 0}), {"report-results"}),
        (visit(workers={"under_18": "hai"}), {"report-results"}),
        (visit(workers=["x"]), {"report-results"}),
        (visit(outcome="closed_tonight"), set()),
        (visit(void=True), set()),
        (visit(outcome=["x"]), set()),
        ({}, set()),
    ],
)
def test_an_outcome_makes_its_duties(body, made):
    assert ids(body) == made


@pytest.mark.parametrize(("reason", "made"), [("open_findings", "remedy-follow-up"), ("handwritten", "scan-original"),
                                              ("corrected", "correction-paper")])  # fmt: skip
def test_what_happened_after_the_visit_makes_duties_too(reason, made):
    assert made in ids(visit(), reason)


def only(id, day, ended=None, body=None):
    body = body or visit(outcome="violations", violations=[1], crime_signs=True)
    found = duties.due(duties.reasons(body), day, ended)
    return next(one for one in found if one.row.id == id)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 5), date(2026, 11, 9)),  # Thursday: Friday, Monday
        (date(2026, 11, 6), date(2026, 11, 10)),  # Friday
        (date(2026, 11, 7), date(2026, 11, 10)),  # Saturday night
        (date(2026, 12, 30), date(2027, 1, 4)),  # over New Year
        (date(2026, 4, 29), date(2026, 5, 5)),  # 30 April, 1 May, a weekend
        (date(2027, 4, 29), date(2027, 5, 5)),  # 1 May on a Saturday: made up on Monday
    ],
)
def test_two_working_days(day, last):
    assert only("violation-record", day).day == last


def test_the_law_gives_longer_where_there_are_many_circumstances():
    assert only("violation-record", date(2026, 11, 5)).extended == date(2026, 11, 12)


def test_a_holiday_that_is_not_certain_makes_no_limit_later_and_is_told_beside_it():
    found = only("violation-record", date(2026, 2, 13))

    assert (found.day, found.later) == (date(2026, 2, 17), date(2026, 2, 24))
    assert only("violation-record", date(2026, 11, 5)).later is None


def test_hours_run_from_the_end_of_the_visit():
    body = visit(started="22:40", ended="00:15")

    assert duties.ended_at(body) == datetime.combine(date(2026, 11, 6), time(0, 15))
    found = only("hand-over-file", date(2026, 11, 5), duties.ended_at(body))
    assert (found.day, found.clock) == (date(2026, 11, 7), "00:15")


def test_hours_of_a_visit_without_an_end_run_from_the_end_of_its_day():
    assert duties.ended_at(visit(ended="khuya")) is None
    assert (only("hand-over-file", date(2026, 11, 5)).day, only("hand-over-file", date(2026, 11, 5)).clock) == (
        date(2026, 11, 7), "00:00",
    )  # fmt: skip


def test_a_row_is_for_visits_of_its_days():
    assert not any(one.row.id == "violation-record" for one in duties.due({"violations"}, date(2021, 12, 31)))


def test_every_row_says_its_source_and_whether_it_is_confirmed():
    ids = [row.id for row in duties.rows()]

    assert len(ids) == len(set(ids))
    assert all(row.words_en and row.mark in {"V", "V-2nd", "GK", "INF"} for row in duties.rows())
    assert all(row.source or row.mark == "INF" for row in duties.rows())
    assert all(len(row.id) <= 40 for row in duties.rows()), "a record of a duty done has room for 40 letters"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 6), True),
        (date(2026, 11, 7), False),
        (date(2026, 11, 8), False),
        (date(2026, 9, 2), False),
        (date(2028, 1, 3), False),  # 1 January 2028 is a Saturday
        (date(2028, 1, 4), True),
        (date(2026, 2, 17), True),  # Tết is not certain
    ],
)
def test_a_day_works_or_is_off(day, works):
    assert workdays.is_working(day) is works


def test_only_fixed_dates_are_certain():
    assert all(one.every_year for one in workdays.holidays() if one.certain)
    assert workdays.may_be_off(date(2026, 2, 17))
