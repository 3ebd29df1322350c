"""A disk that is full, at either end: one sentence that says so, nothing lost, and work goes on once there is room."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from field_client.clock import now
from field_client.records import record
from schemas.ids import new_id
from server.arrivals.verify import verify
from tests.closed import opened

pytestmark = pytest.mark.timeout(600)
LAUNCHER = str(Path(__file__).with_name("small_disk.py"))


def on_a_full_disk(module, *arguments, text="", room=0):
    """Run a command whose files cannot grow and return its end."""
    return subprocess.run(
        [sys.executable, LAUNCHER, str(room), module, *arguments], input=text, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def fill(laptop, form):
    """Record visits until the disk is full; return the ids that were said to be kept, and what was said at last."""
    kept = []
    for _ in range(60):
        told = json.dumps({**form, "id": new_id(), "remark": "Cửa đóng. " * 150})
        done = on_a_full_disk("field_client.cli", "record", "-", "--json", "--data", str(laptop.data), text=told)
        if done.returncode:
            return kept, done.stderr
        kept.append(json.loads(done.stdout)["id"])
    raise AssertionError("the disk was never full")


def test_a_laptop_whose_disk_is_full_says_so_and_keeps_what_it_said_it_kept(server_end, new_laptop):
    place = server_end.central.place()
    laptop = new_laptop()
    form = json.loads(laptop.call("record", "--template", place))

    kept, said = fill(laptop, form)
    laptop.recorded.update(kept)
    first = laptop.records(place)  # there is room again
    laptop.call("sync")

    assert "Ổ đĩa đầy" in said
    assert len(said.strip().splitlines()) == 1
    assert first in laptop.recorded
    assert laptop.status()["waiting"] == 0
    central = server_end.central
    arrived = [row[0] for row in central.db.conn.execute("SELECT id FROM visits ORDER BY id")]
    assert arrived == sorted(laptop.recorded)
    assert laptop.export() == server_end.export(laptop.device)


def test_a_copy_that_does_not_fit_is_fetched_later_from_where_it_stood(server_end, new_laptop):
    laptop = new_laptop()
    for n in range(60):
        server_end.central.place(name=f"Karaoke {n} " + "Đông Đô " * 20)

    done = on_a_full_disk("field_client.cli", "sync", "--data", str(laptop.data))
    laptop.call("sync")

    assert done.returncode != 0
    assert "Ổ đĩa đầy" in done.stderr
    assert laptop.export() == server_end.export(laptop.device)


def test_a_server_whose_disk_is_full_keeps_nothing_by_halves_and_loses_nothing(server_end, new_laptop):
    place = server_end.central.place()
    laptop = new_laptop()
    form = json.loads(laptop.call("record", "--template", place))
    form.pop("id")
    db = opened(laptop.data)
    for _ in range(12):
        laptop.recorded.add(record(db, new_id(), {**form, "remark": "Cửa đóng. " * 150}, at=now()).id)
    db.close()

    server_end.kill()
    server_end.start(LAUNCHER, "0", "server.cli")
    said = laptop.call("sync", fails=True)
    kept = server_end.central.one("SELECT count(*) FROM items WHERE device = ?", laptop.device)
    problems = verify(server_end.central.db).problems
    left = laptop.status()["waiting"]
    server_end.kill()
    server_end.start()
    laptop.call("sync")

    assert len(said.strip().splitlines()) == 1
    assert "vẫn chờ gửi" in said
    assert problems == ()
    assert left == 12 - kept
    assert server_end.central.one("SELECT count(*) FROM visits") == 12
    assert laptop.export() == server_end.export(laptop.device)
