"""Which header of a file is which of our columns: as a person chose it before, as offices write it, or nearly so."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from server.imports.columns import Column, spelt
from server.imports.reading import BadFile, opened
from server.store import writing

WITHIN = 20  # rows: office sheets have a title above their header
NEAR = 88  # points of a hundred from which a header is nearly one that we know
COMMAND = ""  # where the command line keeps what it was told


@dataclass(frozen=True)
class Heading:
    """The header of a file: its line, its cells, and the header guessed for each of our columns."""

    line: int
    cells: tuple[str, ...]
    guessed: Mapping[str, str]
    rows: int | None


def heading(file: Path, columns: Iterable[Column], remembered: Mapping[str, str]) -> Heading:
    """Find the header of *file*: the row of its first ones in which most of our columns are recognised."""
    columns = tuple(columns)
    best: tuple[int, tuple[str, ...], dict[str, str]] = (0, (), {})
    with opened(file) as sheet:
        for line, cells in islice(sheet.rows, WITHIN):
            found = guess(cells, columns, remembered)
            if len(found) > len(best[2]) or not best[1]:
                best = (line, tuple(cell.strip() for cell in cells if cell.strip()), found)
        total = sheet.total
    if not best[1]:
        raise BadFile(f"Tệp {file.name} trống; chọn tệp khác.")
    return Heading(*best, rows=max(total - best[0], 0) if total else None)


def guess(cells: Iterable[str], columns: Iterable[Column], remembered: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each column that is recognised among *cells*; no header is two columns."""
    free = {spelt(cell): cell.strip() for cell in reversed(list(cells)) if spelt(cell)}
    found: dict[str, str] = {}
    columns = tuple(columns)
    for known in (_chosen_before(columns, remembered), _written(columns)):
        for name, spellings in known.items():
            hit = next((one for one in spellings if one in free), None)
            if name not in found and hit:
                found[name] = free.pop(hit)
    return found | _nearly(free, [column for column in columns if column.name not in found])


def _chosen_before(columns: Iterable[Column], remembered: Mapping[str, str]) -> dict[str, list[str]]:
    return {column.name: [spelt(remembered[column.name])] for column in columns if column.name in remembered}


def _written(columns: Iterable[Column]) -> dict[str, list[str]]:
    return {column.name: [spelt(said) for said in (column.name, *column.aliases)] for column in columns}


def _nearly(free: dict[str, str], columns: list[Column]) -> dict[str, str]:
    """Match what is left by likeness, the likest first: "Ten co so KD" is nearly "Tên cơ sở"."""
    from rapidfuzz import fuzz  # when it is needed: the program starts sooner and smaller

    pairs = [
        (fuzz.ratio(spelling, spelt(said)), spelling, column.name)
        for spelling in free
        for column in columns
        for said in (column.name, *column.aliases)
        if len(spelling) > 3
    ]
    found: dict[str, str] = {}
    for score, spelling, name in sorted(pairs, reverse=True):
        if score >= NEAR and name not in found and spelling in free:
            found[name] = free.pop(spelling)
    return found


def remembered(conn: sqlite3.Connection, unit: str, what: str) -> dict[str, str]:
    """Return the header that was chosen last in *unit* for each column of this kind of file."""
    return dict(
        conn.execute("SELECT name, header FROM import_headers WHERE unit = ? AND what = ?", (unit, what)).fetchall()
    )


def remember(db: Database, unit: str, what: str, header_map: Mapping[str, str]) -> None:
    """Keep which header a person of *unit* chose for each column."""
    with writing(db) as conn:
        conn.executemany(
            "INSERT INTO import_headers (unit, what, name, header) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (unit, what, name) DO UPDATE SET header = excluded.header",
            [(unit, what, name, header) for name, header in header_map.items()],
        )
