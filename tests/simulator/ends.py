"""The two ends of a simulated sync: real stores in real files, and a line without HTTP that can do what lines do.

The line carries the same bytes as HTTP does, and asks the server what the door asks (server/door/exchange.py).
"""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import field_client.store.base as field_store
import server.store as server_store
from field_client.enrolment import enrol
from field_client.syncing import BOTH, Half, Outcome, sync_now
from server.arrivals import feed
from server.door.enrol import invite, redeem
from server.door.exchange import next_page, take_batch
from server.keys import Keys, read_keys
from server.office import state_of
from server.problems import BadEnrolmentCode
from sync.errors import BadReply, OtherHistory, OtherScope, Refused, ServerFault, Unreachable
from sync.report import Report
from sync.wire import (
    Page,
    Reply,
    read_batch,
    read_page,
    read_reply,
    write_batch,
)

NOWHERE = "http://127.0.0.1:1"  # an address that nobody asks: the line is in this process


class Killed(BaseException):
    """The process is gone: no handler of ours sees it."""


class Slip(Exception):
    """An error of ours, in the middle of an item."""


class Fragile:
    """A connection that can be told to die or to slip at one of its next statements, before or after a COMMIT."""

    def __init__(self, conn: Any) -> None:
        self._conn = conn
        self.left: int | None = None
        self.slips: int | None = None

    def _tick(self, sql: str = "") -> None:
        if self.slips is not None and not sql.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.slips -= 1
            if self.slips < 0:
                self.slips = None
                raise Slip("a slip of ours")
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Killed

    def execute(self, sql: str, *values: Any) -> Any:
        """Run one statement, or die."""
        self._tick(sql)
        result = self._conn.execute(sql, *values)
        if sql == "COMMIT":
            self._tick(sql)
        return result

    def executemany(self, *arguments: Any) -> Any:
        """Run one statement many times, or die."""
        self._tick("many")
        return self._conn.executemany(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)


def _fragile(db: Database) -> Database:
    db.conn.execute("PRAGMA synchronous=OFF")  # what is tested here is not the disk
    db.conn = Fragile(db.conn)  # type: ignore[assignment]
    return db


class CentralEnd:
    """The server: its store, which can die and be opened again."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.file = folder / "doi178.db"
        self.keys: Keys = read_keys(folder / "keys")
        self.db = _fragile(server_store.connect(self.file))
        self.roads: set[str] = set()  # units that came into a scope, or left one, by a changed successor

    @property
    def conn(self) -> Any:
        """The open connection."""
        return self.db.conn

    def reopen(self) -> None:
        """Start again on the same file."""
        feed.unit_tree.__globals__["_trees"].pop(str(self.file), None)  # a new process has read nothing
        self.db.conn.left = None
        self.db.close()
        self.db = _fragile(server_store.connect(self.file))

    def all(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        return list(self.conn.execute(query, values))


@dataclass
class Weather:
    """How the line behaves, how often the ends die, and the server slips: chances between 0 and 1."""

    bad: float = 0.0
    dies: float = 0.0
    slips: float = 0.0


class SimLine:
    """An Uplink, a Downlink and a Redeemer for one laptop, straight into the server's store."""

    def __init__(self, central: CentralEnd, dice: random.Random, weather: Weather, now: Callable[[], datetime]) -> None:
        self.central, self.dice, self.weather, self.now = central, dice, weather, now
        self.device = ""
        self.bytes_up = self.bytes_down = 0
        self.report = Report()
        self.hurt: list[str] = []  # what was done to this sync
        self.late: list[bytes] = []  # batches that are still on their way
        self.pages: list[bytes] = []  # pages that came before
        self.meanwhile: Callable[[], None] = lambda: None

    def say(self, report: Report) -> None:
        """Tell *report* with every request from now on."""
        self.report = Report.parse(report.text()) or Report()

    def _fate(self, *fates: str) -> str:
        """Draw what happens to a request; empty: nothing."""
        if self.dice.random() >= self.weather.bad:
            return ""
        fate = self.dice.choice(fates)
        self.hurt.append(fate)
        return fate

    def _maybe_die(self) -> None:
        if self.dice.random() < self.weather.dies:
            self.central.conn.left = self.dice.randrange(60)
        if self.dice.random() < self.weather.slips:
            self.central.conn.slips = self.dice.randrange(80)

    def _served(self, act: Callable[[], bytes], *, slips: bool = True) -> bytes:
        """Answer as a server that may die on the way; nobody answers then."""
        self._maybe_die()
        if not slips:
            self.central.conn.slips = None
        try:
            return act()
        except Killed:
            self.hurt.append("server killed")
            self.central.reopen()
            raise Unreachable("the connection was reset") from None
        except Slip:
            self.hurt.append("slip")
            raise ServerFault("500") from None
        finally:
            self.central.conn.left = self.central.conn.slips = None

    def _device(self) -> dict[str, Any]:
        known = self.central.conn.execute("SELECT 1 FROM credentials WHERE device = ?", (self.device,)).fetchone()
        state = state_of(self.central.conn, "device", self.device)
        if not known or state is None:
            raise Refused("unknown", slug="unknown-device", status=401)
        return state

    def send(self, lines: Sequence[bytes]) -> Reply:
        """Send a batch; what may go wrong does."""
        body = write_batch(lines)
        self.bytes_up += len(body)
        self.meanwhile()
        fate = self._fate("no line", "torn up", "late", "5xx", "answer lost", "answer cut", "double", "reordered",
                          "busy")  # fmt: skip
        if fate == "late":
            self.late.append(body)
        if fate in {"no line", "late"}:
            raise Unreachable(fate)
        if fate == "busy":
            raise Unreachable(fate, retry_after=30.0)
        if fate == "5xx":
            raise ServerFault(fate)
        self._device()
        if fate == "torn up":
            self._receive_torn(body)
        if fate == "reordered" and len(lines) > 1:
            self._served(lambda: self.receive(write_batch(self.dice.sample(list(lines), len(lines)))))
        if fate == "double":
            self._served(lambda: self.receive(body))
        answer = self._served(lambda: self.receive(body))
        self.bytes_down += len(answer)
        if fate == "answer lost":
            raise Unreachable(fate)
        if fate == "answer cut":
            answer = answer[: self.dice.randrange(len(answer))]
        return read_reply(answer, list(lines))

    def _receive_torn(self, body: bytes) -> None:
        with suppress(BadReply):
            read_batch(body[: self.dice.randrange(len(body))])
            raise AssertionError("a torn body was read")
        raise Refused("torn", slug="unreadable-body", status=422)

    def receive(self, body: bytes) -> bytes:
        """Take a batch in, as the door does."""
        return take_batch(self.central.db, self.central.keys, self.device, body, self.report, self.now())

    def since(self, cursor: str) -> Page:
        """Fetch a page; what may go wrong does."""
        self.meanwhile()
        fate = self._fate("no line", "page cut", "page lost", "old page", "5xx")
        if fate == "no line":
            raise Unreachable(fate)
        if fate == "5xx":
            raise ServerFault(fate)
        if self._device().get("revoked_on"):
            raise Refused("revoked", slug="revoked-device", status=403)
        answer = self._served(lambda: self.page(cursor))
        self.bytes_down += len(answer)
        if fate == "page lost":
            raise Unreachable(fate)
        if fate == "page cut":
            answer = answer[: self.dice.randrange(len(answer))]
        page = read_page(answer)
        self.pages.append(answer)
        return page

    def page(self, cursor: str) -> bytes:
        """Answer the next page, as the door does."""
        state = state_of(self.central.conn, "device", self.device) or {}
        device = {**state, "id": self.device, "unit": f"{state['epoch']}:{state['area']}"}
        try:
            return next_page(self.central.db, device, cursor, self.report, self.now())
        except feed.LostHistory:
            raise OtherHistory("", slug="other-history", status=410) from None
        except feed.OtherScope:
            raise OtherScope("", slug="other-scope", status=410) from None

    def enrol(self, secret: str, name: str, public_key: str, proof: str) -> dict[str, Any]:
        """Redeem a code, as the door does."""
        given = {"code": secret, "name": name, "public_key": public_key, "proof": proof}
        fate = self._fate("no line", "answer lost")
        if fate == "no line":
            raise Unreachable(fate)
        try:
            answer = self._served(  # known: an error of ours in taking the device's item in is answered as if it stood
                lambda: json.dumps(redeem(self.central.db, self.central.keys, given, self.now())).encode(), slips=False
            )
        except BadEnrolmentCode as error:
            raise Refused(str(error), slug=error.slug, status=403) from None
        if fate == "answer lost":
            raise Unreachable(fate)
        told: dict[str, Any] = json.loads(answer)
        return told


@dataclass
class LaptopEnd:
    """A laptop: its store, its clock, its line, and what it finished, remembered outside of it."""

    name: str
    folder: Path
    line: SimLine
    now: Callable[[], datetime]
    area: str
    offset: timedelta = timedelta()
    finished: dict[str, bytes] = field(default_factory=dict)  # every item ever committed, by name
    db: Database = field(init=False)

    def __post_init__(self) -> None:
        self.db = _fragile(field_store.connect(self.folder / "field.db"))

    @property
    def conn(self) -> Any:
        """The open connection."""
        return self.db.conn

    def at(self) -> datetime:
        """Return what this laptop's own clock says."""
        return self.now() + self.offset

    def reopen(self) -> None:
        """The program died, and is started again."""
        self.db.conn.left = None
        self.db.close()
        self.db = _fragile(field_store.connect(self.folder / "field.db"))

    def all(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        return list(self.conn.execute(query, values))

    def enrols(self, central: CentralEnd, unit: str) -> bool:
        """Enrol with a new code for *unit*; tried until the line lets it through."""
        self.conn.left = None  # known: a laptop that dies between the answer and start_over keeps the old area's copy
        secret = None
        for _ in range(50):
            if secret is None:
                invited = invite(central.db, central.keys, unit=unit, team=None, address=NOWHERE, at=self.now())
                secret = invited.code.text()
            try:
                told = enrol(self.db, self.folder / "device.key", secret, at=self.at(), name=self.name,
                             line=self.line)  # fmt: skip
            except (Unreachable, ServerFault):
                continue
            except Refused:  # known: a locked laptop's fresh code is used up by a server that dies while redeeming it
                secret = None
                continue
            except Killed:
                self.reopen()
                continue
            self.line.device, self.area = told.device, told.area
            return True
        return False

    def sync(self, halves: frozenset[Half] = BOTH) -> Outcome | None:
        """Send and fetch; None when this laptop died on the way."""
        self.line.hurt.clear()
        try:
            return sync_now(self.db, halves=halves, line=self.line, now=self.at)
        except Killed:
            self.reopen()
            return None
        finally:
            self.conn.left = None

    def remember(self) -> None:
        """Note what has been finished here: none of it may ever be missing again."""
        for name, line in self.all("SELECT name, line FROM own ORDER BY local"):
            known = self.finished.setdefault(name, bytes(line))
            assert known == line, f"{self.name}: the bytes of {name} changed"
