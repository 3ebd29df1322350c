"""A laptop whose clock says anything: the best time known, and when the day of a visit is asked for again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from field_client import clock, dates, drafts, records
from field_client.store import put_meta, writing
from field_client.syncing import sync_now
from schemas.ids import new_id
from tests.field_client.conftest import AT

DAY, YEAR = timedelta(days=1), timedelta(days=365.25)
IN_2010, IN_2062 = datetime(2010, 1, 1, tzinfo=UTC), datetime(2062, 5, 5, tzinfo=UTC)


def hears(laptop, machine, server=AT):
    """Sync while the machine says *machine* and the server *server*."""
    laptop.line.server_time = server.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not sync_now(laptop.db, line=laptop.line, now=lambda: machine).trouble


@pytest.mark.parametrize("machine", [AT, IN_2010, IN_2062, AT - DAY, AT + 3 * DAY])
def test_after_a_contact_the_time_goes_on_from_what_the_server_said(laptop, machine):
    hears(laptop, machine)

    assert clock.best(laptop.db.conn, machine + 10 * DAY) == AT + 10 * DAY
    assert clock.read(laptop.db.conn, machine).off_s == (machine - AT).total_seconds()


@pytest.mark.parametrize("machine", [IN_2010, IN_2062])
def test_a_clock_that_was_put_right_since_is_taken_as_it_stands(laptop, machine):
    hears(laptop, machine)

    assert clock.best(laptop.db.conn, AT + 4 * DAY) == AT + 4 * DAY
    assert clock.read(laptop.db.conn, AT + 4 * DAY).off_s == 0


@pytest.mark.parametrize("machine", [IN_2010, datetime(1970, 1, 1, tzinfo=UTC), AT - 2 * DAY])
def test_a_clock_that_fell_back_since_is_never_earlier_than_the_server(laptop, machine):
    hears(laptop, AT)

    reading = clock.read(laptop.db.conn, machine)

    assert (reading.best, reading.doubtful, reading.lost) == (AT, True, False)


@pytest.mark.parametrize("machine", [IN_2062, datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_clock_that_leapt_ahead_says_nothing(laptop, machine):
    hears(laptop, AT)

    reading = clock.read(laptop.db.conn, machine)

    assert (reading.best, reading.doubtful, reading.lost) == (AT, True, True)


@pytest.mark.parametrize("away", [30 * DAY, YEAR, 2 * YEAR])
def test_a_laptop_that_was_long_away_is_believed(laptop, away):
    hears(laptop, AT)

    reading = clock.read(laptop.db.conn, AT + away)

    assert (reading.best, reading.doubtful) == (AT + away, False)


def test_before_the_first_contact_there_is_nothing_better_than_the_clock(blank):
    assert clock.read(blank.db.conn, IN_2010) == clock.Reading(IN_2010, IN_2010)


def test_what_the_server_says_now_is_right_also_where_it_once_said_more(laptop):
    hears(laptop, AT, IN_2062)

    hears(laptop, AT, AT)

    assert clock.best(laptop.db.conn, AT + DAY) == AT + DAY


def test_a_clock_can_be_put_off_to_try_it_out(monkeypatch):
    monkeypatch.setenv("DOI178_SHIFT_CLOCK", str(-16 * 31_557_600))

    assert abs((datetime.now(UTC) - clock.now()) / YEAR - 16) < 0.01


@pytest.mark.parametrize("machine", [IN_2010, IN_2062])
def test_a_draft_begins_with_the_best_day_known(laptop, machine):
    hears(laptop, machine)

    draft = drafts.start(laptop.db, laptop.place, at=machine + 3 * DAY)

    assert drafts.load(laptop.db, draft).date == "2026-11-23"


@pytest.mark.parametrize("machine", [IN_2010, IN_2062, AT - 2 * DAY, AT + 2 * DAY])
def test_a_visit_begun_while_the_clock_is_off_by_more_than_a_day_is_asked_for_its_day(laptop, machine):
    hears(laptop, machine)

    draft = drafts.start(laptop.db, laptop.place, at=machine)

    assert "xác nhận ngày" in dates.doubt(laptop.db.conn, draft, machine)


@pytest.mark.parametrize("off", [timedelta(0), timedelta(hours=23), timedelta(hours=-23)])
def test_a_clock_that_is_off_by_less_asks_nothing(laptop, off):
    hears(laptop, AT + off)

    draft = drafts.start(laptop.db, laptop.place, at=AT + off)

    assert dates.doubt(laptop.db.conn, draft, AT + off) == ""


def test_the_day_is_asked_for_also_when_the_clock_was_put_right_before_the_end(laptop):
    hears(laptop, AT)
    draft = drafts.start(laptop.db, laptop.place, at=IN_2010)

    hears(laptop, AT + DAY, AT + DAY)

    assert "không đúng trong lúc ghi" in dates.doubt(laptop.db.conn, draft, AT + DAY)


def test_a_clock_moved_back_between_two_savings_is_noticed(laptop):
    hears(laptop, AT)
    draft = drafts.start(laptop.db, laptop.place, at=AT + 30 * DAY)

    drafts.save(laptop.db, draft, {"remark": "x"}, at=AT + 10 * DAY)

    assert dates.doubt(laptop.db.conn, draft, AT + 10 * DAY)


def test_a_draft_of_weeks_on_a_right_clock_asks_nothing(laptop):
    hears(laptop, AT)
    draft = drafts.start(laptop.db, laptop.place, at=AT)

    drafts.save(laptop.db, draft, {"remark": "x"}, at=AT + 20 * DAY)

    assert dates.doubt(laptop.db.conn, draft, AT + 21 * DAY) == ""


def test_a_correction_keeps_the_day_that_was_confirmed(laptop):
    kept = laptop.record()

    drafts.start_correction(laptop.db, kept.id, at=IN_2010)

    assert dates.doubt(laptop.db.conn, kept.id, IN_2010) == ""


@pytest.mark.parametrize("machine", [IN_2010, IN_2062])
def test_the_true_day_can_be_recorded_while_nobody_knows_it(laptop, machine):
    """Three weeks after the last contact the battery went: today is later than anything that is known."""
    hears(laptop, AT)

    kept = records.record(laptop.db, new_id(), laptop.body(date="2026-12-11"), at=machine)

    assert laptop.one("SELECT count(*) FROM own WHERE id = ?", kept.id) == 1


def test_a_day_that_cannot_be_is_refused_on_any_clock(laptop):
    hears(laptop, AT)

    for machine in (AT, IN_2010):
        with pytest.raises(records.NotValid, match="ở sau hôm nay"):
            records.record(laptop.db, new_id(), laptop.body(date="2062-05-05"), at=machine)


def test_what_is_asked_is_said_together_with_what_else_is_wrong(laptop):
    draft = drafts.start(laptop.db, laptop.place, at=AT)

    with pytest.raises(records.NotValid) as wrong:
        drafts.finalise(laptop.db, draft, at=AT, asked={"date": "Xác nhận ngày."})

    assert {"date", "outcome"} < set(wrong.value.problems)
    assert drafts.load(laptop.db, draft)


def test_a_draft_of_2062_does_not_make_the_figures_look_complete(laptop):
    """Its typed date is years ahead of the day on which it was made; the office must not count up to today."""
    hears(laptop, AT)
    draft = drafts.start(laptop.db, laptop.place, at=IN_2062)
    drafts.save(laptop.db, draft, {"date": "2062-05-05"}, at=IN_2062)

    hears(laptop, AT + 20 * DAY, AT + 20 * DAY)

    assert laptop.line.reports[-1].earliest == "2026-11-20"


def test_the_report_names_the_run_and_what_the_laptop_reads(laptop):
    hears(laptop, AT)

    said = laptop.line.reports[-1]

    assert said.run == laptop.one("SELECT value FROM meta WHERE key = 'run'")
    assert said.schema >= 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-16 * 31_557_600, "chậm 16 năm"), (36 * 31_557_600, "nhanh 36 năm"), (600, "nhanh 10 phút")],
)
def test_the_clock_is_said_in_words(seconds, words):
    assert words in dates.clock_words(seconds)


def test_the_last_day_that_can_be_on_a_right_clock_is_tomorrow(laptop):
    hears(laptop, AT)

    assert dates.last_possible(laptop.db.conn, AT) == date(2026, 11, 21)


def test_an_offset_that_no_calendar_holds_is_passed_over(laptop):
    with writing(laptop.db) as conn:
        put_meta(conn, "clock_offset_s", 10**12)

    assert clock.best(laptop.db.conn, AT) == AT


def test_a_slow_line_is_not_the_clock_s_fault(laptop):
    moments = [AT - timedelta(minutes=20), *[AT + timedelta(minutes=20)] * 9]

    sync_now(laptop.db, line=laptop.line, now=lambda: moments.pop(0))

    assert clock.read(laptop.db.conn, AT).off_s == 0
