"""A small office to look at: communes of Triệu Sơn, a few places and visits, people with roles and areas."""

import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from schemas.ids import new_id
from schemas.items import write
from server.app import create_app
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.office import edit, make
from server.people.users import add_user
from server.settings import Settings
from server.setup import create
from server.store import connect

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
PASSWORD = "mot mat khau dai"
TRIEU_SON = "old:397"
PROVINCE = "new:38"
MEMBERS = [{"name": name} for name in ("Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường")]


@dataclass
class Office:
    """A server with a database, and the short way to put things in it."""

    settings: Settings
    team: str = field(default_factory=new_id)
    device: str = field(default_factory=new_id)
    sent: int = 0

    def __post_init__(self):
        self.db = connect(self.settings.database)
        self.operator = self.edit("operator", {"name": "Hộ Nguyễn Thị Đào", "form": "household"})

    def edit(self, kind, state, id=None):
        """Enter a thing of the register and return its id."""
        id = id or new_id()
        answer = make(self.db, [edit(kind, id, state, {})], author="test", at=AT)[0]
        assert answer.standing == "accepted", answer.detail
        return id

    def place(self, name="Karaoke Đông Đô", unit="new:15664", *, kinds=("karaoke",), since="2019-01-01", closed=None):
        """Enter an establishment that is open from *since*."""
        return self.edit("establishment", self.place_state(name, unit, kinds, since, closed))

    def place_state(self, name, unit, kinds, since, closed):
        epoch, _, code = unit.partition(":")
        state = {"code": new_id()[-8:], "name": name, "operator/1": {"from": since, "operator": self.operator}}
        state["place/1"] = {"from": since, "epoch": epoch, "unit": code, "address": "Phố Giắt"}
        state["status/1"] = {"from": since, "status": "open"}
        state |= {f"kind/{kind}": {"from": since, "kind": kind} for kind in kinds}
        return state | ({"status/2": {"from": closed, "status": "closed"}} if closed else {})

    def visit(self, place, day="2026-05-06", **more):
        """Send a visit from the laptop and return its standing."""
        return self.visits([(place, day)], **more)[0]

    def visits(self, pairs, **more):
        lines = [self._line(place, day, more) for place, day in pairs]
        return [answer.standing for answer in ingest(self.db, lines, Sender(self.device, None), AT).answers]

    def _line(self, place, day, more):
        self.sent += 1
        body = {"establishment": place, "team": self.team, "date": day, "basis": "planned", "outcome": "no_violation"}
        return write(
            kind="inspection", id=new_id(), base=None, device=self.device, run=self.device, device_seq=self.sent,
            author="Lê Thị Hạnh", recorded_at="2026-11-19T15:00:00Z", body={**body, "members": MEMBERS, **more},
        )  # fmt: skip

    def plan(self, percent=25, area=TRIEU_SON, **more):
        """Put a plan in force for this year."""
        epoch, _, code = area.partition(":")
        state = {"name": "Kế hoạch phòng, chống mại dâm", "number": "86/KH-UBND", "epoch": epoch, "area": code}
        state |= {"from": "2026-01-01", "to": "2026-12-31", "kinds": ["karaoke", "dance_hall", "massage"]}
        return self.edit("plan", state | {"targets": [{"year": 2026, "percent": percent}]} | more)

    def user(self, role="coordinator", area=TRIEU_SON, name=""):
        """Add someone who signs in, and return the name."""
        name = name or f"{role} {area}"
        add_user(self.db, name, role=role, unit=area, password=PASSWORD, author="test", at=AT)
        return name

    def laptop(self, name="Máy Đội 1", area=TRIEU_SON, **contact):
        """Enrol a laptop and note what it said last."""
        epoch, _, code = area.partition(":")
        id = self.edit("device", {"name": name, "epoch": epoch, "area": code})
        said = {"device": id, "at": "2026-11-19T15:00:00Z", "drafts": 0, "unsent": 0, "earliest": None}
        self.db["contacts"].insert({**said, "version": "0.1.0", "clock_offset_s": 0, **contact})
        return id

    def app(self):
        app = create_app(self.settings)
        app.config.update(TESTING=True, PROPAGATE_FAULTS=True)
        return app


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory):
    """Make a new server once; every test gets a copy."""
    folder = tmp_path_factory.mktemp("office") / "data"
    create(Settings(folder), AT)
    return folder


@pytest.fixture
def office(empty_server, tmp_path):
    """An office with nothing in it but the units."""
    shutil.copytree(empty_server, tmp_path / "data")
    made = Office(Settings(tmp_path / "data"))
    yield made
    made.db.close()


@pytest.fixture
def busy(office):
    """Triệu Sơn in a year's work: 8 communes, 40 places, 10 of them inspected, two kinds in one place."""
    fill(office, random.Random(178))
    return office


def fill(office, dice, communes=None, places=40, visits=12, names=("Đông Đô", "Ánh Dương", "Hoàng Gia", "Sao Đêm")):
    """Enter places spread over *communes* and send visits to some of them."""
    tree_communes = communes or [f"new:{code}" for code in TRIEU_SON_NEW]
    states = []
    for i in range(places):
        kinds = ("karaoke", "massage") if i % 13 == 0 else (dice.choice(["karaoke", "karaoke", "massage", "dance_hall"]),)
        name = f"{dice.choice(['Karaoke', 'Massage', 'Vũ trường'])} {dice.choice(names)} {i + 1}"
        states.append(office.place_state(name, dice.choice(tree_communes), kinds, "2019-01-01", None))
    ids = [new_id() for _ in states]
    for start in range(0, places, 500):
        part = zip(ids[start : start + 500], states[start : start + 500], strict=True)
        make(office.db, [edit("establishment", id, state, {}) for id, state in part], author="test", at=AT)
    chosen = [dice.choice(ids[: max(places // 3, 1)]) for _ in range(visits)]
    days = [date(2026, dice.randint(1, 10), dice.randint(1, 28)).isoformat() for _ in chosen]
    for start in range(0, visits, 500):
        office.visits(list(zip(chosen, days, strict=True))[start : start + 500])
    return ids


TRIEU_SON_NEW = ("15754", "15763", "15682", "15724", "15766", "15664", "15715", "15667")


@pytest.fixture
def browser_of(office):
    """Return how to get a browser in which someone is signed in."""

    def sign_in(role="coordinator", area=TRIEU_SON):
        client = office.app().test_client()
        with client.session_transaction() as session:
            session.update(session_of(office, office.user(role, area)))
        return client

    return sign_in


def session_of(office, name):
    from server.access import stamp
    from server.people.users import sign_in

    found = sign_in(office.db, name, PASSWORD)
    return {"user": found.id, "stamp": stamp(found.hash)}
