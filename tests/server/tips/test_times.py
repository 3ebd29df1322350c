"""Whether a tip was handled in time: the day before, the day, the day after."""

import pytest

from server.tips.times import Timing, timing


@pytest.mark.parametrize(
    ("handled", "as_of", "stands"),
    [
        ("2026-05-19", "2026-06-01", Timing.IN_TIME),
        ("2026-05-20", "2026-06-01", Timing.IN_TIME),
        ("2026-05-21", "2026-06-01", Timing.LATE),
        (None, "2026-05-19", Timing.RUNNING),
        (None, "2026-05-20", Timing.RUNNING),
        (None, "2026-05-21", Timing.OVERDUE),
        ("2026-05-25", "2026-05-22", Timing.OVERDUE),  # as of a day on which it was not handled yet
        ("2026-05-19", "2026-05-18", Timing.RUNNING),
    ],
)
def test_the_last_day_is_still_in_time(handled, as_of, stands):
    assert timing("2026-05-20", handled, as_of) is stands
