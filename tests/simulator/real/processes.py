"""Real processes that can be killed with -9: the server under its own command, and a laptop's program at work."""

import json
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from field_client import records
from field_client.store import connect
from field_client.syncing import Half, Outcome, Trouble, sync_now
from schemas.ids import new_id

# A child is forked from a small process that has all imported and holds nothing: quick, and killed as any other.
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload([__name__, "tests.simulator.real.schedule"])


def _now() -> datetime:
    return datetime.now(UTC)


class Server:
    """`doi178-server run`, started again on the same data after each kill."""

    def __init__(self, data: Path, workers: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.data, self.workers, self.kills = data, workers, 0
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data.with_name("server.log")

    def start(self) -> None:
        """Start, and return when it answers."""
        command = ["run", "--port", str(self.port), "--workers", str(self.workers), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from server.cli import main; main()", *command],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        for _ in range(2400):
            with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-2000:]
            time.sleep(0.025)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """kill -9, and with it all its workers."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.kills += 1
            while self._listened_to():  # its workers take a moment to be gone
                time.sleep(0.005)

    def _listened_to(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def kill_after(self, seconds: float) -> threading.Timer:
        """Kill it while something else goes on."""
        timer = threading.Timer(seconds, self.kill)
        timer.start()
        return timer


def run_killed_after(act: Callable[..., None], arguments: tuple[Any, ...], seconds: float | None) -> bool:
    """Run *act* in a process of its own and return whether it ended by itself; kill -9 after *seconds*."""
    child = _children.Process(target=act, args=arguments)
    child.start()
    child.join(seconds)
    ended = not child.is_alive()
    if not ended:
        child.kill()
        child.join()
    else:
        assert child.exitcode == 0, f"a laptop's program ended with {child.exitcode}"
    child.close()
    return ended


def sync(file: Path, halves: frozenset[Half], told: Path) -> None:
    """Sync the laptop whose store is *file*, and write down what came of it."""
    db = connect(file)
    outcome = sync_now(db, halves=halves)
    db.close()
    fields = {**outcome.as_dict(), "trouble": outcome.trouble.value, "words": outcome.words}
    unfinished = told.with_suffix(".new")
    unfinished.write_text(json.dumps(fields))
    unfinished.rename(told)


def read_outcome(told: Path) -> Outcome:
    """Read what a sync wrote down."""
    fields = json.loads(told.read_text())
    return Outcome(**fields | {"trouble": Trouble(fields["trouble"])})


def record_until_killed(file: Path, body: dict[str, Any], said: Path, seed: int) -> None:
    """Finish visits one after another, and say of each that it is kept, as a page does once it is."""
    dice, db = random.Random(seed), connect(file)
    with said.open("a", buffering=1) as out:
        for _ in range(400):
            remark = f"Lần {dice.randrange(1_000_000)}"
            out.write(records.record(db, new_id(), body | {"remark": remark}, at=_now()).item + "\n")
