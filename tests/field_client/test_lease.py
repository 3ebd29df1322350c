"""The lease: how long histories are shown without a word from the office, on a clock that may say anything."""

from datetime import UTC, date, datetime, timedelta

import pytest

from field_client.drafts import start
from field_client.lease import hidden, lease, note_clock
from field_client.store import writing
from field_client.syncing import sync_now
from schemas.lease import LEASE
from tests.field_client.conftest import AT

DAY = timedelta(days=1)
IN_2010, IN_2062 = datetime(2010, 1, 1, tzinfo=UTC), datetime(2062, 5, 5, tzinfo=UTC)


def contact(laptop, machine=AT, server=AT):
    laptop.line.server_time = server.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not sync_now(laptop.db, line=laptop.line, now=lambda: machine).trouble


def passes(laptop, machine):
    """Let the program see *machine* on its clock."""
    with writing(laptop.db) as conn:
        note_clock(conn, machine)


@pytest.mark.parametrize(
    ("days", "ended", "soon"), [(0, False, False), (52, False, False), (53, False, True), (59, False, True),
                                (60, True, False), (400, True, False)]
)  # fmt: skip
def test_it_ends_sixty_days_after_the_server_was_last_heard(laptop, days, ended, soon):
    contact(laptop)

    found = lease(laptop.db.conn, AT + days * DAY)

    assert (found.until, found.ended, found.soon) == (date(2027, 1, 19), ended, soon)


def test_before_the_first_contact_there_is_nothing_to_hide(blank):
    assert lease(blank.db.conn, IN_2062).until is None
    assert hidden(blank.db.conn, IN_2062) == ""


def test_it_says_since_when_and_what_to_do(laptop):
    contact(laptop)

    assert hidden(laptop.db.conn, AT + LEASE).startswith(
        "Hạn kết nối lại đã hết từ ngày 19/01/2027; nối mạng hoặc nhận gói USB từ văn phòng"
    )


def test_a_clock_set_back_does_not_lengthen_it(laptop):
    contact(laptop)
    passes(laptop, AT + 61 * DAY)

    assert lease(laptop.db.conn, AT + DAY).ended
    assert lease(laptop.db.conn, IN_2010).ended


@pytest.mark.parametrize("machine", [IN_2010, IN_2062, AT - 2 * DAY])
def test_a_clock_that_is_wrong_by_as_much_as_at_the_contact_counts_right(laptop, machine):
    contact(laptop, machine)

    assert not lease(laptop.db.conn, machine + 59 * DAY).ended
    assert lease(laptop.db.conn, machine + 60 * DAY).ended


def test_a_clock_that_leapt_to_2062_hides_only_while_it_says_so(laptop):
    contact(laptop)
    start(laptop.db, laptop.place, at=IN_2062)

    during, after = hidden(laptop.db.conn, IN_2062), hidden(laptop.db.conn, AT + DAY)

    assert "Đồng hồ máy này không đúng" in during
    assert after == ""


def test_a_clock_that_leapt_by_a_year_and_back_has_ended_it_until_the_next_contact(laptop):
    contact(laptop)
    passes(laptop, AT + 365 * DAY)

    assert lease(laptop.db.conn, AT + DAY).ended
    contact(laptop, AT + 2 * DAY, AT + 2 * DAY)
    assert not lease(laptop.db.conn, AT + 3 * DAY).ended


def test_working_without_a_line_is_what_counts_the_days(laptop):
    contact(laptop)
    laptop.line.down = True
    sync_now(laptop.db, line=laptop.line, now=lambda: AT + 61 * DAY)

    assert lease(laptop.db.conn, AT + 30 * DAY).ended


def test_it_stops_no_recording(laptop):
    contact(laptop)

    kept = laptop.record()

    assert lease(laptop.db.conn, AT + 90 * DAY).ended
    assert laptop.one("SELECT waiting FROM own WHERE name = ?", kept.item) == 1
