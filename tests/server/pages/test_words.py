"""How figures and days are written."""

from datetime import UTC, date, datetime

import pytest

from server.pages.words import day, moment, number, share


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (999, "999"), (1234, "1.234"), (1234567, "1.234.567")])
def test_thousands_are_parted_by_a_point(count, text):
    assert number(count) == text


@pytest.mark.parametrize(
    ("part", "whole", "target", "text"),
    [
        (42, 168, 25, "25,0 %"),
        (1, 3, None, "33,3 %"),
        (2, 3, None, "66,7 %"),
        (0, 7, 25, "0,0 %"),
        (7, 7, 25, "100,0 %"),
        (2499, 10_000, 25, "24,9 %"),  # 24,99: not reached, so not written as 25,0
        (9999, 10_000, 25, "99,9 %"),
        (2504, 10_000, 25, "25,0 %"),
        (2506, 10_000, 25, "25,1 %"),
    ],
)
def test_a_share_never_reads_as_reached_before_it_is(part, whole, target, text):
    assert share(part, whole, target) == text


def test_days_are_written_as_papers_do():
    assert day(date(2026, 11, 5)) == "05/11/2026"
    assert day("2026-11-05") == "05/11/2026"
    assert day(None) == ""


def test_a_moment_is_told_by_a_clock_in_vietnam():
    assert moment(datetime(2026, 11, 5, 17, 30, tzinfo=UTC)) == "00:30 06/11/2026"
