"""Several laptops at one server of several processes: it sends some away, they come back, and nothing is lost."""

import os
import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from field_client.syncing import connect, sync_now
from server.arrivals.verify import verify
from server.turns import ROOM
from sync.locks import alone
from sync.patience import Patience
from tests.closed import opened

pytestmark = pytest.mark.timeout(300)
LAPTOPS, VISITS = 5, 3


@pytest.fixture
def several(server_end):
    """The server again, in several processes."""
    server_end.kill()
    server_end.arguments = ("--workers", "2")
    server_end.start()
    return server_end


class Comes(threading.Thread):
    """A laptop that syncs over real HTTP in a thread of its own, and says when it was first sent away."""

    def __init__(self, laptop):
        super().__init__()
        self.laptop = laptop
        self.sent_away = threading.Event()

    def run(self):
        db = opened(self.laptop.data)
        line = connect(db)
        line.patience = Patience(60, sleep=self.waits)
        self.outcome = sync_now(db, line=line)
        db.close()

    def waits(self, seconds):
        self.sent_away.set()
        time.sleep(seconds)


def filled(central, places):
    """Hold *places* of the room for batches, as requests of others would."""
    held = ExitStack()
    for n in places:
        held.enter_context(alone(central.settings.data / "turns" / f"batch-{n}"))
    return held


def test_laptops_that_are_sent_away_come_back_by_themselves_and_nothing_is_lost_or_doubled(several, new_laptop):
    central = several.central
    place = central.place()
    laptops = [new_laptop(f"laptop-{n}") for n in range(LAPTOPS)]
    for laptop in laptops:
        for _ in range(VISITS):
            laptop.records(place)

    coming = [Comes(laptop) for laptop in laptops]
    with filled(central, range(ROOM)):
        for one in coming:
            one.start()
        assert all(one.sent_away.wait(60) for one in coming)
    for one in coming:
        one.join()

    assert [one.outcome.sent for one in coming] == [VISITS] * LAPTOPS
    assert all(one.outcome.waiting == 0 and one.outcome.waited_s > 0 for one in coming)
    recorded = sorted(id for laptop in laptops for id in laptop.recorded)
    assert sorted(row[0] for row in central.db.conn.execute("SELECT id FROM visits")) == recorded
    assert central.one("SELECT count(*) FROM items WHERE kind = 'inspection'") == LAPTOPS * VISITS
    assert verify(central.db).problems == ()


def test_the_jobs_run_in_one_process_and_in_another_when_that_one_is_killed(several):
    first = _does_the_jobs(several, set())

    os.kill(first, signal.SIGKILL)

    assert _does_the_jobs(several, {first}) != first


def _does_the_jobs(several, but):
    """Wait until a worker that is none of *but* does the jobs, and return it."""
    file, master = several.central.settings.data / "jobs.pid", several.process.pid
    for _ in range(600):
        workers = {int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()}
        pid = int(file.read_text() or 0) if file.exists() else 0
        if pid in workers - but:
            return pid
        time.sleep(0.1)
    raise AssertionError("nobody does the jobs")
