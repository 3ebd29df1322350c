"""The office's recovery key on a laptop: learned at enrolment, wrapped for at once, and of use by command too."""

import pytest
from click.testing import CliRunner

from field_client.cli.main import commands
from field_client.enrolment import enrol
from field_client.recovery import backup_by_key
from field_client.settings import Settings
from field_client.store import connect, get_meta
from field_client.vault import keys, office, opening
from sync.enrolment import EnrolmentCode
from sync.recovery_key import answer, make
from tests.closed import PASSPHRASE, close, key_of, opened
from tests.field_client.conftest import AT

NEW = "năm từ khác hẳn mới"


@pytest.fixture
def closes():
    return close


@pytest.fixture
def made():
    return make()


@pytest.fixture
def told(blank, made):
    """An encrypted laptop that was enrolled at an office with a recovery key."""
    answers = blank.line.enrol

    def with_key(*arguments):
        return {**answers(*arguments), "recovery_key": made.public}

    blank.line.enrol = with_key
    code = EnrolmentCode(blank.line.code, "http://127.0.0.1:1", "")
    enrol(blank.db, blank.settings.key, code.text(), at=AT, name="Máy thử", line=blank.line)
    office.wrap(blank.settings, blank.db.conn, key_of(blank.settings))
    return blank


def call(settings, *arguments, text="", fails=False):
    done = CliRunner().invoke(commands, [*arguments, "--data", str(settings.data)], input=text)
    assert bool(done.exit_code) is fails, done.output
    return done


def test_the_data_key_is_wrapped_for_it_once(told):
    asked = office.request(told.settings)

    office.wrap(told.settings, told.db.conn, key_of(told.settings))

    assert office.request(told.settings) == asked


def test_a_new_key_of_the_office_takes_the_place_of_the_old_one(told):
    asked, other = office.request(told.settings), make()
    office.learn(told.db.conn, other.public)

    office.wrap(told.settings, told.db.conn, key_of(told.settings))

    assert office.request(told.settings) != asked
    key = office.open_by(told.settings, answer(office.request(told.settings), *other.halves), NEW)
    assert key == keys.read(told.settings.vault).open(NEW)


def test_the_passphrase_is_set_anew_by_command(told, made):
    told_answer = answer(office.request(told.settings), *made.halves)

    done = call(told.settings, "passphrase", "--recovery", text=f"{told_answer}\n{NEW}\n")

    assert "Mã yêu cầu" in done.stderr
    assert keys.read(told.settings.vault).open(NEW)
    with pytest.raises(keys.WrongPassphrase):
        keys.read(told.settings.vault).open(PASSPHRASE)


def test_a_laptop_comes_back_from_a_backup_by_the_answer(told, made, tmp_path):
    key = key_of(told.settings)
    backup_by_key(told.db, told.settings, tmp_path / "máy.backup", key, AT)
    told_answer = answer(office.request(told.settings), *made.halves)

    folder = Settings(tmp_path / "mới")
    call(folder, "restore", str(tmp_path / "máy.backup"), "--recovery", text=f"{told_answer}\n")

    db = connect(folder.database, key)
    assert get_meta(db.conn, "device") == get_meta(told.db.conn, "device")
    db.close()


def test_a_laptop_without_a_key_of_the_office_says_so(blank):
    done = call(blank.settings, "passphrase", "--recovery", fails=True)

    assert "chưa có khóa dự phòng" in done.stderr


def test_the_passphrase_is_changed_by_command_and_data_are_encrypted_by_it(tmp_path, blank, monkeypatch):
    monkeypatch.setenv("DOI178_PASSPHRASE", PASSPHRASE)
    call(blank.settings, "passphrase", text=f"{NEW}\n")
    assert keys.read(blank.settings.vault).open(NEW)

    plain = Settings(tmp_path / "plain")
    opening.open_plain(plain)
    call(plain, "passphrase")

    assert opening.state(plain) is opening.State.CLOSED
    assert opened(plain.data)


def test_a_command_that_gets_no_passphrase_says_what_to_do(blank, monkeypatch):
    monkeypatch.delenv("DOI178_PASSPHRASE", raising=False)

    said = call(blank.settings, "status", fails=True).stderr

    assert "DOI178_PASSPHRASE" in said
    assert len(said.strip().splitlines()) == 1


def test_a_new_laptop_by_command_is_plain_only_when_that_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("DOI178_PASSPHRASE", raising=False)
    settings = Settings(tmp_path / "mới")

    call(settings, "status", fails=True)
    assert not settings.database.exists()
    monkeypatch.setenv("DOI178_PLAIN_STORE", "1")
    call(settings, "status")

    assert opening.state(settings) is opening.State.PLAIN
