"""A store from before is encrypted when it is opened; killed between any two steps, it goes on and lacks nothing."""

import multiprocessing
import os
import shutil
import signal
from sqlite3.dump import _iterdump

import pytest

from field_client import attachments, drafts
from field_client.enrolment import own_key
from field_client.store import DatabaseError, connect, files_key
from field_client.taking import Given
from field_client.vault import box, keys, older, opening
from schemas.attachments import Role
from tests.field_client.conftest import AT
from tests.pictures import jpeg

PASSPHRASE = "bốn từ dễ nhớ"
LEFT = {"device.key", "files", "sync.lock", "vault.json", "vault.lock", "field.db", "field.db-wal", "field.db-shm"}


@pytest.fixture
def before(laptop, tmp_path):
    """A plain folder as a program before wrote it: records, a draft, two photos, and all of it in its log still."""
    visit = laptop.record().id
    drafts.start(laptop.db, laptop.place, at=AT)
    for n in range(2):
        (tmp_path / "ảnh.jpg").write_bytes(jpeg(n))
        attachments.attach(laptop.db, visit, tmp_path / "ảnh.jpg", Given(Role.PHOTO), at=AT)
    laptop.settings.vault.unlink(missing_ok=True)
    copy = tmp_path / "cũ"
    shutil.copytree(laptop.settings.data, copy)
    assert opening.state(laptop.settings) is opening.State.OLDER
    return type(laptop.settings)(copy)


def all_of(settings, key=b""):
    """Return everything that the folder holds, opened."""
    db = connect(settings.database, key)
    told = sorted(line for line in _iterdump(db.conn) if "files_key" not in line)
    files = {path.name: box.read(path, files_key(db.conn)) for path in settings.files.iterdir()}
    pem = own_key(db, settings.key).private_bytes_raw()
    db.close()
    return told, files, pem


def nothing_plain(settings):
    """Check that no byte of what was kept can be read."""
    for path in settings.data.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert not any(word in raw for word in (b"SQLite format", b"Karaoke", b"PRIVATE KEY", b"JFIF")), path


def test_an_older_store_is_encrypted_when_it_is_opened_and_lacks_nothing(before):
    was = all_of(before)

    key = opening.unlock(before, PASSPHRASE)

    assert opening.state(before) is opening.State.CLOSED
    assert all_of(before, key) == was
    nothing_plain(before)
    with pytest.raises(DatabaseError):
        connect(before.database)
    with pytest.raises(keys.WrongPassphrase):
        opening.unlock(before, "mật khẩu khác")
    assert opening.unlock(before, PASSPHRASE) == key


def run_and_die(settings, steps):
    """In a process of its own: wrap the key, make *steps* steps, and be killed."""
    key = keys.make(settings.vault, PASSPHRASE) if not settings.vault.exists() else opening.keys.read(
        settings.vault).open(PASSPHRASE)  # fmt: skip
    made = older.steps(settings, key)
    for _ in range(steps):
        if next(made, None) is None:
            os._exit(3)  # it was done before
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_between_any_two_steps_it_goes_on_and_loses_nothing(before, tmp_path):
    was = all_of(before)
    children = multiprocessing.get_context("fork")
    for count in range(30):
        settings = type(before)(tmp_path / f"lần {count}")
        shutil.copytree(before.data, settings.data)
        child = children.Process(target=run_and_die, args=(settings, count))
        child.start()
        child.join()

        key = opening.unlock(settings, PASSPHRASE)

        assert all_of(settings, key) == was
        nothing_plain(settings)
        assert {path.name for path in settings.data.iterdir()} <= LEFT
        if child.exitcode == 3:
            assert count > 7, "hardly anything was cut"
            return
    raise AssertionError("it never went through")


def test_killed_again_and_again_it_comes_to_an_end(before):
    was = all_of(before)
    children = multiprocessing.get_context("fork")
    for count in (2, 1, 3, 4, 5, 1, 1):
        child = children.Process(target=run_and_die, args=(before, count))
        child.start()
        child.join()

    assert all_of(before, opening.unlock(before, PASSPHRASE)) == was


def test_while_another_program_has_it_open_nothing_is_changed(before):
    other = connect(before.database)
    other.conn.execute("BEGIN IMMEDIATE")

    with pytest.raises(older.Busy):
        opening.unlock(before, PASSPHRASE)

    assert older.is_plain(before.database)
    other.close()
    assert opening.unlock(before, PASSPHRASE)


def test_a_passphrase_that_is_too_short_changes_nothing(before):
    with pytest.raises(keys.WeakPassphrase, match="ít nhất 10 ký tự"):
        opening.unlock(before, "123456789")

    assert opening.state(before) is opening.State.OLDER


def test_a_store_stays_plain_when_somebody_said_so(before):
    opening.open_plain(before)

    assert opening.state(before) is opening.State.PLAIN
    assert all_of(before)
    key = opening.unlock(before, PASSPHRASE)  # until a passphrase is chosen
    assert all_of(before, key)
    with pytest.raises(opening.NoPassphrase):
        opening.open_plain(before)
