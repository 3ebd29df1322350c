"""The line cut, the ends killed, batches twice and out of order: afterwards both ends agree."""

import base64
import json
import random
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from field_client.clock import now
from field_client.records import record
from field_client.store import get_meta
from schemas.ids import new_id
from server.arrivals.verify import verify
from sync.engine import check
from sync.http import HttpLine
from tests.closed import opened

pytestmark = pytest.mark.timeout(600)


def agree(server_end, laptop):
    """Check that both ends hold the same, that every visit is there once, and that the server proves it."""
    assert laptop.export() == server_end.export(laptop.device)
    central = server_end.central
    visits = [row[0] for row in central.db.conn.execute("SELECT id FROM visits WHERE device = ?", (laptop.device,))]
    assert sorted(visits) == sorted(laptop.recorded)
    assert central.one("SELECT count(*) FROM items WHERE kind = 'inspection'") == len(laptop.recorded)
    assert verify(central.db).problems == ()


def test_a_week_offline(server_end, line, new_laptop):
    places = [server_end.central.place() for _ in range(3)]
    laptop = new_laptop()
    line.down = True

    for place in places:
        laptop.records(place)
    said = laptop.call("sync", fails=True)

    assert laptop.status()["waiting"] == 3
    assert len(said.strip().splitlines()) == 1

    line.down = False
    laptop.call("sync")

    status = laptop.status()
    assert status["waiting"] == 0
    assert {receipt["standing"] for receipt in status["receipts"]} == {"accepted"}
    agree(server_end, laptop)


@pytest.mark.parametrize("after", [0, 150, 900])
def test_a_reply_cut_in_the_middle_costs_a_resend_and_nothing_else(server_end, line, new_laptop, after):
    laptop = new_laptop_with_visits(server_end, new_laptop, 3)

    line.cut_down_after = after
    laptop.call("sync", fails=True)
    line.cut_down_after = None
    laptop.call("sync")

    agree(server_end, laptop)


@pytest.mark.parametrize("after", [100, 1500])
def test_a_batch_cut_on_its_way_up_is_sent_again(server_end, line, new_laptop, after):
    laptop = new_laptop_with_visits(server_end, new_laptop, 4)

    line.cut_up_after = after
    laptop.call("sync", fails=True)
    line.cut_up_after = None
    laptop.call("sync")

    agree(server_end, laptop)


def new_laptop_with_visits(server_end, new_laptop, count):
    """Return a laptop with *count* visits recorded and not sent."""
    place = server_end.central.place()
    laptop = new_laptop()
    for _ in range(count):
        laptop.records(place)
    return laptop


def fill_outbox(laptop, place, count):
    """Record many visits quickly, through the store as the command does."""
    db = opened(laptop.data)
    form = json.loads(laptop.call("record", "--template", place))
    form.pop("id")
    for _ in range(count):
        laptop.recorded.add(record(db, new_id(), form, at=now()).id)
    db.close()


def test_kill_the_laptop_at_any_moment_of_a_sync(server_end, new_laptop):
    place = server_end.central.place()
    laptop = new_laptop()
    dice = random.Random(178)

    for _ in range(8):
        fill_outbox(laptop, place, 40)
        process = laptop.starts("sync")
        time.sleep(dice.uniform(0.2, 1.1))
        process.kill()
        process.wait()
    laptop.call("sync")

    agree(server_end, laptop)


def test_kill_the_server_at_any_moment_of_a_sync(server_end, new_laptop):
    place = server_end.central.place()
    laptop = new_laptop()
    dice = random.Random(871)

    for _ in range(6):
        fill_outbox(laptop, place, 60)
        process = laptop.starts("sync")
        time.sleep(dice.uniform(0.3, 0.9))
        server_end.kill()
        process.wait(120)
        server_end.start()
    laptop.call("sync")

    agree(server_end, laptop)


def test_the_same_batch_twice_and_batches_out_of_order(server_end, new_laptop):
    place = server_end.central.place()
    laptop = new_laptop()
    fill_outbox(laptop, place, 30)
    db = opened(laptop.data)
    lines = [row[0] for row in db.conn.execute("SELECT line FROM own WHERE waiting = 1 ORDER BY local")]
    uplink, key = by_hand(laptop, db, server_end)

    late, early = uplink.send(lines[15:]), uplink.send(lines[:15])
    again = uplink.send(lines)

    for reply in (late, early, again):
        check(reply, key)
    first = {receipt.item: receipt.seq for reply in (late, early) for receipt in reply.receipts}
    assert {receipt.item: receipt.seq for receipt in again.receipts} == first
    laptop.call("sync")
    agree(server_end, laptop)


def by_hand(laptop, db, server_end):
    """Return a line with the laptop's own credential, and the server's key."""
    pin, credential = get_meta(db.conn, "fingerprint"), get_meta(db.conn, "credential")
    uplink = HttpLine(f"http://127.0.0.1:{server_end.port}", pin, credential)
    raw = base64.b64decode(server_end.central.keys.public)
    return uplink, Ed25519PublicKey.from_public_bytes(raw)


def test_two_teams_at_one_door_are_both_kept(server_end, new_laptop):
    place = server_end.central.place()
    one, other = new_laptop("one"), new_laptop("other")
    one.records(place)
    other.records(place)

    one.call("sync")
    other.call("sync")
    one.call("sync")

    assert one.export() == server_end.export(one.device)
    assert other.export() == server_end.export(other.device)
    assert server_end.central.one("SELECT count(*) FROM visits") == 2


def test_a_laptop_sends_while_a_large_register_is_imported(server_end, new_laptop, tmp_path):
    import subprocess
    import sys

    place = server_end.central.place()
    laptop = new_laptop()
    laptop.records(place)
    file = tmp_path / "so-co-so.csv"
    rows = [f"GD-{n:06d},Karaoke số {n},karaoke,new,15664,Phố {n}" for n in range(6000)]
    file.write_text("\n".join(["code,name,kinds,unit_epoch,unit_code,address", *rows]), encoding="utf-8")

    data = str(server_end.central.settings.data)
    program = ["-c", "from server.cli import main; main()", "import", "establishments", str(file), "--data", data]
    importing = subprocess.Popen([sys.executable, *program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    still_importing = importing.poll() is None
    laptop.call("sync", "--send")

    assert laptop.status()["waiting"] == 0
    assert importing.wait(300) == 0
    laptop.call("sync")
    assert still_importing
    assert server_end.central.one("SELECT count(*) FROM establishments") == 6001
    agree(server_end, laptop)
