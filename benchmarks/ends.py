"""Both ends for real: a server in a process of its own, laptops' stores, and the commands that run them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlite_utils import Database

from benchmarks.invented import Inventor, communes
from benchmarks.sizes import Size
from field_client import enrolment
from field_client.store import open_store as open_laptop
from field_client.store import own, visits, writing
from schemas.ids import new_id
from server.clock import local_day, now
from server.demo import free_port
from server.door.enrol import invite
from server.keys import read_keys
from server.office import edit, make
from server.settings import Settings
from server.setup import create
from server.store import connect

ROOT = Path(__file__).parents[1]
SEED = 178
PASSPHRASE = "mật khẩu của phép đo"  # of a laptop whose program is run
AT_ONCE = 500
SERVE = (
    "import sys; from pathlib import Path; from server.running import serve;"
    " serve(Path(sys.argv[1]), host='127.0.0.1', port=int(sys.argv[2]), public_url='', workers=int(sys.argv[3]))"
)


class NotReady(Exception):
    """A process did not come up; its output is on stderr."""


@contextmanager
def process(*arguments: str, output: int | None = None, talk: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run this Python with *arguments* for the block, and stop it as Ctrl-C would; *talk*: its stdin and stdout."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DOI178_PASSPHRASE": PASSPHRASE}
    running = subprocess.Popen(
        [sys.executable, *arguments], stdin=talk, stdout=talk or output or subprocess.DEVNULL,
        stderr=None if talk else output or subprocess.DEVNULL, text=True, env=environment, start_new_session=True,
    )  # fmt: skip
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)  # with its workers: gunicorn's may hang when they are interrupted
            running.wait()


def wait_for(address: str, running: subprocess.Popen[str], seconds: float = 60) -> None:
    """Return when *address* answers, or raise NotReady."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urlopen(address, timeout=5):
                return
        except HTTPError:
            raise NotReady(f"{address} answers with an error.") from None
        except OSError:
            time.sleep(0.005)
    raise NotReady(f"{address} does not answer; the program ended with {running.poll()}.")


def memory(pid: int) -> tuple[float, float]:
    """Return what a process holds of the machine's memory at most so far, and now, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    peak, present = (int(re.findall(rf"{name}:\s+(\d+) kB", text)[0]) / 1024 for name in ("VmHWM", "VmRSS"))
    return peak, present


@dataclass(frozen=True)
class Office:
    """A running server."""

    folder: Path
    address: str
    pid: int

    def workers(self) -> list[int]:
        """Return the processes that answer: those that gunicorn began, or the one that waitress runs in."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in children] or [self.pid]

    def code(self, area: str, address: str = "") -> str:
        """Return a fresh enrolment code for a laptop of *area*."""
        db = connect(Settings(self.folder).database)
        keys = read_keys(Settings(self.folder).keys)
        made = invite(db, keys, unit=area, team=None, address=address or self.address, at=now())
        db.close()
        return made.code.text()

    def laptop(self, folder: Path, area: str, address: str = "") -> Database:
        """Enrol a new laptop over HTTP and return its store, which is empty."""
        db = open_laptop(folder / "field.db")
        enrolment.enrol(db, folder / "device.key", self.code(area, address), at=now(), name="Máy đo")
        return db


@contextmanager
def serving(folder: Path, *, workers: int = 1) -> Iterator[Office]:
    """Run the server of *folder* in a process of its own: under waitress, with more workers under gunicorn."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    with process("-c", SERVE, str(folder), str(port), str(workers)) as running:
        wait_for(f"{address}/healthz", running)
        yield Office(folder, address, running.pid)


class Workshop:
    """Makes servers of a size: each register is entered once, and copied for every figure that needs one."""

    def __init__(self, folder: Path, named: frozenset[str] = frozenset()) -> None:
        """Work in *folder*, which is empty; *named* are the figures that were asked for by name."""
        self.root = folder
        self.named = named
        self._made: dict[str, Path] = {}
        self._count = 0

    def folder(self, name: str) -> Path:
        """Return a new folder."""
        self._count += 1
        made = self.root / f"{self._count:03d}-{name}"
        made.mkdir()
        return made

    def empty_office(self) -> Path:
        """Return the data of a new server with both maps and nothing else."""
        if "empty" not in self._made:
            self._made["empty"] = self.root / "template-empty"
            create(Settings(self._made["empty"]), now())
        return self._copy("empty")

    def office(self, name: str, fill: Callable[[Path], None]) -> Path:
        """Return the data of a new server that *fill* has filled once; every other one of this *name* is a copy."""
        if name not in self._made:
            made = self.empty_office()
            fill(made)
            self._made[name] = made
        return self._copy(name)

    def _copy(self, name: str) -> Path:
        self._count += 1
        copy = self.root / f"{self._count:03d}-office-{name}"
        shutil.copytree(self._made[name], copy)
        return copy


def office_with_register(workshop: Workshop, size: Size) -> Path:
    """Return the data of a new server that knows the places of *size*, and no visit."""
    return workshop.office(f"register-{size.name}", lambda folder: enter_register(folder, size))


def enter_register(folder: Path, size: Size) -> None:
    """Enter operators and places, as the office does."""
    inventor, where = Inventor(SEED, local_day(now())), communes(size.area)
    changes = []
    for n in range(size.places):
        operator = new_id()
        state = inventor.place(f"D178-{n:06d}", inventor.dice.choice(where), operator)
        changes.append(edit("operator", operator, inventor.operator(), {}))
        changes.append(edit("establishment", new_id(), state, {}))
    db = connect(Settings(folder).database)
    for start in range(0, len(changes), AT_ONCE):
        make(db, changes[start : start + AT_ONCE], author="bench", at=now())
    db.close()


def fill_outbox(db: Database, count: int) -> None:
    """Finish *count* visits to places that this laptop knows: the rows that its form writes, in few transactions."""
    inventor, team = Inventor(SEED + 1, local_day(now())), new_id()
    places = known_places(db)
    for start in range(0, count, AT_ONCE):
        with writing(db) as conn:
            ids = [new_id() for _ in range(min(AT_ONCE, count - start))]
            for id in ids:
                place, kind = inventor.dice.choice(places)
                body = inventor.visit(place, kind, team)
                own.add(conn, "inspection", id, body, author=own.author(conn), at=now())
            visits.refresh(conn, ids)


def known_places(db: Database) -> list[tuple[str, str]]:
    """Return id and kind of the places on a laptop."""
    rows = db.conn.execute("SELECT id, kinds FROM establishments ORDER BY code, id")
    return [(id, kinds.split()[0]) for id, kinds in rows]


def bodies(db: Database, count: int) -> list[dict[str, object]]:
    """Invent the bodies of *count* visits to the places on a laptop."""
    inventor, team, places = Inventor(SEED + 2, local_day(now())), new_id(), known_places(db)
    return [inventor.visit(*inventor.dice.choice(places), team) for _ in range(count)]
