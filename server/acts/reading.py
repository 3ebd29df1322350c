"""What the pages of the catalogue show: rows and groups with their versions, and the violations that have no code."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.register import State
from schemas.text import fold
from schemas.violations import Catalogue, CatalogueRow, packaged
from server.law.choosing import Act
from server.law.choosing import visit as seen
from server.store import marks


@dataclass(frozen=True)
class Version:
    """One version of a row or of a group: when it was made, by whom, and what it says. The shipped one has no day."""

    id: str
    at: str
    by: str
    state: State


@dataclass(frozen=True)
class Group:
    """An act group: its codes, whether it is confirmed, and its newest version where there is one."""

    id: str
    name: str
    codes: tuple[str, ...]
    confirmed: bool
    confirmed_by: str = ""
    confirmed_on: str = ""


@dataclass(frozen=True)
class Uncoded:
    """A violation without a code, with the words of its visit; *said*: a legal officer said that none fits."""

    inspection: str
    date: str
    place: str
    act: Act
    said: bool


def rows_like(catalogue: Catalogue, text: str = "", confirmed: str = "") -> list[CatalogueRow]:
    """Return the rows with the words of *text*; *confirmed* is yes, no or empty for all."""
    words = fold(text).split()
    found = [
        row
        for row in catalogue.rows
        if all(word in fold(f"{row.code} {row.name_vi} {row.citation} {row.alias}") for word in words)
    ]
    return [row for row in found if not confirmed or bool(row.confirmed_by) == (confirmed == "yes")]


def row_of(catalogue: Catalogue, key: str) -> CatalogueRow | None:
    """Return the row of *key*."""
    return next((row for row in catalogue.rows if row.key == key), None)


def shipped(key: str) -> CatalogueRow | None:
    """Return the row as it came with the program."""
    return row_of(packaged(), key)


def versions(conn: sqlite3.Connection, kind: str, path: str, value: str) -> list[Version]:
    """Return the versions of a row (*path* row) or a group (*path* group), the newest first."""
    rows = conn.execute(
        "SELECT things.id, things.state, arrivals.at, items.line FROM things JOIN arrivals ON arrivals.seq = things.seq"
        " JOIN items ON items.name = arrivals.item WHERE things.kind = ? ORDER BY things.seq DESC",
        (kind,),
    ).fetchall()
    found = [(id, json.loads(text), at, line) for id, text, at, line in rows]
    return [Version(id, at, _by(conn, line), state) for id, state, at, line in found if state.get(path) == value]


def _by(conn: sqlite3.Connection, line: bytes) -> str:
    author = str(json.loads(line)["author"]) if line else ""
    row = conn.execute("SELECT state FROM things WHERE kind = 'user' AND id = ?", (author,)).fetchone()
    return str(json.loads(row[0])["name"]) if row else author


def groups(conn: sqlite3.Connection, catalogue: Catalogue) -> list[Group]:
    """Return every act group, by name."""
    rows = conn.execute("SELECT state FROM things WHERE kind = 'act_group' ORDER BY seq").fetchall()
    newest: dict[str, dict[str, Any]] = {}
    for (text,) in rows:
        state = json.loads(text)
        newest[state["group"]] = state
    known = {one.id: one for one in catalogue.act_groups}
    empty = [group for group in newest if group not in known]
    found = [
        Group(id, str(newest.get(id, {}).get("name") or ""), known[id].codes if id in known else (),
              catalogue.is_confirmed(id), str(newest.get(id, {}).get("confirmed_by") or ""),
              str(newest.get(id, {}).get("confirmed_on") or ""))
        for id in [*known, *empty]
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.id)


def uncoded(
    conn: sqlite3.Connection, communes: Sequence[str], *, offset: int = 0, limit: int = 50
) -> tuple[int, list[Uncoded]]:
    """Return how many violations of *communes* have no code, and some of them: those nobody has looked at first."""
    where = (
        " FROM found_acts JOIN visits ON visits.id = found_acts.inspection"
        " LEFT JOIN codings ON codings.violation = found_acts.violation"
        " WHERE found_acts.code = '' AND coalesce(codings.code, '') = ''"
        f"   AND visits.establishment IN (SELECT establishment FROM placements WHERE commune IN ({marks(communes)}))"
    )
    total = conn.execute(f"SELECT count(*) {where}", list(communes)).fetchone()[0]
    rows = conn.execute(
        f"SELECT found_acts.inspection, found_acts.violation, codings.item IS NOT NULL {where}"
        " ORDER BY codings.item IS NOT NULL, visits.date DESC, found_acts.inspection, found_acts.violation"
        " LIMIT ? OFFSET ?",
        (*communes, limit, offset),
    ).fetchall()
    return total, [one for row in rows if (one := _uncoded(conn, *row))]


def _uncoded(conn: sqlite3.Connection, inspection: str, violation: str, said: int) -> Uncoded | None:
    found = seen(conn, inspection)
    act = next((act for act in found.acts if act.id == violation), None) if found else None
    return Uncoded(inspection, found.date, found.place, act, bool(said)) if found and act else None
