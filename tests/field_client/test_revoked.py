"""Locked by the office: by the server's signed word only; what was made stays, sending works, a fresh code unlocks."""

import pytest

from field_client.enrolment import enrol
from field_client.lease import hidden
from field_client.status import status
from field_client.syncing import Trouble, sync_now
from sync.enrolment import EnrolmentCode
from sync.revocation import Revocation
from tests.field_client.conftest import AT
from tests.field_client.fake_line import FakeLine


def device(laptop):
    return laptop.one("SELECT value FROM meta WHERE key = 'device'")


def test_a_signed_word_locks_and_histories_are_hidden(laptop):
    laptop.line.locks(device(laptop))

    outcome = laptop.sync()

    assert outcome.trouble is Trouble.LOCKED
    assert status(laptop.db).locked_on == "2026-11-20"
    assert "Văn phòng đã khóa máy này" in hidden(laptop.db.conn, AT)


def test_what_is_recorded_afterwards_is_kept_and_sent(laptop):
    laptop.line.locks(device(laptop))
    laptop.sync()
    laptop.record()

    outcome = laptop.sync()

    assert (outcome.trouble, outcome.sent, outcome.waiting) == (Trouble.LOCKED, 1, 0)


@pytest.mark.parametrize("whose", ["nobody", "another server", "another laptop"])
def test_a_word_that_the_server_did_not_sign_for_this_laptop_locks_nothing(laptop, whose):
    said = {
        "nobody": {"device": device(laptop), "revoked_on": "2026-11-20", "lineage": "L", "signature": ""},
        "another server": Revocation(device(laptop), "2026-11-20", "L").signed(FakeLine().key),
        "another laptop": Revocation("ai đó", "2026-11-20", "L").signed(laptop.line.key),
    }
    laptop.line.statement = said[whose]

    outcome = laptop.sync()

    assert outcome.trouble is Trouble.REFUSED
    assert "máy không bị khóa" in outcome.words
    assert (status(laptop.db).locked_on, hidden(laptop.db.conn, AT)) == ("", "")


def test_a_fresh_code_unlocks_and_everything_goes_on(laptop):
    laptop.line.locks(device(laptop))
    laptop.record()
    laptop.sync()
    laptop.line.statement = None
    code = EnrolmentCode(laptop.line.code, "http://127.0.0.1:1", "").text()

    enrol(laptop.db, laptop.settings.key, code, at=AT, line=laptop.line)
    outcome = laptop.sync()

    assert (outcome.trouble, status(laptop.db).locked_on, hidden(laptop.db.conn, AT)) == (Trouble.NONE, "", "")


def test_a_laptop_locked_at_the_real_office_and_let_in_again(blank, served):
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT)
    sync_now(blank.db)
    served.central.edit("device", device(blank), {"revoked_on": "2026-11-20", "revoked_reason": "Mất"})

    locked = sync_now(blank.db)
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT)
    again = sync_now(blank.db)

    assert (locked.trouble, again.trouble) == (Trouble.LOCKED, Trouble.NONE)
    assert status(blank.db).locked_on == ""


def test_enrolment_tells_what_the_server_s_clock_says(blank, served):
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT.replace(year=2010))

    known = status(blank.db)

    assert known.clock_offset_s < -15 * 31_557_600
    assert known.server_time == known.last_contact > "2024"


def test_a_key_that_the_line_followed_is_kept_and_told_once(laptop):
    laptop.line.fingerprint = "ab" * 32

    first, second = laptop.sync(), laptop.sync()

    assert "đã đổi khóa" in first.notice
    assert second.notice == ""
    assert laptop.one("SELECT value FROM meta WHERE key = 'fingerprint'") == "ab" * 32


def test_an_item_that_the_server_falls_over_does_not_keep_a_laptop_unlocked(laptop):
    laptop.record()
    laptop.line.falls_over_more_than = 0
    laptop.line.locks(device(laptop))

    laptop.sync()

    assert status(laptop.db).locked_on == "2026-11-20"
