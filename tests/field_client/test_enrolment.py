"""Bringing a laptop in: its own key first, and an answer that may be lost."""

import stat

import pytest

from field_client.enrolment import enrol, own_key
from field_client.status import status
from field_client.store import get_meta
from sync.enrolment import BadCode, EnrolmentCode
from sync.errors import BadReply, Refused, Unreachable
from tests.field_client.conftest import AT


def enrols(laptop, secret=None, **options):
    code = EnrolmentCode(secret or laptop.line.code, "https://10.0.0.5:8178", "ab" * 32).text()
    return enrol(laptop.db, laptop.settings.key, code, at=AT, line=laptop.line, **options)


def test_a_laptop_gets_its_name_its_area_and_its_credential(blank):
    done = enrols(blank, name="Máy đội 1")

    now = status(blank.db)
    assert (now.device, now.area, now.name) == (done.device, "new:15664", "Máy đội 1")
    assert now.address == "https://10.0.0.5:8178"
    assert get_meta(blank.db.conn, "fingerprint") == "ab" * 32
    assert get_meta(blank.db.conn, "credential")


def test_an_answer_lost_on_the_way_costs_nothing(blank):
    blank.line.loses_answers = True
    with pytest.raises(Unreachable):
        enrols(blank)
    assert not status(blank.db).enrolled
    blank.line.loses_answers = False

    assert enrols(blank) == enrols(blank)
    assert len(blank.line.enrolled) == 1


def test_the_key_is_made_once_and_nobody_else_can_read_it(blank):
    path = blank.settings.key

    first, second = own_key(blank.db, path), own_key(blank.db, path)

    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_half_written_when_the_power_went_is_made_anew(blank):
    blank.settings.key.with_suffix(".tmp").write_bytes(b"-----BEGIN")

    assert own_key(blank.db, blank.settings.key)


def test_enrolling_again_with_the_same_device_goes_on_counting(blank):
    enrols(blank)
    blank.record()
    run = get_meta(blank.db.conn, "run")

    enrols(blank)
    blank.record()

    assert get_meta(blank.db.conn, "run") == run
    assert blank.all("SELECT device_seq FROM own ORDER BY local") == [1, 2]


def test_another_device_is_another_run(blank):
    enrols(blank)
    run = get_meta(blank.db.conn, "run")
    blank.line.code = "mã mới"

    enrols(blank)

    assert get_meta(blank.db.conn, "run") != run


@pytest.mark.parametrize("text", ["", "D178-", "xin chào", "D178-AAAA", "E178-WyJhIl0"])
def test_a_text_that_is_no_code_says_what_to_do(blank, text):
    with pytest.raises(BadCode, match="chép lại đủ mã"):
        enrol(blank.db, blank.settings.key, text, at=AT, line=blank.line)


def test_a_code_that_the_server_refuses_changes_nothing(blank):
    with pytest.raises(Refused, match="xin mã mới"):
        enrols(blank, secret="mã cũ")

    assert not status(blank.db).enrolled


def test_an_answer_that_is_none_changes_nothing(blank):
    blank.line.enrol = lambda *args: {"device": "x"}

    with pytest.raises(BadReply):
        enrols(blank)

    assert not status(blank.db).enrolled


def test_the_address_in_the_code_can_be_overridden(blank):
    enrols(blank, server="https://10.0.0.9:8178")

    assert status(blank.db).address == "https://10.0.0.9:8178"
