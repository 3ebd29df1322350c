"""An office at work, for a whole file of tests: what waits for each role, and the server as a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.items import read, write
from server.changes import apply_one
from server.clock import local_day, now
from server.demo import free_port, started, wait_for
from server.office import state_of
from server.people.users import add_user
from tests.conftest import Central, visit_body

PASSWORD = "mot mat khau dai"
DISTRICT, PROVINCE = "old:397", "new:38"
LATE = "ND38-15.5b"  # karaoke after midnight
UNCODED = {"id": new_id(), "text": "Chưa niêm yết giá dịch vụ"}


@dataclass
class Office:
    """A server with something to do for each role; ids by the names that the pages show."""

    central: Central
    at: datetime = field(default_factory=now)
    ids: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def day(self, ago: int) -> date:
        """Return the day *ago* days before today, by the clock of Vietnam."""
        return local_day(self.at) - timedelta(days=ago)

    def enter(self, kind: str, called: str, state: dict[str, Any]) -> str:
        """Enter a thing of the register under a name of the tests."""
        id = self.ids[called] = new_id()
        assert self.central.edit(kind, id, state).standing == "accepted", called
        return id

    def place(self, name: str, code: str, operator: str = "") -> str:
        """Enter a karaoke of Xã Triệu Sơn."""
        runs = {"operator/1": {"from": "2019-01-01", "operator": operator}} if operator else {}
        self.ids[name] = self.central.place(name=name, code=code, **runs)
        return self.ids[name]

    def decision(self, number: str, operator: str, **more: Any) -> None:
        """Enter a fine for karaoke after midnight, of half a year ago; nothing is known of its being carried out."""
        self.enter("decision", number, {
            "number": number, "authority": "Chủ tịch UBND xã Triệu Sơn", "operator": operator, "codes": [LATE],
            "committed_on": self.day(190).isoformat(), "decided_on": self.day(180).isoformat(), "sanction": "fine",
            "ordered": ["main"], **more,
        })  # fmt: skip

    def visit(self, place: str, team: str, **more: Any) -> None:
        """Receive a visit of three days ago of which the minutes are signed and wait for their number."""
        device, body = self.ids["Máy Đội 1"], {"date": self.day(3).isoformat(), "team": team, **more}
        line = write(
            kind="inspection", id=new_id(), base=None, device=device, run=new_id(), device_seq=1,
            author="Lê Thị Hạnh", recorded_at=instant_text(self.at), body=visit_body(self.ids[place], **body),
        )  # fmt: skip
        taken = self.central.ingest(line, device=device, at=self.at)
        assert [one.standing for one in taken.answers] == ["accepted"]
        self.ids[f"the visit to {place}"] = read(line).id
        self.does(do="paper", inspection=read(line).id, happening="signed", on=self.day(3).isoformat())

    def does(self, **asked: Any) -> None:
        """Do a verb of `apply` as the office does it."""
        answer = apply_one(self.central.db, asked, author="test", at=self.at)
        assert answer["standing"] == "accepted", answer

    def user(self, name: str, role: str, unit: str = DISTRICT, **also: Any) -> None:
        """Let somebody sign in."""
        self.ids[name] = add_user(
            self.central.db, name, role=role, unit=unit, password=PASSWORD, author="test", at=self.at, also=also
        )

    def state(self, kind: str, id: str) -> dict[str, Any]:
        """Return a thing as it is in use now."""
        return dict(state_of(self.central.db.conn, kind, id) or {})

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server as a process, with its jobs, for the block."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        with started("server.cli", "run", "--port", str(port), "--data", str(self.central.settings.data)):
            wait_for(f"{self.address}/healthz")
            yield


def filled(central: Central) -> Office:
    """Put into a new server what waits for each role in Triệu Sơn."""
    office = Office(central)
    _register(office)
    _work(office)
    office.user("hanh", "team", team=office.ids["Đội 178"])
    for name, role in (("lan", "coordinator"), ("tuan", "police"), ("mai", "legal"), ("hoa", "clerk")):
        office.user(name, role)
    office.user("duc", "auditor")
    office.user("son", "admin", PROVINCE, demo=True)  # without the second step, which the day of the police takes
    return office


def _register(office: Office) -> None:
    household = office.enter("operator", "Hộ Được", {"name": "Hộ kinh doanh Đỗ Văn Được", "form": "household"})
    other = office.enter("operator", "Hộ Hòa", {"name": "Hộ kinh doanh Đỗ Thị Hòa", "form": "household"})
    office.place("Karaoke Ánh Dương", "TS-0001", household)
    office.place("Karaoke Sao Đêm", "TS-0002", household)
    office.place("Karaoke Hoàng Gia", "TS-0003")
    office.place("Karaoke Thủy Tiên", "TS-0004")
    office.place("Karaoke Đông Đô", "TS-0005", other)
    paid = office.day(150).isoformat()
    office.decision("12/QĐ-XPHC", other, establishment=office.ids["Karaoke Đông Đô"], main_done_on=paid)
    office.decision("34/QĐ-XPHC", household, establishment=office.ids["Karaoke Sao Đêm"])


def _work(office: Office) -> None:
    area, year = {"epoch": "new", "area": "15664"}, office.day(0).year
    team = office.enter("team", "Đội 178", {"name": "Đội 178 xã Triệu Sơn", "level": "commune", **area})
    office.enter("device", "Máy Đội 1", {"name": "Máy Đội 1", **area})
    office.enter("plan", "the plan", {
        "name": "Kế hoạch năm", "epoch": "old", "area": "397", "from": f"{year}-01-01", "to": f"{year}-12-31",
        "kinds": ["karaoke"], "targets": [{"year": year, "percent": 100}],
    })  # fmt: skip
    coded = {"id": new_id(), "code": LATE, "text": "Karaoke ngoài giờ"}
    office.visit("Karaoke Ánh Dương", team, outcome="violations", violations=[UNCODED, coded])
    office.visit("Karaoke Sao Đêm", team)
    office.enter("assignment", "the assignment", {
        "establishment": office.ids["Karaoke Thủy Tiên"], "team": team, "basis": "planned",
        "given_on": office.day(1).isoformat(), "expires_on": office.day(-60).isoformat(),
    })  # fmt: skip
    office.enter("tip", "the tip", {
        "number": "1/TB", "received_on": office.day(90).isoformat(), "channel": "letter", "epoch": "new",
        "unit": "15664", "establishment": office.ids["Karaoke Sao Đêm"], "due_on": office.day(30).isoformat(),
    })  # fmt: skip
