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

    *unit* is a key (epoch:code) or a bare code, *year* leaves out the places inspected in it, *never* all that were
    ever inspected as far as this laptop knows. *expired_on*: some kind of paper has no day left on it. *among* are
    sets of ids: a place must be in each, itself or by a record merged into it.
    """

    text: str = ""
    unit: str = ""
    kind: str = ""
    status: str = ""
    year: int | None = None
    never: bool = False
    expired_on: str = ""
    among: tuple[frozenset[str], ...] = ()


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


_FIELDS = ", ".join(
    "''" if name == "unit_name" else f"establishments.{name}"
    for name in ("id", "code", "name", "kinds", "unit", "unit_name", "address", "phone", "status", "operator",
                 "operator_name", "standing")
)  # fmt: skip
_LAST_VISIT = """
    coalesce((SELECT last FROM last_inspected WHERE last_inspected.establishment = establishments.id), '')
"""
# Read from end to end, in one go: a look-up a place would go to all corners of an encrypted file.
# A visit after the days that are asked hides those before it: then the visits are looked at.
# A place whose merged record was inspected is inspected; merged records are few, and are looked at by themselves.
_INSPECTED = """
    SELECT establishment FROM last_inspected AS seen
     WHERE seen.last >= :since AND (seen.last < :until OR EXISTS (
           SELECT 1 FROM visits WHERE visits.establishment = seen.establishment AND visits.counting = 1
              AND visits.date >= :since AND visits.date < :until))
    UNION ALL
    SELECT member.root FROM establishments AS member
     WHERE member.merged_into IS NOT NULL
       AND EXISTS (SELECT 1 FROM visits WHERE visits.establishment = member.id AND visits.counting = 1
                      AND visits.date >= :since AND visits.date < :until)
"""


def establishments(db: Database, asked: Asked, *, limit: int = 50, offset: int = 0) -> list[Row]:
    """Return the places that *asked* asks for, in the order of a Vietnamese dictionary; a limit below 0: all.

    Those that hold what is typed word for word come first: “do” is also in “đông”. Merged
    records are left out.
    """
    found = ids(db, asked)
    return rows(db, found[offset : offset + limit] if limit >= 0 else found[offset:])


def ids(db: Database, asked: Asked) -> list[str]:
    """Return the ids of all places that *asked* asks for, in the order of `establishments`."""
    where, values = _where(db, asked)
    order = "instr(' ' || search || ' ' || operator_search || ' ', :phrase) = 0, " if asked.text.strip() else ""
    found = db.conn.execute(
        f"SELECT id FROM establishments WHERE {where} ORDER BY {order}sort, id",
        {**values, "phrase": f" {fold(asked.text)} "},
    ).fetchall()
    wanted, inspected = [with_their_roots(db, some) for some in asked.among], _inspected(db, asked)
    return [id for [id] in found if id not in inspected and all(id in some for some in wanted)]


def _inspected(db: Database, asked: Asked) -> set[str]:
    """Return the places that a list of what is not inspected leaves out."""
    spans = [(f"{asked.year:04d}-01-01", f"{asked.year + 1:04d}-01-01")] if asked.year is not None else []
    spans += [("", "9999")] if asked.never else []
    return {id for since, until in spans
            for [id] in db.conn.execute(_INSPECTED, {"since": since, "until": until})}  # fmt: skip


def with_their_roots(db: Database, some: frozenset[str]) -> frozenset[str]:
    """Return *some* ids and, for each record among them that was merged, the one that stands for it."""
    merged = db.conn.execute("SELECT id, root FROM establishments WHERE merged_into IS NOT NULL")
    return some.union([root for id, root in merged if id in some])


def rows(db: Database, wanted: Sequence[str]) -> list[Row]:
    """Return the rows of the places *wanted*, in that order."""
    found = db.conn.execute(
        f"SELECT {_FIELDS}, {_LAST_VISIT} FROM json_each(?) AS asked"
        "  CROSS JOIN establishments ON establishments.id = asked.value ORDER BY asked.key",
        (json.dumps(wanted),),
    ).fetchall()
    tree = units(db)
    return [_row(row, tree) for row in found]


def _row(cells: Sequence[Any], tree: UnitTree) -> Row:
    row = Row(*cells)
    unit = tree.get(row.unit)
    return replace(row, kinds=tuple(cells[3].split()), unit_name=unit.name if unit else row.unit)


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
    if asked.expired_on:
        parts.append("papers_to <> '' AND papers_to < :expired_on")
        values["expired_on"] = asked.expired_on
    return " AND ".join(parts), values


def _units_of(db: Database, given: str) -> list[str]:
    """Return the keys of the communes in the unit *given*, on both maps."""
    tree = units(db)
    keys = [given] if ":" in given else [key for epoch in ("new", "old") if tree.get(key := f"{epoch}:{given}")][:1]
    communes = [commune for key in keys for commune in tree.communes(key) or (key,)]
    across = [other for key in communes for other in (*tree.predecessors(key), *tree.successors(key))]
    return sorted({*keys, *communes, *across})
