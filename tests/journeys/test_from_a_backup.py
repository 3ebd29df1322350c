"""A disk is lost: the server comes back from last night's backup, a laptop from an old one, in real processes."""

import json
import shutil

import pytest

from server.arrivals.runs import clashes
from server.arrivals.verify import verify
from server.store import connect
from tests.journeys.conftest import call

pytestmark = pytest.mark.timeout(600)


def server(server_end, *arguments, **how):
    return call("server.cli", *arguments, "--data", str(server_end.central.settings.data), **how)


def disk_is_lost(server_end, backup):
    """The server stops, its folder is gone, and the backup takes its place on a bare PC."""
    server_end.kill()
    server_end.central.db.close()
    shutil.rmtree(server_end.central.settings.data)
    told = json.loads(server(server_end, "restore", str(backup), "--json"))
    server_end.central.db = connect(server_end.central.settings.database)
    server_end.start()
    return told


def agree(server_end, laptop):
    """Check that both ends hold the same, every visit once, and that the server proves it."""
    central = server_end.central
    assert laptop.export() == server_end.export(laptop.device)
    assert json.loads(laptop.call("reconcile", "--json")) == {"agree": True, "differences": []}
    assert central.one("SELECT count(*) FROM visits WHERE device = ?", laptop.device) == len(laptop.recorded)
    assert verify(central.db).problems == ()


def test_a_server_from_last_nights_backup_gets_everything_back_by_name(server_end, new_laptop, tmp_path):
    place = server_end.central.place()
    one, other = new_laptop("one"), new_laptop("other")
    for laptop in (one, other):
        laptop.records(place)
        laptop.call("sync")
    kept = one.status()["receipts"][0]
    saved = json.loads(server(server_end, "backup", str(tmp_path / "dem.backup"), "--another-disk", "--json"))
    for laptop in (one, other):
        for _ in range(2):
            laptop.records(place)
        laptop.call("sync")
    late = new_laptop("late")
    late.records(place)
    late.call("sync")
    after = {row["item"]: row["seq"] for laptop in (one, other) for row in laptop.status()["receipts"]}
    seen = server_end.central.one("SELECT max(seq) FROM arrivals")

    told = disk_is_lost(server_end, tmp_path / "dem.backup")

    assert (told["seq"], told["former"]) == (saved["seq"], saved["lineage"])
    one.records(place)
    for laptop in (one, other):
        laptop.call("sync")
        agree(server_end, laptop)
    assert json.loads(server(server_end, "receipt", kept["item"], "--json")) == {
        key: kept[key] for key in ("item", "seq", "standing")
    }
    (lost,) = json.loads(server(server_end, "lost", "--json"))
    assert (lost["lineage"], lost["shared_to"], lost["seen_to"]) == (saved["lineage"], saved["seq"], seen - 2)
    assert {(row["item"], row["seq"]) for row in lost["back"]} == {
        (name, seq) for name, seq in after.items() if seq > saved["seq"]
    }
    assert lost["awaited"] == []
    assert {row["device"] for row in lost["contacts"]} == {one.device, other.device}
    assert [seq for first, last in lost["missing"] for seq in range(first, last + 1)] == [
        seq for seq in range(saved["seq"] + 1, seen - 1) if seq not in after.values()
    ]
    assert "máy chủ" in late.call("sync", fails=True).lower()  # enrolled after the backup: it asks for a new code
    enrol_again(server_end, late)
    agree(server_end, late)


def enrol_again(server_end, laptop):
    """The office gives a laptop a new code; it is still the same laptop."""
    told = json.loads(server(server_end, "enrol", "--area", "15664", "--json"))
    assert json.loads(laptop.call("enrol", told["code"], "--json"))["device"] == laptop.device
    laptop.call("sync")


def test_a_backup_while_a_laptop_sends_and_the_server_killed_right_after(server_end, new_laptop, tmp_path):
    place = server_end.central.place()
    laptop = new_laptop()
    for _ in range(6):
        laptop.records(place)

    sending = laptop.starts("sync")
    server(server_end, "backup", str(tmp_path / "a.backup"))
    sending.wait()
    disk_is_lost(server_end, tmp_path / "a.backup")
    laptop.call("sync")

    agree(server_end, laptop)


def test_a_laptop_from_an_old_backup_takes_a_new_run_and_fetches_what_it_made_since(server_end, new_laptop, tmp_path):
    place = server_end.central.place()
    laptop = new_laptop()
    laptop.records(place)
    laptop.call("sync")
    laptop.call("backup", str(tmp_path / "may.backup"))
    laptop.records(place)
    laptop.call("sync")
    shutil.rmtree(laptop.data)

    laptop.call("restore", str(tmp_path / "may.backup"))
    laptop.records(place)
    laptop.call("sync")

    agree(server_end, laptop)
    assert server_end.central.one("SELECT count(DISTINCT run) FROM runs WHERE device = ?", laptop.device) == 2
    assert clashes(server_end.central.db.conn) == []


def test_both_ends_from_their_backups(server_end, new_laptop, tmp_path):
    """What stood only on the two disks that were lost is missing, and nothing else is."""
    place = server_end.central.place()
    laptop = new_laptop()
    laptop.records(place)
    laptop.call("sync")
    laptop.call("backup", str(tmp_path / "may.backup"))
    laptop.records(place)
    laptop.call("sync")
    server(server_end, "backup", str(tmp_path / "a.backup"))
    gone = laptop.records(place)
    laptop.call("sync")

    disk_is_lost(server_end, tmp_path / "a.backup")
    shutil.rmtree(laptop.data)
    laptop.call("restore", str(tmp_path / "may.backup"))
    laptop.call("sync")

    laptop.recorded.remove(gone)
    agree(server_end, laptop)


def test_a_passphrase_is_asked_for_in_words_where_nobody_can_type(server_end, tmp_path, monkeypatch):
    monkeypatch.delenv("DOI178_PASSPHRASE")

    said = server(server_end, "backup", str(tmp_path / "a.backup"), fails=True)

    assert "DOI178_PASSPHRASE" in said
    assert [path.name for path in tmp_path.iterdir()] == ["central"]


def test_verify_goes_on_from_where_it_ended(server_end, new_laptop):
    laptop, place = new_laptop(), server_end.central.place()
    laptop.call("sync")
    first = json.loads(server(server_end, "verify", "--json"))
    laptop.records(place)
    laptop.call("sync")

    then = json.loads(server(server_end, "verify", "--json"))
    whole = json.loads(server(server_end, "verify", "--whole", "--json"))

    assert (first["from"], then["from"], then["checked"], whole["from"]) == (0, first["arrivals"], 1, 0)
    server_end.central.db.conn.execute("UPDATE visits SET counting = 0")
    said = server(server_end, "verify", fails=True)
    assert "điều không khớp" in said
