"""The columns of a file: how their headers are recognised, and a row read under them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from schemas.text import fold
from server.imports.cells import BadCell, Reader
from server.imports.reading import BadFile, Sheet

_HEADER_WITHIN = 20  # rows: office sheets have a title above their header
_SPELLING = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Column:
    """A column of ours, under its name in commands and the headers that offices write."""

    name: str
    read: Reader
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell of one row."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Row:
    """A row as it was read: its cells by our names, empty ones too, and what is wrong in it."""

    line: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet whose header has been understood."""

    places: tuple[tuple[int, Column], ...]
    sheet: Sheet
    width: int

    def read(self, today: date) -> Iterator[Row]:
        """Read the rows, one by one as they are asked for."""
        return (self._row(line, cells, today) for line, cells in self.sheet.rows)

    def _row(self, line: int, cells: list[str], today: date) -> Row:
        values: dict[str, str] = {}
        problems = self._moved(cells)
        for place, column in self.places:
            cell = cells[place].strip() if place < len(cells) else ""
            try:
                values[column.name] = column.read(cell, today) if cell else ""
            except BadCell as error:
                problems.append(Problem(column.name, cell, str(error)))
        return Row(line, values, tuple(problems))

    def _moved(self, cells: list[str]) -> list[Problem]:
        beyond = [] if self.sheet.has_cells else [cell for cell in cells[self.width :] if cell.strip()]
        reason = "Dòng có nhiều ô hơn hàng tiêu đề; đặt ô có dấu phẩy trong dấu ngoặc kép."
        return [Problem("", cell, reason) for cell in beyond[:1]]


def understand(
    sheet: Sheet, columns: Iterable[Column], keys: tuple[str, ...], header_map: Mapping[str, str] | None
) -> Table:
    """Find the header of *sheet*: the first of its rows that has the *keys*; raise BadFile when none has."""
    names = _names(tuple(columns), header_map or {})
    best: set[str] = set()
    for _line, cells in islice(sheet.rows, _HEADER_WITHIN):
        places = [(place, names[spelt(cell)]) for place, cell in enumerate(cells) if spelt(cell) in names]
        found = {column.name for _, column in places}
        if found >= set(keys):
            _refuse_twice(places, cells)
            _refuse_unfound(found, header_map or {})
            return Table(tuple(places), sheet, len(cells))
        best = max(best, found, key=len)
    missing = ", ".join(f"“{key}”" for key in keys if key not in best)
    raise BadFile(f"Không thấy cột {missing}; đặt tên cột ở dòng đầu, hoặc chỉ ra tên cột bằng --map.")


def spelt(header: str) -> str:
    """Return a header as it is compared: without accents, case, spaces or signs."""
    return _SPELLING.sub("", fold(header))


def _names(columns: tuple[Column, ...], header_map: Mapping[str, str]) -> dict[str, Column]:
    """Gather the headers of each column; one that is mapped goes by its mapped header only, to nothing by none."""
    unknown = header_map.keys() - {column.name for column in columns}
    if unknown:
        known = ", ".join(column.name for column in columns)
        raise BadFile(f"Tệp --map có tên lạ: {', '.join(sorted(unknown))}; dùng các tên: {known}.")
    names: dict[str, Column] = {}
    for column in columns:
        for header in (column.name, *column.aliases):
            names.setdefault(spelt(header), column)
    for name, theirs in header_map.items():
        column = next(column for column in columns if column.name == name)
        names = {header: other for header, other in names.items() if other is not column}
        if theirs:
            names[spelt(theirs)] = column
    return names


def _refuse_twice(places: list[tuple[int, Column]], cells: list[str]) -> None:
    seen: dict[str, str] = {}
    for place, column in places:
        if column.name in seen:
            raise BadFile(
                f"Hai cột “{seen[column.name]}” và “{cells[place]}” cùng là {column.name};"
                " xóa một cột, hoặc chỉ ra tên cột bằng --map."
            )
        seen[column.name] = cells[place]


def _refuse_unfound(found: set[str], header_map: Mapping[str, str]) -> None:
    unfound = [theirs for name, theirs in header_map.items() if theirs and name not in found]
    if unfound:
        raise BadFile(f"Không thấy cột “{'”, “'.join(unfound)}” mà --map chỉ ra; xem lại tên cột trong tệp.")
