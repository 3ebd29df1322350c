"""What is shown of a record beside another that may be the same: its facts in words, in one order."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from schemas.register import State
from schemas.said import label, words
from schemas.units import UnitTree
from server.arrivals.fold_register import last_span, spans
from server.office import state_of
from server.pages.areas import name as unit_name
from server.pages.words import day, moment, number
from server.store import in_parts, marks

Fact = tuple[str, str]


@dataclass(frozen=True)
class Side:
    """One of two records, *facts* as (label, words); both of a pair have the same labels."""

    id: str
    name: str
    facts: list[Fact] = field(default_factory=list)


def side(conn: sqlite3.Connection, tree: UnitTree, kind: str, id: str) -> Side:
    """Read one record of a pair."""
    state = state_of(conn, kind, id) or {}
    facts = _of_place(conn, tree, id, state) if kind == "establishment" else _of_operator(conn, id, state)
    return Side(id, str(state.get("name") or ""), [*facts, (_("Thêm vào danh sách"), _entered(conn, id))])


def named(conn: sqlite3.Connection, tree: UnitTree) -> Callable[[str, str], str]:
    """Return what finds the name of a thing or a unit, for values in words."""

    def find(kind: str, id: str) -> str:
        if kind == "unit":
            return unit_name(tree, id)
        return str((state_of(conn, kind, id) or {}).get("name") or "")

    return find


def _of_place(conn: sqlite3.Connection, tree: UnitTree, id: str, state: State) -> list[Fact]:
    find = named(conn, tree)
    fields = [(label("establishment", path), words("establishment", path, state.get(path))) for path in _PLAIN]
    groups = [
        (label("establishment", f"{group}/1"), words("establishment", f"{group}/1", last_span(state, group), find))
        for group in ("place", "status", "operator")
    ]
    many = [(label("establishment", f"{group}/1"), _all(state, group)) for group in ("kind", "licence")]
    return [*fields, *groups, *many, (_("Lượt kiểm tra"), _visits(conn, id))]


_PLAIN = ("name", "code", "phone")


def _all(state: State, group: str) -> str:
    return "; ".join(words("establishment", f"{group}/1", span) for span in spans(state, group))


def _visits(conn: sqlite3.Connection, id: str) -> str:
    row = conn.execute(
        "SELECT count(*), max(visits.date) FROM visits JOIN establishments ON establishments.id = visits.establishment"
        " WHERE establishments.root = ?",
        (id,),
    ).fetchone()
    last = _(", lần gần nhất %(day)s", day=day(row[1])) if row[1] else ""
    return f"{number(row[0])}{last}"


def _of_operator(conn: sqlite3.Connection, id: str, state: State) -> list[Fact]:
    paths = ("name", "form", "registration", "phone", "address")
    facts = [(label("operator", path), words("operator", path, state.get(path))) for path in paths]
    rows = conn.execute(
        "SELECT name FROM operator_places JOIN establishments ON establishments.id = establishment"
        " WHERE operator_places.operator = ? ORDER BY name, id LIMIT 6",
        (id,),
    ).fetchall()
    shown = "; ".join(name for (name,) in rows[:5]) + (" …" if len(rows) > 5 else "")
    return [*facts, (_("Cơ sở"), shown)]


def _entered(conn: sqlite3.Connection, id: str) -> str:
    """Say who entered a record first, and when it arrived."""
    row = conn.execute(
        "SELECT items.device, arrivals.at FROM items JOIN arrivals ON arrivals.seq = items.seq"
        " WHERE items.id = ? ORDER BY items.seq LIMIT 1",
        (id,),
    ).fetchone()
    if row is None:
        return ""
    device = (state_of(conn, "device", row[0]) or {}).get("name") or ""
    return _("%(when)s, từ %(device)s", when=moment(row[1]), device=device)


@dataclass(frozen=True)
class Merged:
    """A record that was merged into another, and may be taken apart again."""

    kind: str
    id: str
    name: str
    into: str
    at: str


_MERGED = (
    "SELECT things.seq, things.kind, things.id, things.state FROM things JOIN establishments"
    " ON establishments.id = things.id AND establishments.merged_into IS NOT NULL"
    " JOIN placements ON placements.establishment = things.id"
    " WHERE things.kind = 'establishment' AND placements.commune IN ({})",
    "SELECT things.seq, things.kind, things.id, things.state FROM things"
    " JOIN operator_places ON operator_places.operator = things.id"
    " JOIN placements ON placements.establishment = operator_places.establishment"
    " WHERE things.kind = 'operator' AND things.state LIKE '%\"merged_into\"%' AND placements.commune IN ({})",
)


def merged(conn: sqlite3.Connection, communes: Sequence[str], most: int) -> list[Merged]:
    """Return what was merged in an area, the latest change first."""
    found = {
        row
        for some in in_parts(communes)
        for query in _MERGED
        for row in conn.execute(query.format(marks(some)), some).fetchall()
    }
    return [_merged(conn, *row) for row in sorted(found, reverse=True)[:most]]


def _merged(conn: sqlite3.Connection, seq: int, kind: str, id: str, text: str) -> Merged:
    state = json.loads(text)
    into = (state_of(conn, kind, state["merged_into"]) or {}).get("name") or ""
    at = conn.execute("SELECT at FROM arrivals WHERE seq = ?", (seq,)).fetchone()
    return Merged(kind, id, str(state["name"]), str(into), moment(at[0]) if at else "")
