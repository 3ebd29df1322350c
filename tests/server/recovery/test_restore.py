"""A server back on a bare PC: checked, under a new history, with every lock and erasure still in force."""

import json
import os
import shutil
import time

import pytest

from schemas.items import read
from server import journal
from server.arrivals.ingest import receipt_of
from server.arrivals.verify import verify
from server.changes.desk import Desk
from server.changes.erasing import erase
from server.clock import local_day
from server.keys import read_keys
from server.office import make
from server.recovery.again import erase_again
from server.settings import Settings
from server.store import connect, get_meta
from sync.locks import alone
from sync.room import NotInPlace
from sync.sealed import NotSealed, write
from tests.conftest import AT, Central
from tests.server.recovery.conftest import PASSPHRASE, command, names, starts


@pytest.fixture
def sent(central):
    """A laptop with one visit that the server has."""
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)
    laptop.sends(visit)
    central.visit, central.laptop_, central.place_ = read(visit).name, laptop, place
    central.visit_line = visit
    return central


def at(folder):
    """Return the server in *folder*."""
    settings = Settings(folder)
    return Central(settings, connect(settings.database), read_keys(settings.keys))


def test_it_comes_back_with_its_keys_and_its_receipts_under_a_new_history(sent, saved, brought_back, tmp_path):
    made = saved()
    told = brought_back()
    back = at(tmp_path / "bare")

    assert back.keys.public == sent.keys.public
    assert back.keys.derive("device", "x") == sent.keys.derive("device", "x")
    assert receipt_of(back.db.conn, sent.visit) == receipt_of(sent.db.conn, sent.visit)
    assert told.former == made.lineage != told.lineage == get_meta(back.db.conn, "lineage")
    assert get_meta(back.db.conn, "safe_to") == str(made.seq)
    assert back.db.conn.execute("SELECT lineage, last_seq FROM lineages").fetchall() == [(made.lineage, made.seq)]
    assert verify(back.db).problems == ()


def test_the_office_takes_a_new_run_so_that_its_numbers_do_not_collide(sent, saved, brought_back, tmp_path):
    saved()
    brought_back()
    back = at(tmp_path / "bare")
    sent.edit("establishment", sent.place_, {"phone": "1"})
    back.edit("establishment", sent.place_, {"phone": "2"})

    run = "SELECT value FROM meta WHERE key = 'office_run'"
    assert back.one(run) != sent.one(run)
    assert back.one("SELECT items FROM runs WHERE run = ?", back.one(run)) == 1
    assert verify(back.db).problems == ()


def test_a_folder_that_holds_something_is_left_alone_or_moved_aside(sent, saved, brought_back, tmp_path):
    saved()
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "of mine").write_text("x")

    with pytest.raises(NotInPlace, match="không trống"):
        brought_back()
    assert names(tmp_path / "bare") == ["of mine"]

    told = brought_back(aside=tmp_path / "before")
    assert told.aside == tmp_path / "before"
    assert names(tmp_path / "before") == ["of mine", "run.lock"]
    assert "doi178.db" in names(tmp_path / "bare")
    assert "bare.restoring" not in names(tmp_path)


def test_it_refuses_while_somebody_works_on_the_folder(sent, saved, brought_back, tmp_path):
    saved()
    with alone(sent.settings.run_lock), pytest.raises(NotInPlace, match="đang chạy"):
        brought_back(into=sent.settings.data.name, aside=tmp_path / "before")

    assert receipt_of(sent.db.conn, sent.visit) is not None
    assert "before" not in names(tmp_path)


@pytest.mark.parametrize("spoil", ["cut", "changed", "foreign", "passphrase"])
def test_what_cannot_be_trusted_is_not_put_in_place(sent, saved, usb, tmp_path, spoil, monkeypatch):
    saved()
    file = usb / "a.backup"
    if spoil == "cut":
        os.truncate(file, file.stat().st_size - 100)
    elif spoil == "changed":
        body = bytearray(file.read_bytes())
        body[len(body) // 2] ^= 1
        file.write_bytes(body)
    elif spoil == "foreign":
        file.write_bytes(b"something else")
    else:
        monkeypatch.setattr("tests.server.recovery.conftest.PASSPHRASE", "một mật khẩu khác")

    said = command("restore", str(file), "--data", str(tmp_path / "bare"), fails=True)

    assert ("Mật khẩu" in said) == (spoil == "passphrase")
    assert {"bare", "bare.restoring"}.isdisjoint(names(tmp_path))


def test_a_laptops_backup_is_not_a_servers(usb, brought_back, central):
    write(usb / "a.backup", PASSPHRASE, [("field.db", central.settings.database)], {"what": "doi178-field"})

    with pytest.raises(NotSealed, match="không phải bản lưu của máy chủ"):
        brought_back()


def test_a_backup_whose_arrivals_were_tampered_with_is_refused(sent, saved, brought_back):
    conn = sent.db.conn
    conn.execute("DROP TRIGGER arrivals_are_never_changed")
    conn.execute("UPDATE arrivals SET standing = 'declined' WHERE seq = 7")
    saved()

    with pytest.raises(NotInPlace, match="lượt 7"):
        brought_back()


@pytest.mark.parametrize("after", [0.5, 0.8, 1.1, 1.5])
def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_is_run_again(sent, saved, usb, tmp_path, after):
    saved()
    target = tmp_path / "bare"
    running = starts("restore", str(usb / "a.backup"), "--data", str(target))
    time.sleep(after)
    running.kill()
    running.wait()

    if not (target / "doi178.db").exists():
        assert not target.exists()
        command("restore", str(usb / "a.backup"), "--data", str(target))
    assert verify(at(target).db).problems == ()
    assert "bare.restoring" not in names(tmp_path)


def test_a_full_disk_leaves_nothing(sent, saved, usb, tmp_path):
    saved()

    said = command("restore", str(usb / "a.backup"), "--data", str(tmp_path / "bare"), limit=500_000, fails=True)

    assert said.startswith("Error: ")
    assert {"bare", "bare.restoring"}.isdisjoint(names(tmp_path))


def test_a_laptop_that_was_locked_after_the_backup_stays_locked(sent, saved, brought_back, usb, tmp_path):
    other = sent.laptop()
    retired = sent.laptop()
    saved()
    late = sent.laptop()
    for one in (other, late):
        said = {"revoked_on": "2026-11-19", "revoked_reason": "Mất máy"}
        journal.note(usb, {"do": "revoke", "device": one.id, "set": said, "at": "2026-11-19T08:00:00Z"})
    said = {"retired_on": "2026-11-19"}
    journal.note(usb, {"do": "retire", "device": retired.id, "set": said, "at": "2026-11-19T08:00:00Z"})
    journal.note(usb, {"do": "revoke", "device": sent.laptop_.id, "at": "2026-11-18T08:00:00Z"})
    journal.note(usb, {"do": "unlock", "device": sent.laptop_.id, "at": "2026-11-19T08:00:00Z"})

    told = brought_back()

    back = at(tmp_path / "bare")
    states = {id: json.loads(state) for id, state in back.db.conn.execute(
        "SELECT id, state FROM things WHERE kind = 'device'")}  # fmt: skip
    assert states[other.id]["revoked_on"] == states[retired.id]["retired_on"] == "2026-11-19"
    assert states[other.id]["revoked_reason"] == "Mất máy"
    assert "revoked_on" not in states[sent.laptop_.id]
    assert [len(told.again), len(told.not_again)] == [2, 1]
    assert late.id in told.not_again[0]
    assert verify(back.db).problems == ()


def test_the_journal_goes_with_the_backup_and_is_not_said_twice(sent, saved, brought_back, tmp_path):
    journal.note(sent.settings.data, {"do": "revoke", "device": sent.laptop_.id, "at": "2026-11-19T08:00:00Z"})
    saved()
    first = brought_back()
    second = brought_back(into="again")

    assert len(first.again) == len(second.again) == 1
    entries = journal.read([tmp_path / "again"])
    assert [entry["do"] for entry in entries].count("revoke") == 1
    assert [entry["do"] for entry in entries].count("restore") == 2


def test_restored_twice_from_one_backup_both_histories_are_known(sent, saved, brought_back, tmp_path):
    made = saved()
    first = brought_back()
    sent.place()
    later = saved("b.backup")
    brought_back("b.backup", into="again")

    known = dict(at(tmp_path / "again").db.conn.execute("SELECT lineage, last_seq FROM lineages").fetchall())
    assert known == {made.lineage: later.seq, first.lineage: made.seq}


def test_what_was_erased_after_the_backup_is_erased_again_also_where_it_only_comes_back(
    sent, saved, brought_back, usb, tmp_path
):
    laptop = sent.laptop_
    corrected = laptop.visit(sent.place_)
    laptop.sends(corrected, laptop.visit(sent.place_, base=corrected, remark="–", reason="Che tên"))
    saved()
    late, truth = laptop.visit(sent.place_), laptop.visit(sent.place_)
    mended = laptop.visit(sent.place_, base=late, remark="–", reason="Che tên")
    for line in (corrected, late, truth):
        journal.note(usb, {"do": "erase", "item": read(line).name, "ground": "Có tên người", "by": "Bà Hạnh",
                           "at": "2026-11-19T08:00:00Z"})  # fmt: skip

    told = brought_back()
    back = at(tmp_path / "bare")
    laptop.central = back

    assert [len(told.again), len(told.not_again)] == [1, 2]
    assert receipt_of(back.db.conn, read(corrected).name).present == "erased"
    laptop.sends(late, truth)
    erase_again(back.db, AT)
    assert back.one("SELECT count(*) FROM items WHERE standing = 'erased'") == 1  # both are the truth of their visits
    laptop.sends(mended)
    erase_again(back.db, AT)
    assert receipt_of(back.db.conn, read(late).name).present == "erased"
    assert back.db.conn.execute("SELECT item FROM erasures_due").fetchall() == [(read(truth).name,)]
    assert verify(back.db).problems == ()


def test_a_torn_line_of_the_journal_stops_nothing(tmp_path):
    journal.note(tmp_path, {"do": "revoke", "device": "a", "at": "1"})
    with (tmp_path / journal.NAME).open("a") as file:
        file.write('{"do": "ret')
    journal.note(tmp_path, {"do": "retire", "device": "b", "at": "2"})

    assert [entry["do"] for entry in journal.read([tmp_path, tmp_path / "nowhere"])] == ["revoke", "retire"]


def test_the_journal_stands_beside_the_nightly_backups_at_once(tmp_path, usb, monkeypatch):
    monkeypatch.setenv("DOI178_BACKUP_DIR", str(usb))
    journal.note(tmp_path, {"do": "revoke", "device": "a", "at": "1"})
    assert journal.read([usb]) == journal.read([tmp_path])

    monkeypatch.setenv("DOI178_BACKUP_DIR", str(usb / "not plugged in"))
    journal.note(tmp_path, {"do": "revoke", "device": "b", "at": "2"})
    journal.copy(tmp_path, usb)
    journal.copy(tmp_path, usb)
    assert journal.read([usb]) == journal.read([tmp_path])


def test_a_running_server_cannot_be_replaced(sent, saved, usb):
    made = saved()
    running = starts("run", "--port", "0", "--data", str(sent.settings.data))
    try:
        for _ in range(200):
            with sent.settings.run_lock.open("a") as lock:
                if _is_held(lock):
                    break
            time.sleep(0.05)
        said = command("restore", str(made.path), "--data", str(sent.settings.data), "--replace", fails=True)
    finally:
        running.kill()
        running.wait()

    assert "đang chạy" in said
    command("restore", str(made.path), "--data", str(sent.settings.data), "--replace")


def _is_held(lock):
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def test_nothing_of_the_old_folder_is_kept_open_by_a_restore(sent, saved, brought_back, tmp_path):
    """A second restore into the same place works at once: every lock was let go."""
    saved()
    brought_back()
    shutil.rmtree(tmp_path / "bare")

    assert brought_back().seq > 0
    assert make(at(tmp_path / "bare").db, [], author="t", at=AT) == []


def test_locking_and_letting_in_again_is_written_down_by_itself(sent, saved, brought_back, tmp_path):
    saved()
    laptop, other = sent.laptop_, sent.laptop()
    locked = {"revoked_on": "2026-11-19", "revoked_reason": "Mất máy", "revoked_by": "Bà Hạnh"}
    for one in (laptop, other):
        sent.edit("device", one.id, locked)
    sent.edit("device", other.id, dict.fromkeys(locked), locked)
    sent.edit("device", laptop.id, {"name": "Máy khác"}, {"name": "Máy thử"})

    entries = journal.read([sent.settings.data])
    assert [(entry["do"], entry["device"]) for entry in entries] == [
        ("revoke", laptop.id), ("revoke", other.id), ("unlock", other.id)
    ]  # fmt: skip
    journal.copy(sent.settings.data, tmp_path / "usb")
    assert brought_back().again == ("Khóa máy: Máy thử",)
    assert brought_back(into="again").again == ("Khóa máy: Máy thử",)


def test_a_crash_before_the_journal_was_written_is_made_good_before_the_next_backup(
    sent, saved, brought_back, tmp_path
):
    saved()
    other = sent.laptop_.visit(sent.place_, base=sent.visit_line, revision=2, reason="Bỏ tên")
    sent.laptop_.sends(other)
    erase(sent.db, Desk(sent.db.conn, "Hạnh", local_day(AT)), {"item": sent.visit, "ground": "Căn cước"}, AT)
    sent.edit("device", sent.laptop().id, {"retired_on": "2026-11-19", "retired_by": "Bà Hạnh"})
    sent.edit("device", sent.laptop_.id, {"revoked_on": "2026-11-19", "revoked_reason": "Mất máy"})
    before = [(entry["do"], entry.get("item") or entry["device"]) for entry in journal.read([sent.settings.data])]
    (sent.settings.data / journal.NAME).unlink()  # as if the power had gone each time

    saved("b.backup")
    saved("c.backup")

    after = [(entry["do"], entry.get("item") or entry["device"]) for entry in journal.read([tmp_path / "usb"])]
    assert sorted(after) == sorted(before)
    assert "Khóa máy: Máy thử" in brought_back().again
