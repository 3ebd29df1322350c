"""Builders with defaults, so that a test shows only what differs; real stores, copied from one template."""

import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlite_utils import Database

from schemas.ids import new_id
from schemas.items import read, write
from server.arrivals.acting import sender_of
from server.arrivals.ingest import Taken, ingest
from server.keys import Keys, read_keys
from server.office import edit, make
from server.settings import Settings
from server.setup import create
from server.store import connect
from sync.chain import Receipt
from tests.compiled import Compiled

# A run in the background was told to ignore Ctrl-C, and every program that a test starts would be told so too.
signal.signal(signal.SIGINT, signal.default_int_handler)

Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}  # what Flask has for it

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
COMMUNE = "new:15664"
ELSEWHERE = "new:15682"


@dataclass
class Central:
    """A server without its web: the store, the keys, and short ways to change it."""

    settings: Settings
    db: Database
    keys: Keys

    def place(self, unit: str = COMMUNE, kinds: tuple[str, ...] = ("karaoke",), **state: Any) -> str:
        """Enter an establishment, open since 2019, and return its id."""
        id = new_id()
        self.edit("establishment", id, place_state(unit, kinds, **state))
        return id

    def edit(self, kind: str, id: str, after: dict[str, Any], was: dict[str, Any] | None = None) -> Receipt:
        """Make one register edit at the office."""
        return make(self.db, [edit(kind, id, after, was or {})], author="test", at=AT)[0]

    def laptop(self, unit: str = COMMUNE) -> "Laptop":
        """Enrol a laptop that writes about *unit*; only its items are real."""
        id, (epoch, _, area) = new_id(), unit.partition(":")
        self.edit("device", id, {"name": "Máy thử", "epoch": epoch, "area": area})
        return Laptop(self, id)

    def ingest(self, *lines: bytes, device: str, at: datetime = AT) -> Taken:
        """Take in a batch from *device*."""
        return ingest(self.db, lines, sender_of(self.db.conn, device), at)

    def one(self, query: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        row = self.db.conn.execute(query, values).fetchone()
        return row[0] if row else None


@dataclass
class Laptop:
    """Writes items as a laptop would, without a store."""

    central: Central
    id: str
    run: str = field(default_factory=new_id)
    drawn: int = 0

    def line(self, kind: str, id: str, body: dict[str, Any], base: str | None = None) -> bytes:
        """Write one item."""
        self.drawn += 1
        return write(
            kind=kind, id=id, base=base, device=self.id, run=self.run, device_seq=self.drawn, author="Lê Thị Hạnh",
            recorded_at="2026-11-20T15:00:00Z", body=body,
        )  # fmt: skip

    def visit(self, place: str, *, id: str | None = None, base: bytes | None = None, **changes: Any) -> bytes:
        """Write a visit to *place*; *base* is the line it corrects."""
        known = read(base) if base else None
        id = id or (known.id if known else new_id())
        return self.line("inspection", id, visit_body(place, **changes), known.name if known else None)

    def sends(self, *lines: bytes) -> list[str]:
        """Send a batch and return the standings, in order; an unreadable line stands as `unreadable`."""
        taken = self.central.ingest(*lines, device=self.id)
        return [a.present or a.standing if isinstance(a, Receipt) else "unreadable" for a in taken.answers]


def place_state(unit: str = COMMUNE, kinds: tuple[str, ...] = ("karaoke",), **state: Any) -> dict[str, Any]:
    """Return the state of an establishment that has been open since 2019."""
    epoch, _, code = unit.partition(":")
    since = {"from": "2019-01-01", "to": None}
    spans = {f"kind/{n}": {**since, "kind": kind} for n, kind in enumerate(kinds)}
    return {
        "name": "Karaoke Đông Đô",
        "place/1": {**since, "epoch": epoch, "unit": code, "address": "Phố Giắt"},
        "status/1": {**since, "status": "open"},
        **spans,
        **state,
    }


def visit_body(place: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a planned visit without findings, by three members."""
    return {
        "establishment": place,
        "team": "018f0000-0000-7000-8000-000000000001",
        "date": "2026-11-05",
        "basis": "planned",
        "outcome": "no_violation",
        "members": [{"name": name} for name in ("An", "Bình", "Cường")],
        **changes,
    }


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a new server once; tests copy it."""
    folder = tmp_path_factory.mktemp("template") / "server"
    create(Settings(folder), AT)
    return folder


@pytest.fixture
def new_central(template: Path, tmp_path: Path) -> Callable[[str], Central]:
    """Return a function that makes a server of its own under a name."""

    def build(name: str) -> Central:
        folder = tmp_path / name
        shutil.copytree(template, folder)
        settings = Settings(folder)
        return Central(settings, connect(settings.database), read_keys(settings.keys))

    return build


@pytest.fixture
def central(new_central: Callable[[str], Central]) -> Central:
    """A server with both maps and nothing else."""
    return new_central("central")
