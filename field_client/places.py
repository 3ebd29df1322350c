"""One establishment or operator with all that is known of it here; the teams; the units of the area."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlite_utils import Database

from field_client.states import kinds_on, last_span, spans, unit_of
from field_client.store import get_meta
from field_client.store.places import views
from schemas.items import REGISTER_KINDS
from schemas.register import State
from schemas.text import sort_key
from schemas.units import AdminUnit, Epoch, Level, UnitTree


class NotKnown(Exception):
    """There is no such thing on this laptop."""


@dataclass(frozen=True)
class Thing:
    """A thing of the register as this laptop sees it; *standing* “waiting” where an own edit has no receipt yet."""

    kind: str
    id: str
    standing: str
    state: State = field(repr=False)

    def __getitem__(self, path: str) -> Any:
        """Return the value at *path*, empty text where there is none."""
        value = self.state.get(path)
        return "" if value is None else value

    @property
    def name(self) -> str:
        """Its name."""
        return str(self["name"])

    @property
    def place(self) -> dict[str, Any]:
        """Where it last stood: epoch, unit, address, lat, lon; empty when not known."""
        return last_span(self.state, "place")

    @property
    def unit(self) -> str:
        """The key of the unit where it last stood."""
        return unit_of(self.state)

    @property
    def status(self) -> str:
        """Its latest status."""
        return str(last_span(self.state, "status").get("status", ""))

    @property
    def operator(self) -> str | None:
        """The id of its latest operator."""
        return last_span(self.state, "operator").get("operator")

    def spans(self, group: str) -> list[dict[str, Any]]:
        """Return the values of a group (place, kind, status, operator, licence, member), the earliest first."""
        return spans(self.state, group)

    def kinds(self, day: date | str = "9999-12-31") -> tuple[str, ...]:
        """Return the kinds it offers on *day*; without one, its latest."""
        return kinds_on(self.state, day)


def find(db: Database, kind: str, id: str) -> Thing:
    """Return the establishment, operator, team, plan or unit *id* as seen here, or raise NotKnown.

    What is only said once (a paper's event, a look-up) is no thing of the register and is not known either.
    """
    view = views(db.conn, kind, [id])[id] if kind in REGISTER_KINDS else None
    if view is None or view.state is None:
        raise NotKnown(f"Không có “{id}” trên máy này; kiểm tra lại mã, hoặc bấm Nhận về.")
    return Thing(kind, id, view.standing, view.state)


def find_establishment(db: Database, given: str) -> Thing:
    """Return the establishment with this id or code, or raise NotKnown."""
    row = db.conn.execute(
        "SELECT id FROM establishments WHERE id = ?1 OR code = ?1 AND ?1 <> '' ORDER BY id <> ?1, merged_into LIMIT 1",
        (given,),
    ).fetchone()
    return find(db, "establishment", row[0] if row else given)


def members_of_root(db: Database, id: str) -> list[str]:
    """Return the ids of all records that are united with *id* by merges, itself first."""
    rows = db.conn.execute(
        "SELECT id FROM establishments WHERE merged_into IS NOT NULL"
        "   AND root = coalesce((SELECT root FROM establishments WHERE id = ?1), ?1) AND id <> ?1 ORDER BY id",
        (id,),
    )
    root = db.conn.execute("SELECT root FROM establishments WHERE id = ?", (id,)).fetchone()
    return list(dict.fromkeys([id, *([root[0]] if root else []), *(row[0] for row in rows)]))


def outside_checks(db: Database, id: str) -> list[dict[str, Any]]:
    """Return the checks by other bodies at a place, the latest first: id, date, agency, paper."""
    found = [
        dict(zip(("id", "date", "agency", "paper"), row, strict=True))
        for member in members_of_root(db, id)
        for row in db.conn.execute(
            "SELECT id, date, agency, paper FROM outside_checks WHERE establishment = ?", (member,)
        )
    ]
    return sorted(found, key=lambda check: (str(check["date"]), str(check["id"])), reverse=True)


def _mirrored(db: Database, kind: str) -> list[Thing]:
    rows = db.conn.execute("SELECT id, state FROM things WHERE kind = ? AND gone = 0 ORDER BY id", (kind,))
    return [Thing(kind, id, "accepted", json.loads(state)) for id, state in rows]


def teams(db: Database) -> list[Thing]:
    """Return the teams of the area, this laptop's own team first."""
    own = get_meta(db.conn, "team")
    return sorted(_mirrored(db, "team"), key=lambda team: (team.id != own, sort_key(team.name)))


def templates(db: Database) -> list[Thing]:
    """Return the office's texts, in the order in which they were made."""
    return _mirrored(db, "template")


def plans(db: Database) -> list[Thing]:
    """Return the plans that cover the area."""
    return _mirrored(db, "plan")


_trees: dict[str, tuple[tuple[Any, ...], UnitTree]] = {}


def units(db: Database) -> UnitTree:
    """Return the units this laptop knows; read again only after one of them has come or changed."""
    file = db.conn.execute("PRAGMA database_list").fetchone()[2]
    state = db.conn.execute("SELECT max(pos), count(*) FROM things WHERE kind = 'unit'").fetchone()
    version = (get_meta(db.conn, "mirror_lineage"), *state)
    known = _trees.get(file)
    if not known or known[0] != version:
        known = _trees[file] = (version, _read_units(db))
    return known[1]


def _read_units(db: Database) -> UnitTree:
    found = _mirrored(db, "unit")
    pairs = [
        (unit.id.partition(":")[2], code)
        for unit in found
        if unit.id.startswith("old:")
        for code in unit.state.get("successors") or ()
    ]
    return UnitTree([_unit(unit) for unit in found], pairs)


def _unit(thing: Thing) -> AdminUnit:
    epoch, _, code = thing.id.partition(":")
    return AdminUnit(Epoch(epoch), code, thing.name, Level(thing["level"]), str(thing["parent"]), None, None)


def unit_name(db: Database, key: str) -> str:
    """Return the name of a unit, its key where the name is not known."""
    unit = units(db).get(key)
    return unit.name if unit else key


def communes(db: Database) -> list[AdminUnit]:
    """Return the communes of this laptop's area, for a filter: on the map of the area, in the map's order."""
    tree = units(db)
    found = (tree.get(key) for key in tree.communes(get_meta(db.conn, "area")))
    return [unit for unit in found if unit]


def named(db: Database) -> Callable[[str, str], str]:
    """Return what finds the name of a thing or unit by kind and id, for values said in words."""

    def name_of(kind: str, id: str) -> str:
        if kind == "unit":
            return unit_name(db, id)
        try:
            return find(db, kind, id).name
        except NotKnown:
            return "chưa có trên máy này"

    return name_of
