"""What a laptop knows after years in its area: the map, teams, places with papers, visits, and what was said since."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from benchmarks.ends import SEED
from benchmarks.invented import KINDS, Inventor, communes
from benchmarks.sizes import Size
from schemas.duties import due, reasons
from schemas.ids import new_id
from schemas.items import write
from schemas.register import State
from schemas.units import Epoch, packaged_units
from schemas.violations import in_force
from server.clock import local_day, now
from sync.wire import Change

TEAMS, OF_A_TEAM = 12, 4_000  # teams that a laptop knows, at least; visits of each in five years; the first is its own
LICENSED, DECIDED, OUTSIDE, ASSIGNED = 0.6, 0.05, 0.02, 0.02  # shares of places
RESOLVED, DONE = 0.5, 0.97  # of visits with acts, and of the duties of a team's own visits
DAYS, RECENT = 5 * 365, 200
Thing = tuple[str, str, Any]  # kind, id, state


class Years:
    """Invents a laptop's copy of its part of the world, the same for the same size."""

    def __init__(self, size: Size, team: str) -> None:
        """Begin; *team* is the laptop's own."""
        self.size = size
        self.today = local_day(now())
        self.inventor = Inventor(SEED, self.today)
        self.dice = self.inventor.dice
        self.teams = [team, *(new_id() for _ in range(max(TEAMS, size.laptop_visits // OF_A_TEAM) - 1))]
        self.numbers = count(1)
        self.places: list[tuple[str, str]] = []  # id and kind

    def changes(self) -> Iterator[Change]:
        """Return everything, in an order in which a server could have told it."""
        yield from self._told(self._map())
        yield from self._told(self._office())
        yield from self._told(self._register())
        for n in range(self.size.laptop_visits):
            id, body = new_id(), self._visit()
            yield Change(next(self.numbers), "inspection", id, revisions=(("accepted", _line(id, body, n)),))
            if body.get("violations") and self.dice.random() < RESOLVED:
                yield from self._told([("resolution", new_id(), self._resolution(id, body))])
            if body["team"] == self.teams[0]:
                yield from self.duties(id, body)

    def duties(self, visit: str, body: dict[str, Any]) -> Iterator[Change]:
        """Return that most of what a visit of the last months made a team do is done."""
        day = date.fromisoformat(body["date"])
        if (self.today - day).days > RECENT:
            return
        for one in due({*reasons(body), "open_findings"}, day):
            if self.dice.random() < DONE:
                said = {"inspection": visit, "duty": one.row.id, "on": str(day)}
                state = {"inspection": visit, "author": "Lê Thị Hạnh", "said": said}
                yield from self._told([("duty", new_id(), state)])

    def _told(self, things: Iterable[Thing]) -> Iterator[Change]:
        return (Change(next(self.numbers), kind, id, state) for kind, id, state in things)

    def _map(self) -> Iterator[Thing]:
        area = self.size.area.partition(":")[2]
        for unit in packaged_units():
            if unit.epoch is Epoch.NEW and area in {unit.code, unit.parent}:
                yield "unit", unit.key, {"name": unit.name, "level": unit.level.value, "parent": unit.parent or None}

    def _office(self) -> Iterator[Thing]:
        for n, team in enumerate(self.teams):
            members = {f"member/{key}": member for key, member in enumerate(self.inventor.members())}
            name = f"Đội kiểm tra liên ngành 178 số {n + 1}"
            yield "team", team, {"name": name, "level": "province", "epoch": "new", "area": "38", **members}
        span = {"from": f"{self.today.year}-01-01", "to": f"{self.today.year}-12-31"}
        yield "plan", new_id(), {"name": "Kế hoạch giả định", "invented": True, "epoch": "new", "area": "38", **span}
        held = {"authorities": [{"authority": "UBND tỉnh", "from": "2021-01-01"}], "from": "2021-01-01", "more": 0}
        yield "decisions_held", "all", held

    def _register(self) -> Iterator[Thing]:
        where = communes(self.size.area)
        for n in range(self.size.laptop_places):
            operator, place = new_id(), new_id()
            state = self.inventor.place(f"D178-{n:06d}", self.dice.choice(where), operator)
            self.places.append((place, state["kind/1"]["kind"]))
            yield "operator", operator, self.inventor.operator()
            yield "establishment", place, state | self._papers()
            if self.dice.random() < DECIDED:
                yield "repeat", operator, {"windows": [self._window()]}
            if self.dice.random() < ASSIGNED:
                yield "assignment", new_id(), self._assignment(place)
            if self.dice.random() < OUTSIDE:
                yield "outside_check", new_id(), {"establishment": place, "date": self._day(), "agency": "Công an tỉnh"}

    def _papers(self) -> State:
        if self.dice.random() >= LICENSED:
            return {}
        until = str(self.today + timedelta(days=self.dice.randint(-400, 2000)))
        return {"licence/1": {"type": "operating_licence", "number": "12/GP", "from": "2019-01-01", "to": until}}

    def _window(self) -> dict[str, Any]:
        decided = self.today - timedelta(days=self.dice.randint(10, 700))
        clear, act = str(decided + timedelta(days=400)), self.dice.choice(in_force(self.today, KINDS))
        return {
            "act_group": act.act_group, "codes": [act.code], "from": str(decided), "to": clear,
            "answer": "repeat", "decision": new_id(), "number": f"{self.dice.randint(1, 400)}/QĐ-XPHC",
            "decided_on": str(decided), "authority": "UBND tỉnh", "basis": "completed", "cleared_on": clear,
        }  # fmt: skip

    def _assignment(self, place: str) -> State:
        return {
            "establishment": place, "team": self.dice.choice(self.teams), "basis": "planned",
            "given_on": str(self.today - timedelta(days=self.dice.randint(0, 20))),
            "expires_on": str(self.today + timedelta(days=self.dice.randint(0, 30))), "reserved": False,
        }  # fmt: skip

    def _day(self) -> str:
        return str(self.today - timedelta(days=self.dice.randint(0, DAYS)))

    def _visit(self) -> dict[str, Any]:
        place, kind = self.dice.choice(self.places)
        return self.inventor.visit(place, kind, self.dice.choice(self.teams)) | {"date": self._day()}

    def _resolution(self, visit: str, body: dict[str, Any]) -> dict[str, Any]:
        after = date.fromisoformat(body["date"]) + timedelta(days=30)
        said = {
            "inspection": visit, "finding": body["violations"][0]["id"], "on": str(min(after, self.today)),
            "how": "papers", "seen": "Đã nộp bản sao giấy tờ.",
        }  # fmt: skip
        return {"inspection": visit, "author": "Phòng Văn hóa", "said": said}


def _line(id: str, body: dict[str, Any], n: int) -> bytes:
    device = body["team"]
    return write(
        kind="inspection", id=id, base=None, device=device, run=device, device_seq=n + 1, author="Lê Thị Hạnh",
        recorded_at="2026-01-05T15:00:00Z", body=body,
    )  # fmt: skip
