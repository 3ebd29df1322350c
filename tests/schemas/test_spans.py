"""How long a time is, in words."""

import pytest

from schemas.spans import DAY, HOUR, MINUTE, YEAR, how_long


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "chưa đến 1 phút"),
        (20, "chưa đến 1 phút"),
        (40, "1 phút"),
        (-5 * MINUTE, "5 phút"),
        (89 * MINUTE, "89 phút"),
        (26 * HOUR, "26 giờ"),
        (3 * DAY, "3 ngày"),
        (90 * DAY, "3 tháng"),
        (-16 * YEAR, "16 năm"),
        (36 * YEAR - 5 * DAY, "36 năm"),
    ],
)
def test_a_length_is_said_in_its_largest_unit(seconds, words):
    assert how_long(seconds) == words
