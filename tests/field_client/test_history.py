"""The history of syncs: kept for more than a year by the server's clock, whatever this machine's clock says."""

from datetime import timedelta

import pytest

from field_client import history
from field_client.history import Way
from field_client.outcome import Outcome
from field_client.store import put_meta, writing
from schemas.fields import instant_text
from tests.field_client.conftest import AT


@pytest.fixture
def note(laptop):
    """Return a function that adds a row; *heard* is what the server's clock said last."""

    def add(at, heard=None, **outcome):
        with writing(laptop.db) as conn:
            put_meta(conn, "server_time", instant_text(heard or at))
            history.note(conn, Outcome(**outcome), Way.BOTH, at, at)

    with writing(laptop.db) as conn:
        conn.execute("DELETE FROM syncs")
    return add


def test_a_year_of_syncs_is_kept_and_what_is_older_goes(laptop, note):
    for days in (500, 401, 399, 366, 0):
        note(AT - timedelta(days=days), sent=days)

    assert [one.sent for one in history.latest(laptop.db.conn)] == [0, 366, 399]
    assert history.count(laptop.db.conn) == 3


@pytest.mark.parametrize("year", [2010, 2062])
def test_a_clock_that_is_wrong_drops_nothing(laptop, note, year):
    note(AT, sent=1)
    note(AT.replace(year=year), heard=AT, sent=2)
    note(AT, sent=3)

    assert [one.sent for one in history.latest(laptop.db.conn)] == [3, 2, 1]


def test_a_row_says_how_long_it_took_and_what_of_files(laptop):
    with writing(laptop.db) as conn:
        history.note(conn, Outcome(files_sent=2, files_waiting=1, bytes_up=9), Way.SEND, AT, AT + timedelta(seconds=75))

    one = next(history.latest(laptop.db.conn))
    assert (one.seconds, one.files, one.files_waiting, one.bytes_up, one.way) == (75, 2, 1, 9, "send")


def test_more_than_a_year_is_asked_for():
    assert history.keep_days() >= 366
