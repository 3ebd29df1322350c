"""Rows of past inspections, as visits that count: they were made, signed and filed on paper."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from schemas import violations
from schemas.ids import is_id, new_id
from schemas.inspections import FIRST_DAY, Outcome
from schemas.items import read as read_item
from schemas.text import fold
from server.imports import cells as read
from server.imports.columns import Column, Problem, Row
from server.imports.ledger import Entry, Said, recall
from server.imports.places import Places
from server.imports.planning import Desk, Fate, Planned, bad, repeated, same
from server.office import Change, things
from sync.chain import Receipt

SOURCE = "inspections"
FROM_PAPER = "Nhập từ hồ sơ giấy"

COLUMNS = (
    Column("code", read.code(60), ("Mã", "Mã cuộc kiểm tra", "Mã biên bản")),
    Column("establishment", read.code(60), ("Mã cơ sở", "Cơ sở")),
    Column("date", read.day(timedelta(days=1)), ("Ngày", "Ngày kiểm tra")),
    Column("team", read.text(300), ("Đội", "Đội kiểm tra", "Tên đội")),
    Column("basis", read.choice(read.BASES), ("Hình thức", "Hình thức kiểm tra")),
    Column("outcome", read.choice(read.OUTCOMES), ("Kết quả", "Kết quả kiểm tra")),
    Column("found_working", read.choice(read.TRUTHS), ("Đang hoạt động", "Cơ sở đang hoạt động")),
    Column("violations", read.text(4000), ("Vi phạm", "Hành vi vi phạm", "Hành vi")),
    Column("number", read.code(60), ("Số biên bản",)),
    Column("trigger", read.choice(read.TRIGGERS), ("Căn cứ đột xuất",)),
    Column("ground", read.text(2000), ("Căn cứ",)),
    Column("remark", read.text(2000), ("Ghi chú", "Nhận xét", "Lý do")),
)
_NEEDED = {
    "establishment": "Chưa ghi mã cơ sở.",
    "date": "Chưa ghi ngày kiểm tra.",
    "team": "Chưa ghi tên đội.",
    "basis": "Chưa ghi hình thức; ghi planned, unscheduled hoặc recheck.",
    "outcome": "Chưa ghi kết quả; ghi no_violation, violations, closed_tonight, stopped, not_found hoặc refused.",
}


class Inspections:
    """How rows of past inspections become visits and their corrections.

    Who was there is on the paper and not in the row, and no person is made up for it:
    each visit comes with an accepted review that says so, and by it counts.
    """

    columns: tuple[Column, ...] = COLUMNS
    keys: tuple[str, ...] = ("code",)
    columns_of_paths: Mapping[str, str] = {}

    def arrange(self, rows: Iterator[Row]) -> Iterable[Row]:
        """Take the rows as they stand."""
        return rows

    def plan(self, desk: Desk, rows: list[Row]) -> list[Planned]:
        """Say what each row is to become; nothing is written."""
        said = recall(desk.conn, SOURCE, (row.cells.get("code", "") for row in rows))
        register = _Register(desk.conn, [row.cells.get("establishment", "") for row in rows])
        return [self._plan(desk, row, said.get(row.cells.get("code", "")), register) for row in rows]

    def _plan(self, desk: Desk, row: Row, before: Said | None, register: "_Register") -> Planned:
        code = row.cells.get("code", "")
        if row.problems or not code:
            return bad(row, *([] if code or row.problems else [Problem("code", "", "Chưa ghi mã cuộc kiểm tra.")]))
        if again := repeated(desk, code, row):
            return again
        if before and before.cells | row.cells == before.cells:
            return same(row)
        if before and not before.state:
            before = replace(before, state=_made_before(desk.conn, before.thing))
        cells = dict(before.cells if before else {}) | row.cells
        problems = _problems(cells) or register.problems(cells)
        return bad(row, *problems) if problems else _visit(desk, row, cells, before, register)

    def made(self, planned: Planned, receipts: list[Receipt]) -> list[Entry]:
        """Return what the ledger keeps: the item that a later row of this code corrects."""
        entry = planned.said[0]
        if planned.changes[0].kind == "inspection":
            entry.said.state["item"] = receipts[0].item
        return [entry]


def _problems(cells: dict[str, str]) -> list[Problem]:
    """Return what is wrong in a row by itself."""
    found = [Problem(column, "", reason) for column, reason in _NEEDED.items() if not cells.get(column)]
    if found:
        return found
    if cells["date"] < FIRST_DAY.isoformat():
        found.append(Problem("date", cells["date"], "Ngày kiểm tra trước khi có Nghị định 178/2004; xem lại ngày."))
    violated = cells["outcome"] == Outcome.VIOLATIONS
    if violated and not cells.get("violations"):
        found.append(Problem("violations", "", "Kết quả là có vi phạm nhưng chưa ghi hành vi nào."))
    if cells.get("violations") and not violated:
        found.append(Problem("outcome", cells["outcome"], "Đã ghi hành vi vi phạm: kết quả phải là violations."))
    return found


class _Register:
    """The establishments and teams that a batch of rows names."""

    def __init__(self, conn: sqlite3.Connection, codes: list[str]) -> None:
        self._places = Places(conn, codes)
        self._teams: dict[str, list[str]] = {}
        for id, team in things(conn, "team").items():
            for name in (id, fold(team["name"])):
                self._teams.setdefault(name, []).append(id)

    def place(self, code: str) -> str | None:
        """Return the one establishment of *code*."""
        return self._places.find(code)

    def team(self, name: str) -> str | None:
        """Return the one team called *name*, or under that id."""
        ids = self._teams.get(name if is_id(name) else fold(name), [])
        return ids[0] if len(ids) == 1 else None

    def problems(self, cells: dict[str, str]) -> list[Problem]:
        """Return what the row names and the server does not have, or has more than once."""
        name, found = cells["team"], self._places.problems(cells["establishment"])
        if not self.team(name):
            reason = f"Có nhiều đội tên “{name}”; ghi mã của đội thay cho tên."
            if fold(name) not in self._teams:
                reason = f"Không có đội “{name}”; thêm đội bằng lệnh doi178-server team add, rồi nhập lại."
            found.append(Problem("team", name, reason))
        return found


def _visit(desk: Desk, row: Row, cells: dict[str, str], before: Said | None, register: _Register) -> Planned:
    """Make a visit with its review, or correct the one that this row made before."""
    state: dict[str, Any] = dict(before.state) if before else {}
    thing = before.thing if before else new_id()
    planned = Planned(row, Fate.CHANGED if state else Fate.ADDED)
    body = _body(cells, register, state.setdefault("violations", {}))
    if state.get("digest") != _digest(body):
        planned.changes.append(_revision(desk, thing, body, state))
        state |= {"digest": _digest(body), "revision": state.get("revision", 0) + 1}
    if Outcome(cells["outcome"]).counts and not state.get("reviewed"):
        review = {"inspection": thing, "review": "accepted", "comment": FROM_PAPER}
        planned.changes.append(Change("review", new_id(), review))
        state["reviewed"] = True
    if not planned.changes:
        planned.fate = Fate.SAME
    if not before:
        planned.reserved.append(Entry(SOURCE, cells["code"], Said(thing)))
    planned.said.append(Entry(SOURCE, cells["code"], Said(thing, cells, state)))
    return planned


def _revision(desk: Desk, thing: str, body: dict[str, Any], state: dict[str, Any]) -> Change:
    revised = body | {"revision": state.get("revision", 0) + 1}
    if state.get("item"):
        revised["reason"] = f"Sửa theo bảng nhập ngày {desk.today:%d/%m/%Y}"
    return Change("inspection", thing, revised, state.get("item"))


def _digest(body: dict[str, Any]) -> str:
    """Return what tells whether a row still says the same visit, however its cells are spelt."""
    said = {key: value for key, value in body.items() if key not in {"revision", "reason"}}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _body(cells: dict[str, str], register: _Register, ids: dict[str, str]) -> dict[str, Any]:
    """Return the visit that a row says; *ids* keeps the id of each of its violations through corrections."""
    body: dict[str, Any] = {
        "establishment": register.place(cells["establishment"]),
        "team": register.team(cells["team"]),
        "date": cells["date"],
        "basis": cells["basis"],
        "outcome": cells["outcome"],
        "remark": cells.get("remark") or ("" if Outcome(cells["outcome"]).counts else f"{FROM_PAPER}."),
    }
    if cells["basis"] == "unscheduled":
        body["trigger"] = cells.get("trigger") or "request"
        body["ground"] = cells.get("ground") or f"{FROM_PAPER}; căn cứ ghi trong hồ sơ gốc."
    if cells.get("found_working"):
        body["found_working"] = cells["found_working"] == "1"
    if cells.get("number"):
        body["number"] = cells["number"]
    acts = [act for part in cells.get("violations", "").split(";") if (act := part.strip())]
    if acts:
        body["violations"] = [_violation(act, date.fromisoformat(cells["date"]), ids) for act in acts]
    return body


def _violation(act: str, day: date, ids: dict[str, str]) -> dict[str, str]:
    """Code an act that the catalogue has in force on *day*; keep any other uncoded, with its text."""
    code = violations.find_code(act)
    row = violations.find(code, day) if code else None
    said = {"code": row.code, "text": row.name_vi} if row else {"text": act}
    return {"id": ids.setdefault(row.code if row else act, new_id()), **said}


def _made_before(conn: sqlite3.Connection, thing: str) -> dict[str, Any]:
    """Find what an import that was cut short had already made under a kept id."""
    row = conn.execute(
        "SELECT line, revision, EXISTS (SELECT 1 FROM reviews WHERE inspection = visits.id)"
        "  FROM visits JOIN items ON items.name = visits.item WHERE visits.id = ?",
        (thing,),
    ).fetchone()
    if row is None:
        return {}
    item = read_item(bytes(row[0]))
    acts = {part.get("code") or part.get("text", ""): part["id"] for part in item.body.get("violations", ())}
    return {
        "item": item.name,
        "revision": row[1],
        "violations": acts,
        "reviewed": bool(row[2]),
        "digest": _digest(item.body),
    }
