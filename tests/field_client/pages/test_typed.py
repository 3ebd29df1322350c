"""Days, times and numbers as people type them."""

from datetime import date

import pytest

from schemas import typed

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("15/3", "2026-03-15"),
        ("15/03/2025", "2025-03-15"),
        ("15/3/25", "2025-03-15"),
        ("15-3-2025", "2025-03-15"),
        ("15.3.2025", "2025-03-15"),
        (" 15 / 3 ", "2026-03-15"),
        ("15 3 2025", "2025-03-15"),
        ("1503", "2026-03-15"),
        ("150325", "2025-03-15"),
        ("15032025", "2025-03-15"),
        ("29/2/2024", "2024-02-29"),
        ("hôm nay", "2026-11-24"),
        ("Hôm qua", "2026-11-23"),
        ("2026-11-05", "2026-11-05"),
        ("1/1/2062", "2062-01-01"),
    ],
)
def test_a_day_is_read_as_it_is_written_by_hand(text, read):
    assert typed.day(text, TODAY) == read


@pytest.mark.parametrize("text", ["", "31/2", "29/2/2025", "32/1", "15/13", "3", "15/3/2", "mai", "1/2/3/4", "0/0"])
def test_what_is_no_day_stays_as_it_was_typed(text):
    assert typed.day(f" {text} ", TODAY) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2330", "23:30"),
        ("23:30", "23:30"),
        ("23h30", "23:30"),
        ("23g30", "23:30"),
        ("23 30", "23:30"),
        ("23.30", "23:30"),
        ("23 giờ 30 phút", "23:30"),
        ("23 giờ", "23:00"),
        ("23h", "23:00"),
        ("930", "09:30"),
        ("9", "09:00"),
        ("0", "00:00"),
        ("0005", "00:05"),
        ("9:5", "09:05"),
    ],
)
def test_a_time_is_read_as_it_is_said(text, read):
    assert typed.clock(text) == read


@pytest.mark.parametrize("text", ["", "2460", "24:00", "2375", "12345", "khuya", "23:30:15", "-1"])
def test_what_is_no_time_stays_as_it_was_typed(text):
    assert typed.clock(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [("12", 12), (" 0 ", 0), ("1.200", 1200), ("1 200", 1200), ("", None)],
)
def test_a_number_is_read(text, read):
    assert typed.count(text) == read


@pytest.mark.parametrize("text", ["1.2", "-3", "mười", "9" * 30])
def test_what_is_no_number_stays_as_it_was_typed(text):
    assert typed.count(text) == text


@pytest.mark.parametrize("text", ["15/3", "15032025", "29/2/2024"])
def test_a_day_that_is_shown_reads_as_the_same_day(text):
    read = typed.day(text, TODAY)

    assert typed.day(typed.show_day(read), TODAY) == read


def test_what_is_no_day_is_shown_as_it_was_typed():
    assert typed.show_day("31/2") == "31/2"
    assert typed.show_day("0123456789") == "0123456789"
