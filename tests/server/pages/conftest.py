"""A small office to look at: communes of Triệu Sơn, places and visits, people with roles and areas."""

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
from server.clock import now
from server.office import Change, edit, make
from server.people.sessions import Browser, begin
from server.people.users import add_user
from server.settings import Settings
from server.store import connect, writing

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
PASSWORD = "mot mat khau dai"
DISTRICT, PROVINCE, COMMUNE = "old:397", "new:38", "new:15664"
COMMUNES = tuple(f"new:{code}" for code in (15754, 15763, 15682, 15724, 15766, 15664, 15715, 15667))
NAMES = ("Đông Đô", "Ánh Dương", "Hoàng Gia", "Sao Đêm", "Ước Mơ", "Thủy Tiên")


@dataclass
class Office:
    """A server with a database, and short ways to put things in it."""

    settings: Settings
    team: str = field(default_factory=new_id)
    device: str = field(default_factory=new_id)
    sent: int = 0
    at: datetime = AT
    password: str = PASSWORD
    users: dict = field(default_factory=dict)

    def __post_init__(self):
        self.db = connect(self.settings.database)

    def enter(self, kind, *states, ids=()):
        """Enter things of the register and return their ids."""
        ids = ids or [new_id() for _ in states]
        changes = [edit(kind, id, state, {}) for id, state in zip(ids, states, strict=True)]
        for start in range(0, len(changes), 500):
            answers = make(self.db, changes[start : start + 500], author="test", at=self.at)
            assert {answer.standing for answer in answers} == {"accepted"}, answers
        return ids

    def fill(self, communes=COMMUNES, places=40, inspected=12, seed=178):
        """Enter places spread over *communes*, every thirteenth of two kinds, and inspect some, a few of them twice."""
        dice = random.Random(seed)
        states = []
        for i in range(places):
            kind = dice.choice(["karaoke", "karaoke", "massage", "dance_hall"])
            kinds = ("karaoke", "massage") if i % 13 == 0 else (kind,)
            states.append(place_state(f"{dice.choice(NAMES)} {i + 1}", dice.choice(communes), kinds))
        ids = self.enter("establishment", *states)
        chosen = dice.sample(ids, inspected)
        chosen += chosen[: inspected // 5]
        pairs = [(id, date(2026, dice.randint(1, 10), dice.randint(1, 28)).isoformat()) for id in chosen]
        for start in range(0, len(pairs), 500):
            assert set(self.visits(pairs[start : start + 500])) == {"accepted"}
        return ids

    def place(self, name="Karaoke Đông Đô", unit=COMMUNE, **more):
        """Enter an establishment, open since 2019."""
        return self.enter("establishment", place_state(name, unit, **more))[0]

    def visit(self, place, day="2026-05-06", **more):
        """Send a visit from the laptop and return its standing."""
        return self.visits([(place, day)], **more)[0]

    def visits(self, pairs, **more):
        lines = [self._line(place, day, more) for place, day in pairs]
        return [answer.standing for answer in ingest(self.db, lines, Sender(self.device, None), self.at).answers]

    def line(self, place, day="2026-05-06", **more):
        """Write a visit as the laptop would."""
        return self._line(place, day, more)

    def _line(self, place, day, more):
        self.sent += 1
        body = {"establishment": place, "team": self.team, "date": day, "basis": "planned", "outcome": "no_violation"}
        body["members"] = [{"name": name} for name in ("Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường")]
        return write(
            kind="inspection", id=new_id(), base=None, device=self.device, run=self.device, device_seq=self.sent,
            author="Lê Thị Hạnh", recorded_at="2026-11-19T15:00:00Z", body={**body, **more},
        )  # fmt: skip

    def plan(self, percent=25, area=DISTRICT, year=2026, **more):
        """Put a plan in force for a year."""
        state = {"name": "Kế hoạch phòng, chống mại dâm", "number": "86/KH-UBND", **area_of(area)}
        state |= {"from": f"{year}-01-01", "to": f"{year}-12-31", "kinds": ["karaoke", "dance_hall", "massage"]}
        return self.enter("plan", state | {"targets": [{"year": year, "percent": percent}]} | more)[0]

    def user(self, role="coordinator", area=DISTRICT):
        """Add someone who signs in, and return the name."""
        name = f"{role} {area} {len(self.users)}"
        self.users[name] = add_user(
            self.db, name, role=role, unit=area, password=PASSWORD, author="test", at=self.at
        )  # fmt: skip
        return name

    def team_of(self, area=COMMUNE, name="Đội 178 xã Triệu Sơn", **more):
        """Enter a team of an area, with three members, and return its id."""
        level = "province" if area == PROVINCE else "district" if area.startswith("old:3") else "commune"
        state = {"name": name, "level": level, **area_of(area), "decision": "178/QĐ-UBND", "valid_from": "2026-01-01",
                 "valid_to": "2026-12-31"}  # fmt: skip
        people = ("Nguyễn Văn An", "Lê Thị Bình", "Trần Văn Cường")
        state |= {f"member/{seat}": {"name": name, "agency": "UBND xã", "card": f"TT-{seat}"}
                  for seat, name in enumerate(people, 1)}  # fmt: skip
        return self.enter("team", state | more)[0]

    def laptop(self, name="Máy Đội 1", area=DISTRICT, **contact):
        """Enrol a laptop, and note what it said at its last contact where it made one."""
        id = self.enter("device", {"name": name, **area_of(area)})[0]
        if contact:
            said = {"device": id, "at": "2026-11-19T15:00:00Z", "drafts": 0, "unsent": 0, "earliest": None}
            self.db["contacts"].insert({**said, "version": "0.1.0", "clock_offset_s": 0, **contact})
        return id

    def confirm(self, unit, day="2026-03-05", by="Chủ tịch UBND xã"):
        """Enter that a commune has gone through its list."""
        epoch, _, code = unit.partition(":")
        body = {"epoch": epoch, "unit": code, "on": day, "by": by}
        make(self.db, [Change("confirm_list", unit, body)], author="test", at=self.at)

    def app(self):
        app = create_app(self.settings)
        app.config.update(TESTING=True, PROPAGATE_FAULTS=True)
        return app

    def client(self, role="coordinator", area=DISTRICT, app=None):
        """Return a browser, of a kind, in which someone new is signed in."""
        return self.signed_in(self.users[self.user(role, area)], app)

    def signed_in(self, user, app=None, second=1):
        """Return a browser, of a kind, in which *user* is signed in, with the second step taken or not."""
        client = (app or self.app()).test_client()
        with writing(self.db) as conn:
            token = begin(conn, user, now(), Browser("Firefox, Linux", "127.0.0.1"), second=second)
        with client.session_transaction() as session:
            session["token"] = token
        return client


def area_of(key):
    epoch, _, code = key.partition(":")
    return {"epoch": epoch, "area": code}


def place_state(name, unit=COMMUNE, kinds=("karaoke",), since="2019-01-01", **more):
    """Return the state of an establishment that is open from *since* on."""
    epoch, _, code = unit.partition(":")
    state = {"code": new_id()[-8:], "name": name}
    state["place/1"] = {"from": since, "epoch": epoch, "unit": code, "address": "Số 12, phố Giắt"}
    state["status/1"] = {"from": since, "status": "open"}
    return state | {f"kind/{kind}": {"from": since, "kind": kind} for kind in kinds} | more


@pytest.fixture
def office(template, tmp_path):
    """An office with nothing in it but the units."""
    shutil.copytree(template, tmp_path / "data")
    made = Office(Settings(tmp_path / "data"))
    yield made
    made.db.close()


@pytest.fixture
def busy(office):
    """Triệu Sơn in a year's work: 8 communes, 40 places, 12 of them inspected, against a quarter."""
    office.fill()
    office.plan()
    return office
