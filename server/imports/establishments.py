"""Rows of a register of establishments, as edits of the places and of who runs them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from schemas.ids import new_id
from schemas.register import State
from schemas.units import NEW_MAP_FROM, Level, UnitTree
from server.imports import cells as read
from server.imports import operators
from server.imports.columns import Column, Problem, Row
from server.imports.ledger import Entry, Said, recall
from server.imports.planning import Desk, Fate, Planned, bad, repeated, same
from server.office import Change
from server.store import in_parts, marks
from sync.chain import Receipt
from sync.merge import difference

Cells = dict[str, str]
SOURCE = "establishments"
_AHEAD = timedelta(days=366)  # a licence or a closing may be known before its day
_EXPIRY = timedelta(days=30 * 366)
_DAY = read.day(_AHEAD)
_UNTIL = read.day(_EXPIRY)
_PLAIN = ("code", "name", "phone")
_LICENCES = (("licence", "operating", "operating_licence"), ("antt", "antt", "antt_certificate"))

COLUMNS = (
    Column("code", read.code(60), ("Mã cơ sở", "Mã", "Mã CS", "Mã số")),
    Column("name", read.text(300), ("Tên cơ sở", "Tên", "Cơ sở", "Tên cơ sở kinh doanh")),
    Column("kinds", read.kinds, ("Loại hình", "Loại hình kinh doanh", "Ngành nghề", "kind")),
    Column("unit_epoch", read.choice(read.EPOCHS), ("Bản đồ hành chính", "Bản đồ", "epoch")),
    Column("unit_code", read.code(10), ("Mã xã", "Mã xã phường", "Mã đơn vị hành chính", "Mã ĐVHC", "unit")),
    Column("address", read.text(400), ("Địa chỉ",)),
    Column("phone", read.code(60), ("Điện thoại", "Số điện thoại", "SĐT")),
    Column("operator", read.text(300), ("Chủ cơ sở", "Tên chủ cơ sở", "Chủ hộ", "Chủ cơ sở kinh doanh")),
    Column("operator_form", read.choice(read.FORMS), ("Hình thức", "Hình thức kinh doanh", "Hình thức pháp lý")),
    Column("operator_no", read.code(60), ("Số đăng ký", "Số đăng ký kinh doanh", "Mã số thuế", "Mã số doanh nghiệp",
                                             "Số ĐKKD", "MST")),
    Column("licence_no", read.code(80), ("Số giấy phép", "Giấy phép số")),
    Column("licence_from", _DAY, ("Ngày cấp giấy phép", "Giấy phép từ ngày")),
    Column("licence_to", _UNTIL, ("Ngày hết hạn giấy phép", "Giấy phép đến ngày")),
    Column("antt_no", read.code(80), ("Số giấy chứng nhận ANTT", "Số giấy ANTT", "Số ANTT")),
    Column("antt_from", _DAY, ("Ngày cấp giấy ANTT", "Ngày cấp ANTT")),
    Column("antt_to", _UNTIL, ("Ngày hết hạn giấy ANTT", "Ngày hết hạn ANTT")),
    Column("opened_on", _DAY, ("Ngày hoạt động", "Ngày bắt đầu hoạt động", "Ngày mở", "Ngày mở cửa")),
    Column("closed_on", _DAY, ("Ngày ngừng hoạt động", "Ngày ngừng", "Ngày đóng cửa")),
    Column("lat", read.degrees(90), ("Vĩ độ", "latitude")),
    Column("lon", read.degrees(180), ("Kinh độ", "longitude")),
)  # fmt: skip


class Establishments:
    """How rows of a register become edits of establishments and operators."""

    columns: tuple[Column, ...] = COLUMNS
    keys: tuple[str, ...] = ("code",)
    columns_of_paths: Mapping[str, str] = {
        "place": "unit_code", "kind": "kinds", "status": "opened_on", "operator": "operator",
        "licence/operating": "licence_no", "licence/antt": "antt_no", "registration": "operator_no",
        "form": "operator_form",
    }  # fmt: skip

    def arrange(self, rows: Iterator[Row]) -> Iterable[Row]:
        """Take the rows as they stand."""
        return rows

    def plan(self, desk: Desk, rows: list[Row]) -> list[Planned]:
        """Say what each row is to become; nothing is written."""
        said = recall(desk.conn, SOURCE, (row.cells.get("code", "") for row in rows))
        known = _by_code(desk.conn, [row.cells["code"] for row in rows if row.cells.get("code") not in said])
        owners = operators.Operators(desk, rows)
        return [self._plan(desk, row, said.get(row.cells.get("code", "")), known, owners) for row in rows]

    def _plan(
        self, desk: Desk, row: Row, before: Said | None, known: dict[str, list[str]], owners: operators.Operators
    ) -> Planned:
        code = row.cells.get("code", "")
        if row.problems or not code:
            return bad(row, *([] if code or row.problems else [Problem("code", "", "Chưa ghi mã cơ sở.")]))
        if again := repeated(desk, code, row):
            return again
        if before and before.cells | row.cells == before.cells:
            return same(row)
        cells = dict(before.cells if before else {}) | row.cells
        problems = _resolve_unit(cells, desk.tree) + _problems(cells) + owners.problems(cells)
        if len(known.get(code, ())) > 1:
            problems.append(Problem("code", code, f"Mã {code} đang có ở nhiều cơ sở; gộp lại rồi nhập."))
        return bad(row, *problems) if problems else _edit(desk, row, cells, before, known.get(code), owners)

    def made(self, planned: Planned, receipts: list[Receipt]) -> list[Entry]:
        """Return what the ledger keeps of a row whose changes have arrived."""
        return planned.said


def _edit(
    desk: Desk, row: Row, cells: Cells, before: Said | None, known: list[str] | None, owners: operators.Operators
) -> Planned:
    state = before.state if before else {}
    thing = before.thing if before else (known or [new_id()])[0]
    planned = Planned(row, Fate.CHANGED if state or known else Fate.ADDED)
    operator = owners.make(cells, before.cells if before else {}, planned)
    after = state_of(cells, state, operator, desk.today)
    edit = difference(state, after)
    if known:
        _leave_what_stands(edit, desk.conn, thing)
    if edit["set"]:
        planned.changes.append(Change("establishment", thing, edit))
    if not planned.changes:
        planned.fate = Fate.SAME
    if not before:
        planned.reserved.append(Entry(SOURCE, cells["code"], Said(thing)))
    as_written = (before.cells if before else {}) | row.cells
    planned.said.append(Entry(SOURCE, cells["code"], Said(thing, as_written, after)))
    return planned


def _by_code(conn: sqlite3.Connection, codes: list[str]) -> dict[str, list[str]]:
    """Find places that did not come from a file but bear the code already; merged ones are not asked."""
    found: dict[str, list[str]] = {}
    for some in in_parts(codes):
        rows = conn.execute(
            f"SELECT code, id FROM establishments WHERE merged_into IS NULL AND code IN ({marks(some)}) ORDER BY id",
            some,
        )
        for code, id in rows:
            found.setdefault(code, []).append(id)
    return found


def _leave_what_stands(edit: dict[str, State], conn: sqlite3.Connection, thing: str) -> None:
    """Take out of a first edit the groups that the place already has: only the office knows what they say.

    A name or phone that differs stays in, and so ends beside the truth for a person to compare.
    """
    row = conn.execute("SELECT state FROM things WHERE kind = 'establishment' AND id = ?", (thing,)).fetchone()
    groups = {path.partition("/")[0] for path in json.loads(row[0]) if "/" in path}
    for part in edit.values():
        for path in [path for path in part if path.partition("/")[0] in groups]:
            del part[path]


def state_of(cells: Cells, before: State, operator: str | None, today: date) -> State:
    """Return the state that a row says, given what it said *before*.

    Span ids are fixed within a thing, so that the next import finds them again.
    """
    first = _first_day(cells, before, today)
    state: State = {path: cells[path] for path in _PLAIN if cells.get(path)}
    state |= _places(cells, before, first)
    state |= {f"kind/{kind}": {"from": first, "kind": kind} for kind in cells["kinds"].split()}
    state["status/1"] = {"from": first, "status": "open"}
    if cells.get("closed_on"):
        state["status/2"] = {"from": cells["closed_on"], "status": "closed"}
    if operator:
        state["operator/1"] = {"from": first, "operator": operator}
    for column, id, type in _LICENCES:
        parts = {"number": f"{column}_no", "from": f"{column}_from", "to": f"{column}_to"}
        licence = {part: cells[cell] for part, cell in parts.items() if cells.get(cell)}
        if licence:
            state[f"licence/{id}"] = {"type": type, **licence}
    return state


def _first_day(cells: Cells, before: State, today: date) -> str:
    """Say from which day a place is known to work.

    Where the register does not say, it is the day of its oldest paper, else 1 January of
    the year of the import; and it never moves later, so that a renewed licence changes
    no past year.
    """
    if cells.get("opened_on"):
        return cells["opened_on"]
    papers = [cells[column] for column in ("licence_from", "antt_from") if cells.get(column)]
    if "status/1" in before:
        papers.append(before["status/1"]["from"])
    year = min(str(today.year), cells.get("closed_on", "")[:4] or "9999")
    return min([day for day in papers if day < (cells.get("closed_on") or "9999")], default=f"{year}-01-01")


def _places(cells: Cells, before: State, first: str) -> State:
    """Return where the place stands; a register that goes over to the new map leaves the past on the old one."""
    place: dict[str, Any] = {"from": first, "epoch": cells["unit_epoch"], "unit": cells["unit_code"]}
    if cells.get("address"):
        place["address"] = cells["address"]
    if cells.get("lat"):
        place |= {"lat": float(cells["lat"]), "lon": float(cells["lon"])}
    old = before.get("place/1", {"epoch": "new"})
    if place["epoch"] == "new" and old["epoch"] == "old" and first < NEW_MAP_FROM.isoformat():
        return {"place/1": {**old, "from": first}, "place/2": {**place, "from": NEW_MAP_FROM.isoformat()}}
    return {"place/1": place}


def _resolve_unit(cells: Cells, tree: UnitTree) -> list[Problem]:
    """Complete a commune's code and map in *cells*: Excel drops leading zeros, and many sheets name no map."""
    code = cells.get("unit_code", "")
    if not code:
        return [Problem("unit_code", "", "Chưa ghi mã xã.")]
    epochs = [cells["unit_epoch"]] if cells.get("unit_epoch") else ["old", "new"]
    codes = dict.fromkeys((code, code.zfill(5)))
    found = [(epoch, full) for epoch in epochs for full in codes if tree.get(f"{epoch}:{full}")]
    if not found:
        where = {"old": "bản đồ cũ", "new": "bản đồ mới"}.get(cells.get("unit_epoch", ""), "bản đồ nào")
        return [Problem("unit_code", code, f"Không có xã mã {code} trên {where}; xem lại mã xã.")]
    if len({epoch for epoch, _ in found}) > 1:
        return [Problem("unit_epoch", "", f"Mã {code} có trên cả hai bản đồ; ghi old (đến 30/6/2025) hoặc new.")]
    epoch, full = found[0]
    unit = tree.get(f"{epoch}:{full}")
    if unit and unit.level is not Level.COMMUNE:
        return [Problem("unit_code", code, f"Mã {code} là {unit.name}, không phải xã, phường; ghi mã xã.")]
    cells["unit_epoch"], cells["unit_code"] = epoch, full
    return []


def _problems(cells: Cells) -> list[Problem]:
    """Return what is wrong between the cells of a row."""
    found = []
    if not cells.get("name"):
        found.append(Problem("name", "", "Chưa ghi tên cơ sở."))
    if not cells.get("kinds"):
        found.append(Problem("kinds", "", "Chưa ghi loại hình."))
    for first, last, what in (
        ("opened_on", "closed_on", "Ngày ngừng hoạt động ở trước ngày hoạt động"),
        ("licence_from", "licence_to", "Ngày hết hạn giấy phép ở trước ngày cấp"),
        ("antt_from", "antt_to", "Ngày hết hạn giấy ANTT ở trước ngày cấp"),
    ):
        if cells.get(first) and cells.get(last) and cells[last] < cells[first]:
            found.append(Problem(last, cells[last], f"{what}; xem lại hai ngày."))
    if cells.get("opened_on") and cells.get("opened_on") == cells.get("closed_on"):
        found.append(Problem("closed_on", cells["closed_on"], "Mở và ngừng trong cùng một ngày; xem lại hai ngày."))
    if bool(cells.get("lat")) != bool(cells.get("lon")):
        found.append(Problem("lat", cells.get("lat", ""), "Tọa độ phải có cả vĩ độ và kinh độ."))
    return found
