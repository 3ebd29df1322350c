"""The server in one file: of one moment, read back, whole or not there at all."""

import json
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from server.recovery import nightly
from server.recovery.backup import backup, is_on_another_disk, is_safe
from server.settings import NightlyBackup
from server.store import connect, get_meta
from sync.sealed import NotSealed, check, unpack
from tests.conftest import AT
from tests.server.recovery.conftest import PASSPHRASE, command, names, starts


def test_it_holds_the_database_the_keys_and_the_attachments(central, usb, saved, tmp_path):
    central.settings.files.mkdir()
    (central.settings.files / "ab").mkdir()
    (central.settings.files / "ab" / "abcd").write_bytes(b"photo")
    (central.settings.files / "ab" / "half.part").write_bytes(b"ph")

    made = saved()

    about = unpack(made.path, PASSPHRASE, tmp_path / "out")
    assert (about["seq"], about["lineage"]) == (made.seq, get_meta(central.db.conn, "lineage"))
    assert (tmp_path / "out" / "files" / "ab" / "abcd").read_bytes() == b"photo"
    assert not (tmp_path / "out" / "files" / "ab" / "half.part").exists()
    for key in ("sign.pem", "tls.pem", "tls.crt", "secret"):
        assert (tmp_path / "out" / "keys" / key).read_bytes() == (central.settings.keys / key).read_bytes()
    with closing(sqlite3.connect(tmp_path / "out" / "doi178.db")) as copy:
        assert copy.execute("SELECT max(seq) FROM arrivals").fetchone()[0] == made.seq
    assert "backup.tmp" not in names(central.settings.data)


def test_laptops_go_on_sending_meanwhile_and_it_is_of_one_moment(central, usb, tmp_path):
    laptop, place = central.laptop(), central.place()
    stop = threading.Event()
    slowest = 0.0

    def sends():
        nonlocal slowest
        while not stop.is_set():
            began = time.monotonic()
            laptop.sends(laptop.visit(place))
            slowest = max(slowest, time.monotonic() - began)

    thread = threading.Thread(target=sends)
    thread.start()
    other = connect(central.settings.database)
    try:
        made = [backup(other, central.settings, usb / f"{n}.backup", PASSPHRASE, AT) for n in range(3)]
    finally:
        stop.set()
        thread.join()
        other.close()

    assert made[0].seq < made[2].seq <= central.one("SELECT max(seq) FROM arrivals")
    for n, one in enumerate(made):
        unpack(one.path, PASSPHRASE, tmp_path / f"out-{n}")
        with closing(sqlite3.connect(tmp_path / f"out-{n}" / "doi178.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT max(seq) FROM arrivals").fetchone()[0] == one.seq
            assert copy.execute("SELECT count(*) FROM items").fetchone() == copy.execute(
                "SELECT count(*) FROM arrivals WHERE first = 1").fetchone()  # fmt: skip


def test_only_what_lies_on_another_disk_is_safe(central, saved):
    made = saved()

    assert not is_on_another_disk(central.settings, made.path)
    assert get_meta(central.db.conn, "safe_to") == ""

    is_safe(central.db, made)
    central.place()
    assert get_meta(central.db.conn, "safe_to") == str(made.seq)

    is_safe(central.db, saved("b.backup"))
    is_safe(central.db, made)  # an older one does not move it back
    assert int(get_meta(central.db.conn, "safe_to")) == made.seq + 1


def test_a_backup_of_another_history_makes_nothing_safe(central, saved):
    made = saved()
    central.db.conn.execute("UPDATE meta SET value = 'another' WHERE key = 'lineage'")

    is_safe(central.db, made)

    assert get_meta(central.db.conn, "safe_to") == ""


def test_the_command_says_what_it_made_and_that_it_is_not_safe_yet(central, usb):
    told = json.loads(command("backup", str(usb / "a.backup"), "--data", str(central.settings.data), "--json"))
    safe = json.loads(command("backup", str(usb / "b.backup"), "--data", str(central.settings.data), "--json",
                              "--another-disk"))  # fmt: skip

    assert (told["seq"], told["another_disk"], safe["another_disk"]) == (central.one("SELECT max(seq) FROM arrivals"),
                                                                         False, True)  # fmt: skip
    assert get_meta(central.db.conn, "safe_to") == str(safe["seq"])
    said = command("backup", str(usb / "a.backup"), "--data", str(central.settings.data), fails=True)
    assert "không ghi đè" in said


def test_a_full_disk_leaves_no_half_file(central, usb):
    said = command("backup", str(usb / "a.backup"), "--data", str(central.settings.data), limit=2_000_000, fails=True)

    assert said.startswith("Error: ")
    assert names(usb) == []
    assert "backup.tmp" not in names(central.settings.data)
    command("backup", str(usb / "a.backup"), "--data", str(central.settings.data))


@pytest.mark.parametrize("after", [0.7, 1.0, 1.4])
def test_a_backup_that_is_killed_is_no_backup_and_the_next_one_is_made(central, usb, after):
    running = starts("backup", str(usb / "a.backup"), "--data", str(central.settings.data))
    time.sleep(after)
    running.kill()
    running.wait()

    if (usb / "a.backup").exists():  # it was done before
        check(usb / "a.backup", PASSPHRASE)
        return
    command("backup", str(usb / "a.backup"), "--data", str(central.settings.data))
    check(usb / "a.backup", PASSPHRASE)
    assert "a.backup.part" not in names(usb)
    assert "backup.tmp" not in names(central.settings.data)


def test_without_a_passphrase_it_says_how_to_give_one(central, usb, monkeypatch):
    monkeypatch.setattr("tests.server.recovery.conftest.PASSPHRASE", "")

    said = command("backup", str(usb / "a.backup"), "--data", str(central.settings.data), fails=True)

    assert "--passphrase-file" in said


@pytest.fixture
def asked(usb, tmp_path):
    (tmp_path / "mat-khau").write_text(f"{PASSPHRASE}\n")
    return NightlyBackup(usb, tmp_path / "mat-khau", keep=2)


def test_every_night_a_backup_is_made_and_the_last_ones_are_kept(central, usb, asked):
    for day in ("0102", "0103", "0104"):
        (usb / f"doi178-2026{day}-0130.backup").write_text("cũ")
    (usb / "of-somebody-else.backup").write_text("khác")

    nightly.backup_tonight(central.settings, asked)

    kept = names(usb)
    assert len(kept) == 3
    assert kept[0] == "doi178-20260104-0130.backup"
    assert kept[2] == "of-somebody-else.backup"
    assert check(usb / kept[1], PASSPHRASE)["seq"] == json.loads(get_meta(central.db.conn, "last_backup"))["seq"]


def test_a_night_without_a_backup_is_told_and_lets_go_of_nothing(central, usb, asked):
    (usb / "doi178-20260102-0130.backup").write_text("cũ")
    asked.passphrase_file.write_text("")

    nightly.backup_tonight(central.settings, asked)

    assert "trống" in json.loads(get_meta(central.db.conn, "last_backup"))["trouble"]
    assert names(usb) == ["doi178-20260102-0130.backup"]


def test_a_disk_that_is_not_there_is_told(central, asked):
    nightly.backup_tonight(central.settings, NightlyBackup(asked.folder / "gone", asked.passphrase_file))

    assert "gone" in json.loads(get_meta(central.db.conn, "last_backup"))["trouble"]


def test_the_nightly_backup_is_asked_for_whole_or_not_at_all(usb):
    assert NightlyBackup.from_environ({}) is None
    both = {"DOI178_BACKUP_DIR": str(usb), "DOI178_BACKUP_PASSPHRASE_FILE": "mat-khau"}
    assert NightlyBackup.from_environ(both).keep == 14
    for wrong in ({"DOI178_BACKUP_DIR": str(usb)}, {**both, "DOI178_BACKUP_KEEP": "0"}):
        with pytest.raises(SystemExit):
            NightlyBackup.from_environ(wrong)


def test_where_there_is_no_folder_nothing_is_made(central, usb):
    with pytest.raises(NotSealed, match="cắm ổ đĩa"):
        backup(central.db, central.settings, usb / "nowhere" / "a.backup", PASSPHRASE, AT)
