"""Rows of past sanction decisions, as decisions of the register."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from schemas.fields import Day
from schemas.ids import is_id, new_id
from schemas.register import State
from schemas.text import fold
from schemas.violations import Catalogue
from schemas.whose import operator_on
from server.imports import cells as read
from server.imports.columns import Column, Problem, Row
from server.imports.ledger import Entry, Said, recall
from server.imports.places import Places
from server.imports.planning import Desk, Fate, Planned, bad, repeated, same
from server.law import checks
from server.law.catalogue import current
from server.office import Change, state_of
from sync.chain import Receipt
from sync.merge import difference

Cells = dict[str, str]
SOURCE = "decisions"
_DAY = read.day(timedelta(0))
_UNTIL = read.day(timedelta(days=3 * 366))  # a suspension ends on a day to come

COLUMNS = (
    Column("number", read.code(80), ("Số quyết định", "Quyết định số", "Số QĐ")),
    Column("authority", read.text(200), ("Cơ quan ra quyết định", "Người ra quyết định", "Cơ quan", "Thẩm quyền")),
    Column("operator", read.text(300), ("Chủ cơ sở", "Người vi phạm", "Tổ chức, cá nhân vi phạm")),
    Column("establishment", read.code(60), ("Mã cơ sở", "Cơ sở")),
    Column("codes", read.text(2000), ("Mã hành vi", "Hành vi", "Hành vi vi phạm")),
    Column("committed_on", _DAY, ("Ngày vi phạm", "Ngày thực hiện hành vi")),
    Column("decided_on", _DAY, ("Ngày quyết định", "Ngày ra quyết định", "Ngày")),
    Column("delivered_on", _DAY, ("Ngày giao", "Ngày giao quyết định")),
    Column("sanction", read.choice(read.SANCTIONS), ("Hình thức", "Hình thức xử phạt")),
    Column("sanctions", read.text(2000), ("Hình thức từng hành vi",)),
    Column("amount", read.dong, ("Số tiền", "Số tiền phạt", "Tiền phạt")),
    Column("ordered", read.words(read.PARTS), ("Nội dung phải thi hành", "Phải thi hành")),
    Column("main_done_on", read.done, ("Ngày chấp hành xong", "Ngày nộp phạt", "Chấp hành hình thức chính")),
    Column("additional_done_on", read.done, ("Chấp hành hình thức bổ sung",)),
    Column("remedies_done_on", read.done, ("Chấp hành khắc phục hậu quả", "Ngày khắc phục hậu quả")),
    Column("suspension_to", _UNTIL, ("Đình chỉ đến ngày", "Tước giấy phép đến ngày")),
    Column("cancelled_on", _DAY, ("Ngày hủy", "Ngày hủy quyết định")),
    Column("complaint_from", _DAY, ("Khiếu nại từ ngày", "Ngày khiếu nại")),
    Column("evasion_from", _DAY, ("Trốn tránh từ ngày",)),
    Column("evasion_to", _DAY, ("Trốn tránh đến ngày",)),
)
_PLAIN = (
    *("number", "authority", "committed_on", "decided_on", "delivered_on", "sanction", "main_done_on"),
    *("additional_done_on", "remedies_done_on", "suspension_to", "cancelled_on", "complaint_from", "evasion_from"),
    "evasion_to",
)
_NEEDED = {
    "number": "Chưa ghi số quyết định.",
    "authority": "Chưa ghi cơ quan ra quyết định.",
    "codes": "Chưa ghi mã hành vi.",
    "decided_on": "Chưa ghi ngày quyết định.",
    "sanction": "Chưa ghi hình thức; ghi warning, fine hoặc none.",
}


class Decisions:
    """How rows of past decisions become decisions; one is known by its number and authority."""

    columns: tuple[Column, ...] = COLUMNS
    keys: tuple[str, ...] = ("number", "authority")
    columns_of_paths: Mapping[str, str] = {}

    def __init__(self) -> None:
        """Read the operators only when the first row asks for one."""
        self._operators: _Operators | None = None

    def arrange(self, rows: Iterator[Row]) -> Iterable[Row]:
        """Take the rows as they stand."""
        return rows

    def plan(self, desk: Desk, rows: list[Row]) -> list[Planned]:
        """Say what each row is to become; nothing is written."""
        self._operators = self._operators or _Operators(desk)
        said = recall(desk.conn, SOURCE, (_key(row.cells) for row in rows))
        places = Places(desk.conn, (row.cells.get("establishment", "") for row in rows))
        return [self._plan(desk, row, said.get(_key(row.cells)), places) for row in rows]

    def _plan(self, desk: Desk, row: Row, before: Said | None, places: Places) -> Planned:
        if row.problems:
            return bad(row)
        if again := repeated(desk, _key(row.cells), row):
            return again
        if before and before.cells | row.cells == before.cells:
            return same(row)
        cells = dict(before.cells if before else {}) | row.cells
        found = [Problem(column, "", reason) for column, reason in _NEEDED.items() if not cells.get(column)]
        if cells.get("establishment"):
            found += places.problems(cells["establishment"])
        if found:
            return bad(row, *found)
        assert self._operators is not None
        place = places.find(cells.get("establishment", ""))
        operator, reason = self._operators.of(desk, cells, place)
        if not operator:
            return bad(row, Problem("operator", cells.get("operator", ""), reason))
        return _edit(desk, row, cells, before, _state(cells, operator, place, current(desk.conn)))

    def made(self, planned: Planned, receipts: list[Receipt]) -> list[Entry]:
        """Return what the ledger keeps of a row whose changes have arrived."""
        return planned.said


def _key(cells: Cells) -> str:
    return f"{cells.get('number', '')}|{fold(cells.get('authority', ''))}"


def _state(cells: Cells, operator: str, place: str | None, catalogue: Catalogue) -> State:
    state: State = {column: cells[column] for column in _PLAIN if cells.get(column)}
    state |= {"operator": operator, "codes": checks.codes(cells["codes"], catalogue)}
    if place:
        state["establishment"] = place
    if cells.get("amount"):
        state["amount"] = int(cells["amount"])
    if cells.get("ordered"):
        state["ordered"] = cells["ordered"].split()
    if cells.get("sanctions"):
        said = checks.sanctions(cells["sanctions"], catalogue)
        state["sanctions"] = {code: read.SANCTIONS.get(fold(word), word) for code, word in said.items()}
    return state


def _edit(desk: Desk, row: Row, cells: Cells, before: Said | None, after: State) -> Planned:
    """Make a decision, or say again what this row said; one entered by hand keeps what this row says otherwise."""
    wrong = checks.problems(after, current(desk.conn)) | _unread(after)
    if wrong:
        return bad(row, *(Problem(field, cells.get(field, ""), sentence) for field, sentence in wrong.items()))
    known = None if before else _entered(desk, cells)
    thing = before.thing if before else known or new_id()
    present = state_of(desk.conn, "decision", thing) if known else None
    state = before.state if before else {path: value for path, value in (present or {}).items() if path in after}
    planned = Planned(row, Fate.CHANGED if state else Fate.ADDED)
    edit = difference(state, after)
    if edit["set"]:
        planned.changes.append(Change("decision", thing, edit))
    else:
        planned.fate = Fate.SAME
    if not before:
        planned.reserved.append(Entry(SOURCE, _key(cells), Said(thing)))
    planned.said.append(Entry(SOURCE, _key(cells), Said(thing, cells, after)))
    return planned


def _unread(state: State) -> dict[str, str]:
    wrong = [word for word in (state.get("sanctions") or {}).values() if word not in read.SANCTIONS.values()]
    return {"sanctions": f"Không hiểu “{wrong[0]}”; ghi dạng MÃ=fine; MÃ=warning."} if wrong else {}


def _entered(desk: Desk, cells: Cells) -> str | None:
    """Find a decision of this number and authority that did not come from a file."""
    row = desk.conn.execute(
        "SELECT id FROM decisions WHERE number = ? AND authority = ? ORDER BY id", (cells["number"], cells["authority"])
    ).fetchone()
    return row[0] if row else None


class _Operators:
    """The operators by registration number and by name, read once for a file."""

    def __init__(self, desk: Desk) -> None:
        self._found: dict[str, set[str]] = {}
        rows = desk.conn.execute(
            "SELECT operators.root, things.state FROM operators JOIN things ON things.kind = 'operator'"
            " AND things.id = operators.id"
        )
        for root, text in rows:
            state = json.loads(text)
            for said in ("name", "registration"):
                if state.get(said):
                    self._found.setdefault(fold(str(state[said])), set()).add(root)

    def of(self, desk: Desk, cells: Cells, place: str | None) -> tuple[str | None, str]:
        """Return whom a row means, else why that cannot be said.

        That is an id, a registration number or a name; without one, who ran the place on
        the day of the act, or of the decision. A name that many bear is that person's place.
        """
        there = self._who_ran(desk, cells, place)
        named = cells.get("operator", "")
        if not named:
            return there, "" if there else "Chưa ghi chủ cơ sở, và chưa rõ ai là chủ cơ sở vào ngày đó."
        if is_id(named):
            found = {named} if state_of(desk.conn, "operator", named) else set()
        else:
            found = self._found.get(fold(named), set())
        if len(found) == 1:
            return next(iter(found)), ""
        if there and _root(desk, there) in found:
            return there, ""
        if found:
            return None, f"Có nhiều chủ cơ sở tên “{named}”; ghi số đăng ký, hoặc thêm mã cơ sở."
        return None, f"Không có chủ cơ sở “{named}”; nhập cơ sở và chủ cơ sở đó trước."

    def _who_ran(self, desk: Desk, cells: Cells, place: str | None) -> str | None:
        state = state_of(desk.conn, "establishment", place) if place else None
        day: date = Day().deserialize(cells.get("committed_on") or cells["decided_on"])
        return operator_on(state, day) if state else None


def _root(desk: Desk, operator: str) -> str | None:
    row = desk.conn.execute("SELECT root FROM operators WHERE id = ?", (operator,)).fetchone()
    return row[0] if row else None
