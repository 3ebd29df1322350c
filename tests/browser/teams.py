"""Two teams of one commune, their enrolled laptops, and the line of each to the server."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from field_client.clock import now
from field_client.enrolment import enrol
from field_client.settings import Settings
from field_client.store import connect, open_store, put_meta, writing
from field_client.syncing import sync_now
from schemas.ids import new_id
from server.door.enrol import invite
from tests.browser.laptop import Program
from tests.field_client.conftest import COMMUNE, place_state

NOBODY = "http://127.0.0.1:9"
NAMES = ("Lê Thị Hạnh", "Nguyễn Văn Được", "Trần Thị Mỹ Linh")


def team_of(central, name):
    """Enter a team of three at the office."""
    id = new_id()
    told = {"agency": "Sở Y tế", "card_expires_on": "2028-12-31"}
    members = {f"member/{n}": {"name": one, "card": f"TH-01{n}", **told} for n, one in enumerate(NAMES)}
    central.edit("team", id, {"name": name, "level": "commune", "epoch": "new", "area": "15664", **members})
    return id


def laptop_of(served, folder: Path, team: str) -> Settings:
    """Enrol a laptop of a team, and let it fetch what it may know."""
    central, settings = served.central, Settings(folder)
    db = open_store(settings.database)
    code = invite(central.db, central.keys, unit=COMMUNE, team=team, address=served.address, at=now()).code
    enrol(db, settings.key, code.text(), at=now(), name=folder.name)
    assert not sync_now(db).trouble
    db.close()
    return settings


def line(program: Program, address: str) -> None:
    """Let a laptop ask for the server at *address*."""
    db = connect(program.settings.database, program.key)
    with writing(db) as conn:
        put_meta(conn, "address", address)
    db.close()


def syncs(program: Program) -> None:
    """Send and fetch; where the program's own courier is at it, after that."""
    db = connect(program.settings.database, program.key)
    until = time.monotonic() + 20
    while sync_now(db).trouble:
        assert time.monotonic() < until
        time.sleep(0.1)
    db.close()


@pytest.fixture
def ours(served, tmp_path) -> Iterator[Program]:
    """The laptop of our team: it has fetched its area, and now there is no network."""
    served.central.edit("establishment", new_id(), place_state("Karaoke Hoàng Gia", code="KAR-009"))
    running = Program(laptop_of(served, tmp_path / "máy đội xã", team_of(served.central, "Đội 178 xã Triệu Sơn")))
    line(running, NOBODY)
    yield running
    running.kill()


@pytest.fixture
def theirs(served, tmp_path) -> Iterator[Program]:
    """The laptop of another team of the same area."""
    running = Program(laptop_of(served, tmp_path / "máy đội tỉnh", team_of(served.central, "Đội 178 tỉnh")))
    yield running
    running.kill()
