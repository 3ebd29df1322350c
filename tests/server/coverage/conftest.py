"""Rows put straight into a real store, so that a case says its register and its visits and nothing else."""

import json
import random
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from schemas.units import AdminUnit, Epoch, Level, UnitTree
from server.coverage.ask import coverage
from server.coverage.deltas import Deltas
from server.coverage.question import ask
from server.coverage.under import Listing, Under, What
from server.coverage.years import check
from server.store import open_store, put_meta, writing

# Two old districts of a province; the new communes N1 = A1 + A2, N2 = half of A3, N3 = half of A3 + B1, N4 = B2.
# Of the old commune C2 it is not known what became of it.
UNITS = {
    "old:38": ("Tỉnh Cũ", "province", ""),
    "old:A": ("Huyện A", "district", "38"),
    "old:B": ("Huyện B", "district", "38"),
    **{f"old:A{n}": (f"Xã A{n}", "commune", "A") for n in (1, 2, 3)},
    **{f"old:B{n}": (f"Xã B{n}", "commune", "B") for n in (1, 2)},
    "old:40": ("Tỉnh Cũ Khác", "province", ""),
    "old:C": ("Huyện C", "district", "40"),
    **{f"old:C{n}": (f"Xã C{n}", "commune", "C") for n in (1, 2)},
    "new:38": ("Tỉnh Mới", "province", ""),
    **{f"new:N{n}": (f"Xã N{n}", "commune", "38") for n in (1, 2, 3, 4)},
    "new:01": ("Thành phố Khác", "province", ""),
    "new:X1": ("Phường X1", "commune", "01"),
}
ROADS = [("A1", "N1"), ("A2", "N1"), ("A3", "N2"), ("A3", "N3"), ("B1", "N3"), ("B2", "N4"), ("C1", "X1")]
PROVINCE = "new:38"


def make_tree(units: Iterable[str] = UNITS, roads: Iterable[tuple[str, str]] = tuple(ROADS)) -> UnitTree:
    rows = [(key.partition(":"), UNITS[key]) for key in units]
    return UnitTree(
        [
            AdminUnit(Epoch(e), code, name, Level(level), parent, None, None)
            for (e, _, code), (name, level, parent) in rows
        ],
        roads,
    )


def chain(group: str, spans: Iterable[tuple[str, ...]], say: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Write spans (value, from[, to]) as paths of a state."""
    return {
        f"{group}/{n:02d}": {**say(value), "from": since, "to": rest[0] if rest else None}
        for n, (value, since, *rest) in enumerate(spans)
    }


def state_of(
    *, status: Iterable[tuple[str, ...]] = (("open", "2019-01-01"),), units: Iterable[tuple[str, ...]] | str = "new:N1",
    kinds: Iterable[tuple[str, ...]] | str = "karaoke", name: str = "Karaoke Đông Đô",
) -> dict[str, Any]:  # fmt: skip
    """Write the state of an establishment; by default a karaoke of N1, open since 2019."""
    if isinstance(units, str):
        units = [(units, "2019-01-01")]
    if isinstance(kinds, str):
        kinds = [(kind, "2019-01-01") for kind in kinds.split()]

    def where(key: str) -> dict[str, Any]:
        return {"epoch": key.partition(":")[0], "unit": key.partition(":")[2], "address": f"Phố {key}"}

    return {
        "name": name,
        **chain("status", status, lambda value: {"status": value}),
        **chain("place", units, where),
        **chain("kind", kinds, lambda value: {"kind": value}),
    }


class Register:
    """A store with a few short ways to fill it and to ask it."""

    def __init__(self, path: Path) -> None:
        self.db = open_store(path)
        self.conn = self.db.conn
        self.conn.execute("PRAGMA synchronous=OFF")  # no test here pulls the plug
        self.tree = make_tree()
        self._drawn = count(1)
        for key, (name, level, parent) in UNITS.items():
            self.thing("unit", key, {"name": name, "level": level, "parent": parent})

    def new_id(self) -> str:
        return f"018f{next(self._drawn):08d}"

    def thing(self, kind: str, id: str, state: dict[str, Any]) -> str:
        self.conn.execute(
            "INSERT INTO things (kind, id, seq, state) VALUES (?, ?, 0, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET state = excluded.state",
            (kind, id, json.dumps(state, ensure_ascii=False, separators=(",", ":"))),
        )
        return id

    def place(self, id: str = "", **state: Any) -> str:
        """Enter an establishment, or write it anew under its id."""
        id = id or self.new_id()
        whole = state_of(**state)
        self.thing("establishment", id, whole)
        self.conn.execute(
            "INSERT INTO establishments (id, root, code, name, search) VALUES (?, ?, ?, ?, '')"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            (id, id, f"CS-{id[-4:]}", whole["name"]),
        )
        self._file(id, whole)
        return id

    def _file(self, id: str, state: dict[str, Any]) -> None:
        """File a place under the present communes where its latest span may stand, as the fold does."""
        spans = [span for path, span in state.items() if path.startswith("place/")]
        last = max(spans, key=lambda span: span["from"], default=None)
        self.conn.execute("DELETE FROM placements WHERE establishment = ?", (id,))
        for commune in self.tree.present(f"{last['epoch']}:{last['unit']}") if last else ():
            self.conn.execute("INSERT INTO placements VALUES (?, ?)", (id, commune))

    def merge(self, id: str, into: str | None) -> None:
        """Merge a record into another, or with None take it out again; chains are followed."""
        self.conn.execute("UPDATE establishments SET merged_into = ? WHERE id = ?", (into, id))
        known = dict(self.conn.execute("SELECT id, merged_into FROM establishments").fetchall())
        for one in known:
            root = one
            while known[root]:
                root = known[root]
            self.conn.execute("UPDATE establishments SET root = ? WHERE id = ?", (root, one))

    def visit(self, place: str, day: str, **changes: Any) -> str:
        """Enter a visit; by default it counts, finds nothing, and does not say whether the place was working."""
        id = changes.pop("id", "") or self.new_id()
        row = {
            "id": id, "item": f"item of {id}", "establishment": place, "team": "team-1", "date": day,
            "basis": "planned",
            "outcome": "violations" if changes.get("violations") else "no_violation", "revision": 1, "members": 3,
            "violations": 0, "found_working": None, "void": 0, "counting": 1, "device": "laptop", **changes,
        }  # fmt: skip
        self.conn.execute(
            f"INSERT OR REPLACE INTO visits ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            tuple(row.values()),
        )
        return id

    def aside(self, place: str | None, day: str, standing: str = "held", *, kind: str = "inspection") -> None:
        """Enter an item that was received and is not in the truth."""
        self.conn.execute(
            "INSERT INTO aside (item, kind, id, standing, detail, device, establishment, date)"
            " VALUES (?, ?, ?, ?, '', 'laptop', ?, ?)",
            (self.new_id(), kind, self.new_id(), standing, place, day),
        )

    def plan(self, area: str, targets: dict[int, int], **more: Any) -> str:
        """Enter a plan for a unit, with the percent of each year."""
        epoch, _, code = area.partition(":")
        rows = [{"year": year, "percent": percent} for year, percent in targets.items()]
        state = {"name": f"Kế hoạch {area}", "epoch": epoch, "area": code, "from": "2021-01-01", "to": "2025-12-31"}
        return self.thing("plan", self.new_id(), {**state, "targets": rows, **more})

    def laptop(self, area: str, id: str = "", **more: Any) -> str:
        """Enrol a laptop."""
        epoch, _, code = area.partition(":")
        return self.thing("device", id or self.new_id(), {"name": f"Máy {area}", "epoch": epoch, "area": code, **more})

    def contact(self, device: str, at: str, *, earliest: str | None = None) -> None:
        """Note what a laptop said of itself."""
        kept = int(earliest is not None)
        self.conn.execute(
            "INSERT OR REPLACE INTO contacts (device, at, drafts, unsent, earliest, version, clock_offset_s)"
            " VALUES (?, ?, 0, ?, ?, '1', 0)",
            (device, at, kept, earliest),
        )

    def office(self, device: str) -> None:
        """Say which device is the office's own."""
        put_meta(self.conn, "office_device", device)

    @contextmanager
    def change(self, *roots: str, year: int | None = None):
        """Change what the figures of *roots* rest on, as ingest does: in one transaction, with its differences."""
        with writing(self.db) as conn:
            deltas = Deltas(conn)
            for root in roots:
                deltas.before(root, year)
            yield deltas
            deltas.flush()

    def ask(self, as_of: str, **more: Any) -> Any:
        """Ask the share inspected, of the new province unless said otherwise."""
        asked = self._asked(as_of, more)
        return coverage(self.conn, **asked)

    def remaining(self, as_of: str, **more: Any) -> list[Any]:
        """List what is left, of the new province unless said otherwise."""
        page = {name: more.pop(name) for name in ("offset", "limit") if name in more}
        return self.under(Under(What.LEFT), as_of, **more).places(**page)

    def under(self, under: Under, as_of: str, **more: Any) -> Listing:
        """List what stands under a number, of the new province unless said otherwise."""
        asked = self._asked(as_of, more)
        tree, epoch, unit = (asked.pop(name) for name in ("tree", "epoch", "unit"))
        return Listing(self.conn, ask(self.conn, tree, epoch, unit, **asked), under)

    def _asked(self, as_of: str, more: dict[str, Any]) -> dict[str, Any]:
        day = date.fromisoformat(as_of)
        unit = more.get("unit", PROVINCE)
        epoch = Epoch.OLD if unit and unit.startswith("old:") else Epoch.NEW
        return {"tree": self.tree, "epoch": epoch, "year": day.year, "as_of": day, **more, "unit": unit}

    def problems(self) -> list[str]:
        """Compare the deltas with the recount."""
        return check(self.conn)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """An empty register with both maps and no year counted: every answer is a recount."""
    return Register(tmp_path / "server.db")


def fill(register: Register, number: int, seed: int = 7) -> None:
    """Fill a register with places that move, pause and change kinds, and with visits to them."""
    dice = random.Random(seed)
    units = ("new:N1", "new:N2", "new:N3", "new:N4", "old:A1", "old:A3", "old:B", "new:X1")

    def day():
        return (date(2024, 1, 1) + timedelta(days=dice.randrange(366))).isoformat()

    for _ in range(number):
        place = register.place(
            status=[("open", "2023-01-01"), (dice.choice(["paused", "closed"]), day())],
            units=[(dice.choice(units), "2019-01-01"), (dice.choice(units), day())],
            kinds=[(dice.choice(["karaoke", "massage"]), "2019-01-01", day()), ("lodging", day())],
        )
        for _ in range(dice.randrange(4)):
            register.visit(
                place, day(), violations=dice.randrange(2), found_working=dice.randrange(2),
                team=dice.choice(["team-1", "team-2"]), basis=dice.choice(["planned", "planned", "unscheduled"]),
            )  # fmt: skip
        if dice.random() < 0.2:
            register.aside(place, day())


@pytest.fixture
def busy(register: Register) -> Register:
    """A register of sixty places in a year in which much happens to them."""
    fill(register, 60)
    return register


@pytest.fixture
def old_tree() -> UnitTree:
    """The tree as it was before the map of 2025 was loaded."""
    return make_tree([key for key in UNITS if key.startswith("old:")], ())
