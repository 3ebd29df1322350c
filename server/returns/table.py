"""The table of a return as it is kept: columns, rows by commune and kind, and under each number the ids of its things.

Plain values only, and canonical JSON both ways, so that what was frozen is shown exactly as it was.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NO_KIND = "unknown"


@dataclass(frozen=True)
class Column:
    """One column. *group* stands over it; *things* says what its ids are, *unit* what is counted, in Vietnamese.

    Of a share *things* is empty: nothing stands under it but the two numbers that it is made of.
    """

    code: str
    heading: str
    group: str
    things: str  # place, visit, violation, decision, suspension, operator, tip, item
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, that of the same days of the year before, the difference, and the ids of the things under both.

    Of a share *value* is in tenths of a percent and *difference* in tenths of a percent point, None where there is
    no place ("Không có cơ sở"). *before* and *difference* are None where nothing is compared.
    """

    value: int | None
    before: int | None = None
    difference: int | None = None
    ids: tuple[str, ...] = ()
    ids_before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line: of a commune and a kind, of a commune in all (*kind* empty), of a kind in all, or of everything.

    *unit* is a key of the asked map; where *sure* is false that of the smallest unit that surely holds what stands
    there, and its name is "Chưa xác định xã". The kind NO_KIND has what stands under no kind.
    """

    unit: str
    name: str
    kind: str
    kind_name: str
    sure: bool
    cells: Mapping[str, Cell]

    def as_json(self, nothing: Mapping[str, Cell], cell_as: Callable[[Cell], list[Any]]) -> dict[str, Any]:
        """Return the row, each cell as *cell_as* writes it, without the cells that say *nothing*."""
        return {
            "unit": self.unit, "name": self.name, "kind": self.kind, "kind_name": self.kind_name, "sure": self.sure,
            "cells": {code: cell_as(cell) for code, cell in sorted(self.cells.items()) if cell != nothing[code]},
        }  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """The table of a return: *rows* by commune and kind; *of_units*, *of_kinds* and *total* once each place.

    A place of two kinds stands in each of them and once in the total. *kinds* are those that count, empty: all.
    """

    unit: str | None
    name: str
    first: str
    last: str
    before: tuple[str, str] | None  # the same days of the year before
    kinds: tuple[str, ...]
    plan: str | None  # the plan whose kinds and target hold
    target: int | None  # percent, of the year or of the whole period
    exact: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    of_units: tuple[Row, ...]
    of_kinds: tuple[Row, ...]
    total: Row

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen: sorted and stable. Ids stand in *rows* alone; the sums have those of theirs."""
        nothing = nothings(self.columns, zero(self.before))
        return {
            "unit": self.unit, "name": self.name, "first": self.first, "last": self.last,
            "before": list(self.before) if self.before else None, "kinds": list(self.kinds), "plan": self.plan,
            "target": self.target, "exact": self.exact,
            "columns": [
                {"code": one.code, "heading": one.heading, "group": one.group, "things": one.things, "unit": one.unit}
                for one in self.columns
            ],
            "rows": [row.as_json(nothing, _with_ids) for row in self.rows],
            "of_units": [row.as_json(nothing, _numbers) for row in self.of_units],
            "of_kinds": [row.as_json(nothing, _numbers) for row in self.of_kinds],
            "total": self.total.as_json(nothing, _numbers),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Figures":
        """Read what `as_json` wrote, exactly as it was."""
        columns = tuple(Column(**one) for one in kept["columns"])
        nothing = nothings(columns, zero(kept["before"]))
        rows = tuple(_read(row, nothing, ()) for row in kept["rows"])
        plain = {name: kept[name] for name in ("unit", "name", "first", "last", "plan", "target", "exact")}
        return cls(
            **plain,
            before=(kept["before"][0], kept["before"][1]) if kept["before"] else None,
            kinds=tuple(kept["kinds"]),
            columns=columns,
            rows=rows,
            of_units=tuple(_read(row, nothing, _of_unit(rows, row)) for row in kept["of_units"]),
            of_kinds=tuple(_read(row, nothing, [one for one in rows if one.kind == row["kind"]])
                           for row in kept["of_kinds"]),
            total=_read(kept["total"], nothing, rows),
        )  # fmt: skip


def zero(before: object) -> Cell:
    """Return the cell of a number under which nothing stands, beside the days *before* or beside none."""
    return Cell(0) if before is None else Cell(0, 0, 0)


def nothings(columns: Iterable[Column], zero: Cell) -> dict[str, Cell]:
    """Return the cells of a row in which nothing stands."""
    return {one.code: zero if one.things else Cell(None) for one in columns}


def united(cells: Iterable[Cell]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids under any of *cells*, each once and in order: of now, and of the year before."""
    cells = tuple(cells)
    if len(cells) == 1:
        return cells[0].ids, cells[0].ids_before
    now = {id for cell in cells for id in cell.ids}
    before = {id for cell in cells for id in cell.ids_before}
    return tuple(sorted(now)), tuple(sorted(before))


def _of_unit(rows: Iterable[Row], kept: Mapping[str, Any]) -> list[Row]:
    return [one for one in rows if (one.unit, one.sure) == (kept["unit"], kept["sure"])]


def _numbers(cell: Cell) -> list[Any]:
    return [cell.value, cell.before, cell.difference]


def _with_ids(cell: Cell) -> list[Any]:
    return [*_numbers(cell), list(cell.ids), list(cell.ids_before)]


def _read(kept: Mapping[str, Any], nothing: Mapping[str, Cell], parts: Iterable[Row]) -> Row:
    cells = dict(nothing)
    for code, (value, before, difference, *ids) in kept["cells"].items():
        now, then = map(tuple, ids) if ids else united(part.cells[code] for part in parts)
        cells[code] = Cell(value, before, difference, now, then)
    return Row(kept["unit"], kept["name"], kept["kind"], kept["kind_name"], kept["sure"], cells)
