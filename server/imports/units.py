"""Rows of administrative units, with what became of each old commune, as edits of the two maps."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from schemas.register import State
from schemas.units import Epoch, Level, unit_key
from server.imports import cells as read
from server.imports.columns import Column, Problem, Row, understand
from server.imports.ledger import Entry, Said, recall
from server.imports.planning import Desk, Fate, Planned, bad, repeated, same
from server.imports.reading import opened
from server.office import Change, state_of
from sync.chain import Receipt
from sync.merge import difference

SOURCE = "units"
_RANK = {level.value: rank for rank, level in enumerate(Level)}
_DAY = read.day(timedelta(days=10 * 366))
_FIELDS = ("name", "level", "parent", "valid_from", "valid_to")

COLUMNS = (
    Column("epoch", read.choice(read.EPOCHS), ("Bản đồ hành chính", "Bản đồ")),
    Column("code", read.code(10), ("Mã", "Mã đơn vị", "Mã ĐVHC")),
    Column("name", read.text(120), ("Tên", "Tên đơn vị")),
    Column("level", read.choice(read.LEVELS), ("Cấp",)),
    Column("parent", read.code(10), ("Mã cấp trên", "Đơn vị cấp trên")),
    Column("valid_from", _DAY, ("Từ ngày",)),
    Column("valid_to", _DAY, ("Đến ngày",)),
)
_PAIRS = (
    Column("old_code", read.code(10), ("Mã cũ",)),
    Column("new_code", read.code(10), ("Mã mới",)),
)


class Units:
    """How rows of units become edits of the maps; a unit is known by its map and code."""

    columns: tuple[Column, ...] = COLUMNS
    keys: tuple[str, ...] = ("epoch", "code")
    columns_of_paths: Mapping[str, str] = {}

    def __init__(self, successors: Path | None, today: date) -> None:
        """Read *successors* whole: pairs of an old and a new code."""
        self._successors = _read_successors(successors, today) if successors else {}
        self._levels: dict[str, str] = {}

    def arrange(self, rows: Iterator[Row]) -> Iterable[Row]:
        """Put what lies above before what lies in it, and the new map before the old one that leads to it."""
        return sorted(rows, key=lambda row: (row.cells.get("epoch") != Epoch.NEW.value, _rank(row)))

    def plan(self, desk: Desk, rows: list[Row]) -> list[Planned]:
        """Say what each row is to become; nothing is written."""
        said = recall(desk.conn, SOURCE, (_key(row) for row in rows))
        return [self._plan(desk, row, said.get(_key(row))) for row in rows]

    def _plan(self, desk: Desk, row: Row, before: Said | None) -> Planned:
        key = _key(row)
        if row.problems:
            return bad(row)
        if again := repeated(desk, key, row):
            return again
        cells = dict(before.cells if before else {}) | row.cells
        if key in self._successors:
            cells["successors"] = " ".join(sorted(self._successors[key]))
        problems = self._problems(desk, key, cells)
        if problems:
            return bad(row, *problems)
        self._levels[key] = cells["level"]
        return same(row) if before and before.cells == cells else _edit(desk, row, key, cells, before)

    def _problems(self, desk: Desk, key: str, cells: dict[str, str]) -> list[Problem]:
        empty = [column for column in ("epoch", "code", "name", "level") if not cells.get(column)]
        if empty:
            return [Problem(column, "", "Chưa nhập mục này.") for column in empty]
        found = []
        if cells.get("valid_to") and cells["valid_to"] < cells.get("valid_from", ""):
            found.append(Problem("valid_to", cells["valid_to"], "Ngày kết thúc ở trước ngày bắt đầu."))
        if problem := self._of_parent(desk, cells):
            found.append(Problem("parent", cells.get("parent", ""), problem))
        below = [unit for child in desk.tree.children(key) if (unit := desk.tree.get(child))]
        if any(_RANK[unit.level.value] <= _RANK[cells["level"]] for unit in below):
            found.append(Problem("level", cells["level"], "Có đơn vị trực thuộc cùng cấp hoặc cao hơn."))
        for code in cells.get("successors", "").split():
            if not self._level(desk, unit_key(Epoch.NEW, code)):
                found.append(Problem("new_code", code, f"Bản đồ mới không có mã {code}; nhập đơn vị đó trước."))
        return found

    def _of_parent(self, desk: Desk, cells: dict[str, str]) -> str:
        parent = cells.get("parent", "")
        if cells["level"] == Level.PROVINCE.value:
            return "Tỉnh không có đơn vị cấp trên; xóa ô này." if parent else ""
        level = self._level(desk, unit_key(cells["epoch"], parent))
        if not level:
            return f"Không có đơn vị mã {parent or '(trống)'} trên cùng bản đồ; nhập đơn vị cấp trên đó trước."
        return "" if _RANK[level] < _RANK[cells["level"]] else f"Đơn vị mã {parent} không ở cấp trên; xem lại hai mã."

    def _level(self, desk: Desk, key: str) -> str:
        unit = desk.tree.get(key)
        return self._levels.get(key) or (unit.level.value if unit else "")

    def made(self, planned: Planned, receipts: list[Receipt]) -> list[Entry]:
        """Return what the ledger keeps of a row whose changes have arrived."""
        return planned.said


def _rank(row: Row) -> int:
    return _RANK.get(row.cells.get("level", ""), len(_RANK))


def _key(row: Row) -> str:
    return unit_key(row.cells.get("epoch", ""), row.cells.get("code", ""))


def _edit(desk: Desk, row: Row, key: str, cells: dict[str, str], before: Said | None) -> Planned:
    """Edit a unit; one that came with the program stands as if this source had said so."""
    present = state_of(desk.conn, "unit", key)
    said = before.state if before else present or {}
    after: State = {path: cells[path] for path in _FIELDS if cells.get(path)}
    if cells.get("successors"):
        after["successors"] = cells["successors"].split()
    elif not before and "successors" in said:
        after["successors"] = said["successors"]
    edit = difference(said, after)
    planned = Planned(row, Fate.CHANGED if present else Fate.ADDED, said=[Entry(SOURCE, key, Said(key, cells, after))])
    if edit["set"]:
        planned.changes.append(Change("unit", key, edit))
    else:
        planned.fate = Fate.SAME
    return planned


def _read_successors(file: Path, today: date) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with opened(file) as sheet:
        for row in understand(sheet, _PAIRS, ("old_code", "new_code"), None).read(today):
            old, new = row.cells.get("old_code"), row.cells.get("new_code")
            if old and new:
                found.setdefault(unit_key(Epoch.OLD, old), set()).add(new)
    return found
