"""Lists of establishments: instant search, filters, and what is not inspected yet. One indexed query each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlite_utils import Database

from field_client.places import units
from schemas.text import fold
from schemas.units import UnitTree


@dataclass(frozen=True)
class Asked:
    """What a list asks for; empty parts ask for nothing.

    *unit* is a key (epoch:code) or a bare code, *year* leaves out the places inspected in it.
    """

    text: str = ""
    unit: str = ""
    kind: str = ""
    status: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Row:
    """One place in a list; *last_visit* is the date of the latest inspection known here, empty when there is none."""

    id: str
    code: str
    name: str
    kinds: tuple[str, ...]
    unit: str
    unit_name: str
    address: str
    phone: str
    status: str
    operator: str | None
    operator_name: str
    standing: str
    last_visit: str

    def as_dict(self) -> dict[str, Any]:
        """Return the row as a command prints it."""
        return asdict(self)


_FIELDS = "id, code, name, kinds, unit, '', address, phone, status, operator, operator_name, standing"
_LAST_VISIT = """
    coalesce((SELECT max(visits.date) FROM visits
               WHERE visits.establishment = establishments.id AND visits.counting = 1), '')
"""
# A place whose merged record was inspected is inspected.
_INSPECTED = """
    establishments.id NOT IN (
        SELECT member.root FROM visits JOIN establishments AS member ON member.id = visits.establishment
         WHERE visits.counting = 1 AND visits.date >= :since AND visits.date < :until)
"""


def establishments(db: Database, asked: Asked, *, limit: int = 50, offset: int = 0) -> list[Row]:
    """Return the places that *asked* asks for, in the order of a Vietnamese dictionary.

    Those that hold what is typed word for word come first: “do” is also in “đông”. Merged
    records are left out.
    """
    where, values = _where(db, asked)
    order = "instr(' ' || search || ' ' || operator_search || ' ', :phrase) = 0, " if asked.text.strip() else ""
    rows = db.conn.execute(
        f"SELECT {_FIELDS}, {_LAST_VISIT} FROM establishments WHERE {where}"
        f" ORDER BY {order}sort, id LIMIT :limit OFFSET :offset",
        {**values, "phrase": f" {fold(asked.text)} ", "limit": limit, "offset": offset},
    ).fetchall()
    tree = units(db)
    return [_row(row, tree) for row in rows]


def _row(cells: Sequence[Any], tree: UnitTree) -> Row:
    row = Row(*cells)
    unit = tree.get(row.unit)
    return replace(row, kinds=tuple(cells[3].split()), unit_name=unit.name if unit else row.unit)


def count(db: Database, asked: Asked) -> int:
    """Count the places that *asked* asks for."""
    where, values = _where(db, asked)
    return int(db.conn.execute(f"SELECT count(*) FROM establishments WHERE {where}", values).fetchone()[0])


def _where(db: Database, asked: Asked) -> tuple[str, dict[str, Any]]:
    parts, values = ["merged_into IS NULL"], {}
    for place, word in enumerate(fold(asked.text).split()):
        parts.append(f"(instr(search, :word{place}) OR instr(operator_search, :word{place}))")
        values[f"word{place}"] = word
    if asked.unit:
        parts.append("unit IN (SELECT value FROM json_each(:units))")
        values["units"] = json.dumps(_units_of(db, asked.unit))
    if asked.kind:
        parts.append("instr(kinds, :kind)")
        values["kind"] = f" {asked.kind} "
    if asked.status:
        parts.append("status = :status")
        values["status"] = asked.status
    if asked.year is not None:
        parts.append(_INSPECTED)
        values |= {"since": f"{asked.year:04d}-01-01", "until": f"{asked.year + 1:04d}-01-01"}
    return " AND ".join(parts), values


def _units_of(db: Database, given: str) -> list[str]:
    """Return the keys of the communes in the unit *given*, on both maps."""
    tree = units(db)
    keys = [given] if ":" in given else [key for epoch in ("new", "old") if tree.get(key := f"{epoch}:{given}")][:1]
    communes = [commune for key in keys for commune in tree.communes(key) or (key,)]
    across = [other for key in communes for other in (*tree.predecessors(key), *tree.successors(key))]
    return sorted({*keys, *communes, *across})
