"""Whose history a person may open: what stands in the own area is named, what stands elsewhere is only counted."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from schemas.units import UnitTree
from server.pages.areas import whole_communes
from server.store import in_parts, marks

Communes = frozenset[str] | None  # None: everywhere


@dataclass(frozen=True)
class Places:
    """The places that an operator runs or ran, records that were merged away left out."""

    here: tuple[str, ...]
    elsewhere: tuple[str, ...]


def area_of(tree: UnitTree, unit: str) -> frozenset[str]:
    """Return the present communes of the area *unit*."""
    return frozenset(whole_communes(tree, unit))


def root_of(conn: sqlite3.Connection, kind: str, id: str) -> str | None:
    """Return the record that stands for a place or an operator, None when there is none of that id."""
    table = {"establishment": "establishments", "operator": "operators"}[kind]
    row = conn.execute(f"SELECT root FROM {table} WHERE id = ?", (id,)).fetchone()
    return row[0] if row else None


def members(conn: sqlite3.Connection, kind: str, root: str) -> tuple[str, ...]:
    """Return all records that merges have made one with *root*, itself first."""
    table = {"establishment": "establishments", "operator": "operators"}[kind]
    rows = conn.execute(f"SELECT id FROM {table} WHERE root = ? ORDER BY id <> root, id", (root,))
    return tuple(row[0] for row in rows)


def communes_of(conn: sqlite3.Connection, establishment: str) -> tuple[str, ...]:
    """Return the present communes in which a place stands or may stand."""
    rows = conn.execute("SELECT commune FROM placements WHERE establishment = ? ORDER BY commune", (establishment,))
    return tuple(row[0] for row in rows)


def place_is_within(conn: sqlite3.Connection, communes: Communes, root: str) -> bool:
    """Say whether a place stands, or may stand, in *communes*."""
    return communes is None or not communes.isdisjoint(communes_of(conn, root))


def places_of(conn: sqlite3.Connection, communes: Communes, operator: str) -> Places:
    """Return the places of an operator and of all who are one with it, those in *communes* apart from the others."""
    rows = conn.execute(
        "SELECT DISTINCT establishments.root FROM operators"
        "  JOIN operator_places ON operator_places.operator = operators.id"
        "  JOIN establishments ON establishments.id = operator_places.establishment"
        " WHERE operators.root = ? ORDER BY establishments.root",
        (operator,),
    )
    found = [row[0] for row in rows]
    here = tuple(place for place in found if place_is_within(conn, communes, place))
    return Places(here, tuple(place for place in found if place not in here))


def units_of(conn: sqlite3.Connection, places: Iterable[str]) -> tuple[str, ...]:
    """Return the present communes of *places*: the units that own what is known of them."""
    found: set[str] = set()
    for some in in_parts(list(places)):
        rows = conn.execute(f"SELECT DISTINCT commune FROM placements WHERE establishment IN ({marks(some)})", some)
        found.update(row[0] for row in rows)
    return tuple(sorted(found))
