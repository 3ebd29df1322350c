"""The two ends of a simulated sync: real stores in real files, which can die and be opened again."""

import shutil
from collections.abc import Callable
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
from server.door.enrol import invite
from server.keys import Keys, read_keys
from sync.errors import ServerFault, Unreachable
from tests.simulator.fragile import Killed, fragile
from tests.simulator.line import SimLine

NOWHERE = "http://127.0.0.1:1"  # an address that nobody asks: the line is in this process


class CentralEnd:
    """The server: its store, which can die and be opened again."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.file = folder / "doi178.db"
        self.keys: Keys = read_keys(folder / "keys")
        self.db = fragile(server_store.connect(self.file))

    @property
    def conn(self) -> Any:
        """The open connection."""
        return self.db.conn

    def reopen(self) -> None:
        """Start again on the same file."""
        feed.unit_tree.__globals__["_trees"].pop(str(self.file), None)  # a new process has read nothing
        self.db.conn.left = None
        self.db.close()
        self.db = fragile(server_store.connect(self.file))

    def all(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        return list(self.conn.execute(query, values))


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
    typed: set[str] = field(default_factory=set)  # drafts that were said to be saved
    restored: bool = False  # from an old copy, at least once
    finishing: tuple[str, int] | None = None  # a draft that is being closed, and how many items it was before
    lost: set[str] = field(default_factory=set)  # of those, what stood only on a store that was destroyed
    db: Database = field(init=False)

    def __post_init__(self) -> None:
        self.db = fragile(field_store.connect(self.folder / "field.db"))

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
        self.db = fragile(field_store.connect(self.folder / "field.db"))

    def all(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        return list(self.conn.execute(query, values))

    def enrols(self, central: CentralEnd, unit: str) -> None:
        """Enrol with one code for *unit*, whatever dies or breaks meanwhile; tried until the line lets it through."""
        self.conn.left = None
        invited = invite(central.db, central.keys, unit=unit, team=None, address=NOWHERE, at=self.now())
        for _ in range(100):
            self.line.may_die(self.conn)
            try:
                told = enrol(self.db, self.folder / "device.key", invited.code.text(), at=self.at(), name=self.name,
                             line=self.line)  # fmt: skip
            except (Unreachable, ServerFault):
                continue
            except Killed:
                self.reopen()
                continue
            finally:
                self.conn.left = None
            self.line.device, self.area = told.device, told.area
            return
        raise AssertionError(f"{self.name} was never let in")

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

    def revisions(self, id: str) -> int:
        """Return how many items were made here of one thing."""
        return int(self.all("SELECT count(*) FROM own WHERE id = ?", id)[0][0])

    def has_draft(self, id: str) -> bool:
        """Say whether there is a draft of *id*."""
        return bool(self.all("SELECT 1 FROM drafts WHERE id = ?", id))

    def remember(self) -> None:
        """Note what has been finished here: none of it may ever be missing again; nor what has been typed."""
        for name, line in self.all("SELECT name, line FROM own ORDER BY local"):
            known = self.finished.setdefault(name, bytes(line))
            assert line in (b"", known), f"{self.name}: the bytes of {name} changed"
        for id in sorted(self.typed):
            assert self.has_draft(id), f"{self.name}: the draft {id} was saved and is gone"
        if self.finishing:
            id, before = self.finishing
            kept, draft = self.revisions(id) - before, self.has_draft(id)
            assert (kept, draft) in {(0, True), (1, False)}, f"{self.name}: {id} is {kept} items and draft: {draft}"
            self.finishing = None
            if draft:
                self.typed.add(id)
