"""Comparing with the server: agreement in one short request, each difference in a sentence, mended where it is safe."""

import shutil
import sqlite3

import pytest

from field_client import records, visits
from field_client.enrolment import enrol
from field_client.recovery import backup, restore, take_new_run
from field_client.settings import Settings
from field_client.store import connect, get_meta, open_store
from field_client.syncing import Half, reconcile, sync_now
from schemas.ids import new_id
from server.arrivals.runs import clashes
from server.arrivals.verify import verify
from sync.locks import alone
from sync.room import NotInPlace
from sync.sealed import NotSealed, write
from tests.field_client.conftest import AT, place_state

PASSPHRASE = "mật khẩu của máy"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The work of one guess is for the disk that is stolen; here it only takes time."""
    monkeypatch.setattr("sync.age_lock.WORK", 10)


@pytest.fixture
def pair(blank, served):
    """A laptop enrolled at the real server, with two visits that it has and one that waits."""
    central = served.central
    central.edit("establishment", blank.place, place_state())
    enrol(blank.db, blank.settings.key, served.invite().text(), at=AT, name="Máy thử")
    sync_now(blank.db)
    blank.first, blank.second = blank.record(), blank.record()
    assert sync_now(blank.db).standings == {"accepted": 2}
    blank.third = blank.record()
    return blank, central


def differences(laptop):
    return [(one.item, one.what.value, one.mended) for one in reconcile(laptop.db)]


def test_what_is_the_same_agrees_in_one_short_request(pair):
    laptop, _ = pair
    sync_now(laptop.db)

    assert differences(laptop) == []
    assert laptop.one("SELECT count(*) FROM own WHERE waiting = 1") == 0


def test_what_only_waits_is_no_difference(pair):
    laptop, _ = pair

    assert differences(laptop) == []
    assert laptop.all("SELECT name FROM own WHERE waiting = 1") == [laptop.third.item]


def test_what_the_server_lacks_waits_again_and_is_sent(pair):
    laptop, central = pair
    forget(central, laptop.first.item)

    assert differences(laptop) == [(laptop.first.item, "server-lacks", True)]
    sentence = "máy chủ không có; đã chuyển về “Chờ gửi”"
    forget(central, laptop.second.item)
    assert any(sentence in one.sentence and "Karaoke" in one.sentence for one in reconcile(laptop.db))
    assert sync_now(laptop.db).sent == 3
    assert differences(laptop) == []


def forget(central, name):
    """Take an item away, as nothing of ours ever does."""
    for table, column in (("items", "name"), ("visits", "item")):
        central.db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))


def test_a_standing_that_differs_is_taken_over(pair):
    laptop, central = pair
    central.db.conn.execute("UPDATE items SET standing = 'declined' WHERE name = ?", (laptop.first.item,))

    (one,) = reconcile(laptop.db)

    assert (one.item, one.what, one.mended) == (laptop.first.item, "standing", True)
    assert "“Máy chủ đã nhận”" in one.sentence
    assert "“Không tính vào kết quả”" in one.sentence
    assert visits.find(laptop.db, laptop.first.id).visit.standing == "declined"
    assert differences(laptop) == []


def test_what_this_laptop_lacks_is_fetched_and_its_sealed_receipt_too(pair):
    laptop, _ = pair
    laptop.db.conn.execute("DELETE FROM own WHERE name = ?", (laptop.first.item,))

    assert differences(laptop) == [(laptop.first.item, "laptop-lacks", True)]
    assert laptop.one("SELECT seq FROM own WHERE name = ?", laptop.first.item) > 0
    sync_now(laptop.db)
    assert laptop.one("SELECT proof FROM own WHERE name = ?", laptop.first.item) is not None
    assert differences(laptop) == []


def test_an_item_under_another_receipt_is_asked_for_again(pair):
    laptop, _ = pair
    laptop.db.conn.execute("UPDATE own SET seq = seq + 1000 WHERE name = ?", (laptop.first.item,))

    assert differences(laptop) == [(laptop.first.item, "other-receipt", True)]
    sync_now(laptop.db)
    assert differences(laptop) == []


def test_what_neither_end_holds_any_more_is_told_to_the_office(pair):
    laptop, central = pair
    forget(central, laptop.first.item)
    laptop.db.conn.execute("DROP TRIGGER IF EXISTS own_lines_are_never_changed")
    laptop.db.conn.execute("UPDATE own SET line = x'' WHERE name = ?", (laptop.first.item,))

    (one,) = reconcile(laptop.db)

    assert (one.item, one.mended) == (laptop.first.item, False)
    assert "báo văn phòng" in one.sentence


def test_many_pages_of_names_agree_as_one(pair, monkeypatch):
    laptop, central = pair
    monkeypatch.setattr("sync.names.NAMES", 2)
    for _ in range(5):
        laptop.record()
    sync_now(laptop.db)
    forget(central, laptop.second.item)
    laptop.db.conn.execute("DELETE FROM own WHERE name = ?", (laptop.first.item,))

    found = differences(laptop)

    assert set(found) == {(laptop.second.item, "server-lacks", True), (laptop.first.item, "laptop-lacks", True)}


def copied(laptop, tmp_path):
    """Return a copy of the laptop's folder as it is now."""
    laptop.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(laptop.settings.data, tmp_path / "copy")
    return Settings(tmp_path / "copy")


def test_a_laptop_from_an_old_copy_fetches_what_it_made_since_and_numbers_anew(pair, tmp_path):
    laptop, central = pair
    backup(laptop.db, laptop.settings, tmp_path / "may.backup", PASSPHRASE, AT)
    later = laptop.record()
    records.edit(laptop.db, "establishment", laptop.place, {"phone": "0912345678"}, at=AT)
    sync_now(laptop.db)

    device = restore(tmp_path / "may.backup", PASSPHRASE, tmp_path / "mới")
    db = open_store(tmp_path / "mới" / "field.db")
    made = records.record(db, new_id(), laptop.body(), at=AT)
    outcome = sync_now(db)

    assert device == get_meta(db.conn, "device") == get_meta(laptop.db.conn, "device")
    assert not outcome.trouble
    rows = db.conn.execute("SELECT name, run, device_seq, proof IS NOT NULL FROM own ORDER BY local").fetchall()
    assert {row[0] for row in rows} >= {later.item, made.item}
    assert len(rows) == 6
    assert all(row[3] for row in rows)
    new = [row for row in rows if row[1] == get_meta(db.conn, "run")]
    assert [(row[0], row[2]) for row in new] == [(made.item, 1)]
    assert visits.find(db, later.id).visit.standing == "accepted"
    assert clashes(central.db.conn) == []
    assert reconcile(db) == []
    assert verify(central.db).problems == ()
    db.close()


def test_a_restored_laptop_without_a_line_works_and_asks_later(pair, tmp_path):
    laptop, _ = pair
    sync_now(laptop.db)
    settings = copied(laptop, tmp_path)
    later = laptop.record()
    sync_now(laptop.db)
    db = connect(settings.database)
    take_new_run(db)
    address = get_meta(db.conn, "address")
    db.conn.execute("UPDATE meta SET value = 'http://127.0.0.1:1' WHERE key = 'address'")

    made = records.record(db, new_id(), laptop.body(), at=AT)
    assert sync_now(db).trouble == "offline"
    db.conn.execute("UPDATE meta SET value = ? WHERE key = 'address'", (address,))
    sync_now(db, halves=frozenset({Half.GET}))

    assert db.conn.execute("SELECT count(*) FROM own WHERE name = ?", (later.item,)).fetchone()[0] == 1
    assert sync_now(db).standings["accepted"] >= 1
    assert visits.find(db, made.id).visit.standing == "accepted"
    db.close()


def test_one_laptop_used_in_two_places_is_told_on_both_ends(pair, tmp_path):
    laptop, central = pair
    sync_now(laptop.db)
    settings = copied(laptop, tmp_path)
    mine = laptop.record()
    sync_now(laptop.db)
    db = connect(settings.database)
    records.record(db, new_id(), laptop.body(), at=AT)

    assert sync_now(db).standings == {"accepted": 1}
    (clash,) = clashes(central.db.conn)
    assert clash.items == 1
    (one,) = reconcile(db)
    assert (one.item, one.what, one.mended) == (mine.item, "laptop-lacks", False)
    assert "bản sao" in one.sentence
    db.close()


def test_a_backup_of_a_laptop_holds_its_drafts_and_its_key(pair, tmp_path):
    laptop, _ = pair
    id = records.new_id()
    laptop.db.conn.execute(
        "INSERT INTO drafts (id, establishment, date, fields, created_at, saved_at) VALUES (?, ?, '', '{}', '', '')",
        (id, laptop.place),
    )
    backup(laptop.db, laptop.settings, tmp_path / "may.backup", PASSPHRASE, AT)

    restore(tmp_path / "may.backup", PASSPHRASE, tmp_path / "mới")

    assert (tmp_path / "mới" / "device.key").read_bytes() == laptop.settings.key.read_bytes()
    conn = sqlite3.connect(tmp_path / "mới" / "field.db")
    assert conn.execute("SELECT id FROM drafts").fetchall() == [(id,)]
    conn.close()


def test_a_laptop_that_is_open_is_not_replaced(pair, tmp_path):
    laptop, _ = pair
    backup(laptop.db, laptop.settings, tmp_path / "may.backup", PASSPHRASE, AT)

    with pytest.raises(NotInPlace, match="không trống"):
        restore(tmp_path / "may.backup", PASSPHRASE, laptop.settings.data)
    with alone(laptop.settings.run_lock), pytest.raises(NotInPlace, match="đang chạy"):
        restore(tmp_path / "may.backup", PASSPHRASE, laptop.settings.data, aside=tmp_path / "cũ")
    restore(tmp_path / "may.backup", PASSPHRASE, laptop.settings.data, aside=tmp_path / "cũ")
    assert (tmp_path / "cũ" / "field.db").exists()


def test_a_servers_backup_is_not_a_laptops(pair, tmp_path):
    laptop, _ = pair
    write(tmp_path / "may.backup", PASSPHRASE, [("doi178.db", laptop.settings.database)], {"what": "doi178-server"})

    with pytest.raises(NotSealed, match="không phải bản lưu của máy tính"):
        restore(tmp_path / "may.backup", PASSPHRASE, tmp_path / "mới")
