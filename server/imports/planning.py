"""What an import is about to do with each row: the one shape that units, places and visits share."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from schemas.units import UnitTree
from server.arrivals.world import unit_tree
from server.imports.columns import Column, Problem, Row
from server.imports.ledger import Entry, Seen
from server.office import Change
from sync.chain import Receipt


class Fate(StrEnum):
    """What becomes of a row; every row has one."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


@dataclass
class Planned:
    """What is to be done for one row; *said* is written once its changes have been made."""

    row: Row
    fate: Fate
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    reserved: list[Entry] = field(default_factory=list)
    said: list[Entry] = field(default_factory=list)


@dataclass
class Desk:
    """What a planner looks things up in: the database outside any transaction, and this import so far."""

    conn: sqlite3.Connection
    today: date
    seen: Seen = field(default_factory=Seen)

    @property
    def tree(self) -> UnitTree:
        """The units as they are now."""
        return unit_tree(self.conn)


class Planner(Protocol):
    """How the rows of one kind of file become changes."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    columns_of_paths: Mapping[str, str]  # a path or group of an item, and the column it came from

    def arrange(self, rows: Iterator[Row]) -> Iterable[Row]:
        """Put the rows in the order in which they can be made."""
        ...

    def plan(self, desk: Desk, rows: list[Row]) -> list[Planned]:
        """Say what each row is to become; nothing is written."""
        ...

    def made(self, planned: Planned, receipts: list[Receipt]) -> list[Entry]:
        """Return what the ledger keeps of a row whose changes have arrived."""
        ...


def bad(row: Row, *problems: Problem) -> Planned:
    """Refuse a row."""
    return Planned(row, Fate.BAD, [*row.problems, *problems])


def same(row: Row) -> Planned:
    """Leave everything as it is."""
    return Planned(row, Fate.SAME)


def repeated(desk: Desk, key: str, row: Row) -> Planned | None:
    """Judge a key that came before in this file: the same again is nothing new, another is refused."""
    before = desk.seen.first(key, row.line, row.cells)
    if before is None:
        return None
    line, cells = before
    if cells == row.cells:
        return same(row)
    reason = f"Mã {key} đã có ở dòng {line} với nội dung khác; đã lấy dòng {line}, sửa hoặc xóa một dòng."
    return bad(row, Problem("code", key, reason))
