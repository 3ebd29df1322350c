"""Adding up: what stands in a commune under a set of kinds becomes the rows and sums of the table."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from schemas.register import Kind
from server.coverage.compare import change_in_tenths
from server.coverage.figures import Name
from server.coverage.figures import Row as Share
from server.coverage.lines import EVERYTHING, KINDS, UNKNOWN_COMMUNE
from server.returns.figures.columns import COLUMNS, SHARE, SUMS
from server.returns.figures.days import Asked
from server.returns.table import NO_KIND, Cell, Row, nothings, zero
from server.shares import tenths_of

Where = tuple[Name, str]  # coverage's name of the row, and the kinds that count there, a space between
Things = dict[str, int]  # id: what it adds
Sheet = dict[str, Things]  # by column
_KIND_ORDER = {**{kind.value: place for place, kind in enumerate(Kind)}, NO_KIND: len(Kind)}


class Tally:
    """What was counted of one period, by where it stands. A thing counts once in a column, however often it is put."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sheets: dict[Where, Sheet] = {}

    def put(self, where: Where, column: str, id: str, adds: int = 1) -> None:
        """Put a thing under a number."""
        sheet = self.sheets.get(where)
        if sheet is None:
            sheet = self.sheets[where] = {}
        things = sheet.get(column)
        if things is None:
            things = sheet[column] = {}
        things[id] = adds

    def by(self, names_of: Callable[[Where], Iterable[Any]]) -> dict[Any, Sheet]:
        """Unite the sheets by the names of where they stand; one sheet may have several."""
        parts: dict[Any, list[Sheet]] = {}
        for where, sheet in self.sheets.items():
            for name in names_of(where):
                parts.setdefault(name, []).append(sheet)
        return {name: sheets[0] if len(sheets) == 1 else _united(sheets) for name, sheets in parts.items()}


@dataclass(frozen=True)
class Rows:
    """All lines of a table, in their order."""

    rows: tuple[Row, ...]
    of_units: tuple[Row, ...]
    of_kinds: tuple[Row, ...]
    total: Row


def rows_of(asked: Asked, now: Tally, before: Tally | None) -> Rows:
    """Make the lines: every commune of the area and every kind asked for stands there, also with nothing in it."""
    question = asked.now
    lines = _Lines(asked, before)
    of_both, of_units, of_kinds, whole = (
        _Pairs(now, before or Tally(), names_of) for names_of in (_both, _units, _kinds, _one)
    )
    units = of_units.in_order([("unit", key) for key in question.where.communes()])
    kinds = of_kinds.in_order([kind.value for kind in Kind if question.wants(kind.value)])
    places = {name: place for place, name in enumerate(units)}
    both = sorted(of_both.in_order(), key=lambda one: (places[one[0]], _KIND_ORDER[one[1]]))
    return Rows(
        tuple(lines.row(name, kind, of_both[name, kind]) for name, kind in both),
        tuple(lines.row(name, "", of_units[name]) for name in units),
        tuple(lines.row(None, kind, of_kinds[kind]) for kind in kinds),
        lines.row(None, "", whole[""]),
    )


def _both(where: Where) -> list[tuple[Name, str]]:
    return [(where[0], kind) for kind in _kinds(where)]


def _kinds(where: Where) -> list[str]:
    return where[1].split() or [NO_KIND]


def _units(where: Where) -> list[Name]:
    return [where[0]]


def _one(where: Where) -> list[str]:
    return [""]


class _Pairs:
    """The sheets of now and of the year before, by the names of where they stand."""

    def __init__(self, now: Tally, then: Tally, names_of: Callable[[Where], Iterable[Any]]) -> None:
        self._now, self._then = now.by(names_of), then.by(names_of)

    def __getitem__(self, name: Any) -> tuple[Sheet, Sheet]:
        return self._now.get(name, {}), self._then.get(name, {})

    def in_order(self, expected: Iterable[Any] = ()) -> list[Any]:
        """List the names that are expected, whatever stands there, and then those that something stands under."""
        expected = list(expected)
        return [*expected, *sorted((self._now.keys() | self._then.keys()) - set(expected))]


def _united(sheets: Iterable[Sheet]) -> Sheet:
    found: Sheet = {}
    for sheet in sheets:
        for column, things in sheet.items():
            found.setdefault(column, {}).update(things)
    return found


class _Lines:
    def __init__(self, asked: Asked, before: Tally | None) -> None:
        self._where, self._compared = asked.now.where, before is not None
        self._target, self._target_before = asked.target, asked.target_before
        self._nothing = nothings(COLUMNS, zero(before))

    def row(self, name: Name | None, kind: str, sheets: tuple[Sheet, Sheet]) -> Row:
        cells = dict(self._nothing)
        for column, cell in self._cells(*sheets):
            cells[column] = cell
        cells[SHARE] = self._share(cells["open"], cells["inspected"])
        sure = name is None or name[0] == "unit"
        unit = name[1] if name else self._where.unit or ""
        return Row(unit, self._name(unit) if sure else UNKNOWN_COMMUNE, kind, _kind_name(kind), sure, cells)

    def _cells(self, now: Sheet, then: Sheet) -> Iterator[tuple[str, Cell]]:
        for column in now.keys() | then.keys():
            one, other = now.get(column, {}), then.get(column, {})
            value, was = (sum(things.values()) if column in SUMS else len(things) for things in (one, other))
            if self._compared:
                yield column, Cell(value, was, value - was, tuple(sorted(one)), tuple(sorted(other)))
            else:
                yield column, Cell(value, None, None, tuple(sorted(one)))

    def _share(self, open: Cell, inspected: Cell) -> Cell:
        now = _share(open.value, inspected.value)
        then = _share(open.before, inspected.before) if self._compared else None
        was = then and _tenths(then, self._target_before)
        return Cell(_tenths(now, self._target), was, change_in_tenths(now, then))

    def _name(self, unit: str) -> str:
        known = self._where.tree.get(unit) if unit else None
        return known.name if known else EVERYTHING


def _kind_name(kind: str) -> str:
    return KINDS["" if kind == NO_KIND else kind] if kind else ""


def _share(open: int | None, inspected: int | None) -> Share:
    return Share("", "", "", open or 0, inspected or 0, 0, 0, 0, 0, 0, None, None)


def _tenths(share: Share, target: int | None) -> int | None:
    return tenths_of(share.inspected, share.open, target) if share.open else None
