"""What a laptop said of itself is kept, whatever its clock says."""

from datetime import UTC, datetime, timedelta

import pytest

from server.door.contacts import note, offset, says_more
from sync.report import Report

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
YEAR = 31_557_600


@pytest.mark.parametrize(
    ("clock", "years"),
    [("2026-11-20T15:00:00Z", 0), ("2010-11-20T15:00:00Z", -16), ("2062-11-20T15:00:00Z", 36),
     ("0001-01-01T00:00:00+14:00", 0), ("9999-12-31T23:59:59-14:00", 0), ("2026-11-20T15:00:00", 0),
     ("hôm nay", 0), ("", 0)],
)  # fmt: skip
def test_the_clock_of_any_year_is_compared_and_what_is_no_clock_counts_as_right(clock, years):
    found = offset(clock, AT)

    if years or not clock.startswith(("0001", "9999")):
        assert round(found / YEAR) == years
    assert abs(found) < 2**40


def test_run_and_schemas_are_kept_beside_what_waits(central):
    laptop = central.laptop()

    note(central.db.conn, laptop.id, Report(1, 2, "2026-11-01", "0.1.0", "", "một lần", 1), AT)

    assert central.db.conn.execute("SELECT run, schema FROM contacts").fetchone() == ("một lần", 1)


def test_another_run_is_news_and_the_same_again_is_not(central):
    conn, laptop, said = central.db.conn, central.laptop(), Report(run="a", schema=1)
    note(conn, laptop.id, said, AT)

    soon = AT + timedelta(seconds=5)

    assert not says_more(conn, laptop.id, said, soon)
    assert says_more(conn, laptop.id, Report(run="b", schema=1), soon)
    assert says_more(conn, laptop.id, said, AT + timedelta(minutes=2))
