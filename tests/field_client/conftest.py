"""A laptop with a team, a place and a line that can fail; and the same laptop on the real server."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from werkzeug.serving import make_server

from field_client import records
from field_client.enrolment import enrol
from field_client.settings import Settings
from field_client.store import open_store
from field_client.syncing import Outcome, sync_now
from field_client.vault.opening import open_plain
from schemas.ids import new_id
from server.app import create_app
from server.door.enrol import invite
from sync.enrolment import EnrolmentCode
from tests.field_client.fake_line import FakeLine

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
COMMUNE = "new:15664"


def place_state(name: str = "Karaoke Đông Đô", **state: Any) -> dict[str, Any]:
    """Return the state of a karaoke place, open since 2019."""
    return {
        "code": "KAR-001",
        "name": name,
        "place/1": {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt"},
        "kind/1": {"from": "2019-01-01", "kind": "karaoke"},
        "status/1": {"from": "2019-01-01", "status": "open"},
        **state,
    }


@dataclass
class Laptop:
    """A laptop's store, and the line it uses; *place* is an establishment that both ends know."""

    settings: Settings
    db: Database
    line: FakeLine
    place: str = field(default_factory=new_id)
    team: str = field(default_factory=new_id)

    def body(self, **changes: Any) -> dict[str, Any]:
        """Return a planned visit without findings, by three members."""
        return {
            "establishment": self.place,
            "team": self.team,
            "date": "2026-11-05",
            "basis": "planned",
            "outcome": "no_violation",
            "members": [{"name": name} for name in ("An", "Bình", "Cường")],
            **changes,
        }

    def record(self, id: str | None = None, **changes: Any) -> records.Kept:
        """Finish one visit."""
        return records.record(self.db, id or new_id(), self.body(**changes), at=AT)

    def sync(self, **options: Any) -> Outcome:
        """Send and fetch over the line."""
        return sync_now(self.db, line=self.line, now=lambda: AT, **options)

    def one(self, query: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        row = self.db.conn.execute(query, values).fetchone()
        return row[0] if row else None

    def all(self, query: str, *values: Any) -> list[Any]:
        """Return the first column of every row."""
        return [row[0] for row in self.db.conn.execute(query, values)]


@pytest.fixture
def closes() -> Callable[[Settings], bytes]:
    """Say how the laptops of a file of tests are closed: most are plain, so that tests are quick."""
    return open_plain


@pytest.fixture
def blank(tmp_path: Path, closes: Callable[[Settings], bytes]) -> Iterator[Laptop]:
    """A laptop that nobody has enrolled."""
    settings = Settings(tmp_path / "máy tính")
    laptop = Laptop(settings, open_store(settings.database, closes(settings)), FakeLine())
    yield laptop
    laptop.db.close()


@pytest.fixture
def laptop(blank: Laptop) -> Laptop:
    """An enrolled laptop that has fetched its team and one place."""
    code = EnrolmentCode(blank.line.code, "http://127.0.0.1:1", "")
    enrol(blank.db, blank.settings.key, code.text(), at=AT, name="Máy thử", line=blank.line)
    blank.line.knows("unit", COMMUNE, {"name": "Xã Triệu Sơn", "level": "commune"})
    blank.line.knows("team", blank.team, {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"})
    blank.line.knows("establishment", blank.place, place_state())
    assert not blank.sync().trouble
    return blank


@dataclass
class Served:
    """The real server on a real port."""

    central: Any
    address: str

    def invite(self) -> EnrolmentCode:
        """Return a fresh enrolment code for the commune."""
        central = self.central
        return invite(central.db, central.keys, unit=COMMUNE, team=None, address=self.address, at=_now()).code


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def served(central: Any) -> Iterator[Served]:
    """The real server, listening on loopback in a thread of its own."""
    server = make_server("127.0.0.1", 0, create_app(central.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(central, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
