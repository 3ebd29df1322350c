"""One transaction's view of the world: the counters it moves, the units it knows, who must hear of what."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from schemas.fields import Day
from schemas.register import State
from schemas.units import AdminUnit, Epoch, Level, UnitTree
from server.coverage.deltas import Deltas
from server.store import in_parts, marks
from sync.chain import GENESIS, Receipt, link

Counters = tuple[int, str, int, int, int, set[str]]
ARRIVE = "INSERT INTO arrivals (seq, item, first, standing, detail, at, chain) VALUES (?, ?, ?, ?, ?, ?, ?)"
KEEP = "INSERT INTO items (seq, name, kind, id, base, device, standing, line) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
STAMP = (
    "INSERT INTO feed (commune, kind, id, pos, gone) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (commune, kind, id) DO UPDATE SET pos = excluded.pos, gone = excluded.gone"
)
EVERY_LAPTOP = "laptops"  # the feed that all laptops follow, whatever their area
_trees: dict[str, tuple[str, UnitTree]] = {}


class World:
    """What an arrival reads and writes, held for one transaction under the write lock.

    `settle` must be called before the transaction ends: it says that units have changed,
    and writes the coverage differences.
    """

    def __init__(self, conn: sqlite3.Connection, at: str) -> None:
        """Begin at the present heads; *at* is the moment, in UTC, that arrivals are stamped with."""
        self.conn = conn
        self.at = at
        last = conn.execute("SELECT seq, chain FROM arrivals ORDER BY seq DESC LIMIT 1").fetchone()
        self.seq: int = last[0] if last else 0
        self.head: str = last[1] if last else GENESIS
        self.pos = conn.execute("SELECT coalesce(max(pos), 0) FROM feed").fetchone()[0]
        self.deltas = Deltas(conn)
        self.arrived: list[tuple[str, str]] = []
        self.mended: list[tuple[str, list[str]]] = []  # an item, and what it says again rightly
        self.changed_units: set[str] = set()
        self._communes: dict[str, tuple[str, ...]] = {}
        self._roots: dict[str, str] = {}
        self._tree: UnitTree | None = None

    def arrive(self, item: str, first: int, standing: str, detail: str) -> int:
        """Append one arrival to the chain and return its sequence."""
        self.seq += 1
        self.head = link(self.head, self.seq, item, standing, detail)
        self.conn.execute(ARRIVE, (self.seq, item, first, standing, detail, self.at, self.head))
        return self.seq

    def arrive_all(self, items: Iterable[str], standing: str) -> list[Receipt]:
        """Append an arrival for each of *items*, all new, all with one standing and nothing beside it."""
        rows, receipts, seq, head = [], [], self.seq, self.head
        for item in items:
            seq += 1
            head = link(head, seq, item, standing, "")
            rows.append((seq, item, 1, standing, "", self.at, head))
            receipts.append(Receipt(item, seq, standing))
        self.conn.executemany(ARRIVE, rows)
        self.seq, self.head = seq, head
        return receipts

    def stamp(self, commune: str, kind: str, id: str, gone: int = 0) -> None:
        """Move a thing to the end of a commune's feed: it changed, came in, or (*gone*) left."""
        self.pos += 1
        self.conn.execute(STAMP, (commune, kind, id, self.pos, gone))

    def stamp_all(self, things: Iterable[tuple[str, str, str]]) -> None:
        """Do as `stamp` for each commune, kind and id of *things*: they changed or came in."""
        rows = [(commune, kind, id, pos, 0) for pos, (commune, kind, id) in enumerate(things, self.pos + 1)]
        self.conn.executemany(STAMP, rows)
        self.pos += len(rows)

    def state(self, kind: str, id: str) -> State | None:
        """Return the present state of a thing, None when it has not arrived."""
        row = self.conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return json.loads(row[0]) if row else None

    def communes(self, establishment: str) -> tuple[str, ...]:
        """Return the present communes in which a place stands or may stand; none when it is not known."""
        found = self._communes.get(establishment)
        if found is None:
            rows = self.conn.execute(
                "SELECT commune FROM placements WHERE establishment = ? ORDER BY commune", (establishment,)
            )
            found = tuple(row[0] for row in rows)
            if found:
                self._communes[establishment] = found
        return found

    def know_communes(self, establishments: Iterable[str]) -> None:
        """Read the communes of many places at once."""
        for part in in_parts(list(set(establishments) - self._communes.keys())):
            found: dict[str, list[str]] = {}
            for place, commune in self.conn.execute(
                f"SELECT establishment, commune FROM placements WHERE establishment IN ({marks(part)})"
                " ORDER BY establishment, commune",
                part,
            ):
                found.setdefault(place, []).append(commune)
            self._communes.update((place, tuple(communes)) for place, communes in found.items())

    def remember(self) -> Counters:
        """Return where the counters stand, before an item that may have to be undone."""
        return self.seq, self.head, self.pos, len(self.arrived), len(self.mended), set(self.changed_units)

    def undo(self, kept: Counters) -> None:
        """Go back to what was remembered, as the database did."""
        self.seq, self.head, self.pos, arrived, mended, self.changed_units = kept
        del self.mended[mended:]
        del self.arrived[arrived:]
        self._communes.clear()
        self._roots.clear()
        self._tree = None

    def root(self, establishment: str) -> str | None:
        """Return the record that a place was merged into, or itself; None when it is not known."""
        if establishment not in self._roots:
            self.know_roots([establishment])
        return self._roots.get(establishment)

    def know_roots(self, establishments: Iterable[str]) -> None:
        """Read the roots of many places at once."""
        for part in in_parts(list(set(establishments) - self._roots.keys())):
            rows = self.conn.execute(f"SELECT id, root FROM establishments WHERE id IN ({marks(part)})", part)
            self._roots.update(rows.fetchall())

    def forget_place(self, establishment: str) -> None:
        """Forget what was read of a place that is about to move."""
        self._communes.pop(establishment, None)

    def forget_roots(self) -> None:
        """Forget who was merged into whom: it is about to change."""
        self._roots.clear()

    @property
    def tree(self) -> UnitTree:
        """The units as this transaction sees them."""
        if self._tree is None:
            self._tree = unit_tree(self.conn) if not self.changed_units else _read_tree(self.conn)
        return self._tree

    def unit_changed(self, key: str) -> None:
        """Note that a unit came or changed: the tree is read again."""
        self.changed_units.add(key)
        self._tree = None


def unit_tree(conn: sqlite3.Connection) -> UnitTree:
    """Return the tree of the units in the database, read again only after a unit has changed."""
    file = conn.execute("PRAGMA database_list").fetchone()[2]
    row = conn.execute("SELECT value FROM meta WHERE key = 'units_version'").fetchone()
    version = row[0] if row else ""
    known = _trees.get(file)
    if not known or known[0] != version or not version:
        known = _trees[file] = (version, _read_tree(conn))
    return known[1]


def _read_tree(conn: sqlite3.Connection) -> UnitTree:
    rows = [(id, json.loads(state)) for id, state in conn.execute("SELECT id, state FROM things WHERE kind = 'unit'")]
    units = [_unit(id, state) for id, state in rows]
    pairs = [
        (id.partition(":")[2], code)
        for id, state in rows
        if id.startswith("old:")
        for code in state.get("successors", ())
    ]
    return UnitTree(units, pairs)


def _unit(key: str, state: dict[str, Any]) -> AdminUnit:
    epoch, _, code = key.partition(":")
    read = Day().deserialize
    since, until = state.get("valid_from"), state.get("valid_to")
    return AdminUnit(
        Epoch(epoch),
        code,
        state["name"],
        Level(state["level"]),
        state.get("parent") or "",
        read(since) if since else None,
        read(until) if until else None,
    )
