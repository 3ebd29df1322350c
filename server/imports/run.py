"""Importing a file: read, planned and made a few hundred rows at a time, and taken up again where it stopped."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from server.clock import local_day
from server.imports.columns import Problem, Row, Table, spelt, understand
from server.imports.decisions import Decisions
from server.imports.establishments import Establishments
from server.imports.guess import COMMAND, heading, remembered
from server.imports.inspections import Inspections
from server.imports.ledger import keep
from server.imports.planning import Desk, Fate, Planned, Planner
from server.imports.reading import opened
from server.imports.report import ErrorFile
from server.imports.units import Units
from server.imports.within import Within
from server.office import Change, make, state_of
from sync.chain import Receipt

Progress = Callable[[int, int | None], None]
Each = Callable[[Planned], None]
ROWS_A_BATCH = 150  # one transaction each: a laptop that sends meanwhile waits for no more than that

WHAT = ("units", "establishments", "inspections", "decisions")


@dataclass(frozen=True)
class Counts:
    """What became of the rows: each is in one of the four, and the bad ones stand in the file *errors*."""

    added: int
    changed: int
    same: int
    bad: int
    errors: str | None


def import_file(
    db: Database,
    what: str,
    file: Path,
    *,
    author: str,
    at: datetime,
    header_map: Mapping[str, str] | None = None,
    errors: Path | None = None,
    successors: Path | None = None,
    progress: Progress | None = None,
    within: Within | None = None,
    each: Each | None = None,
) -> Counts:
    """Import *file* of units, establishments, inspections or decisions, and say what became of its rows.

    A row is an edit of what this source said last time: later corrections stand, and the
    same file again changes nothing. A bad row is written to *errors* and stops no other.
    Cut short at any moment it is simply run again. Raises BadFile when there is no table.
    *within*: rows about another area are bad. *each* is told what became of every row.
    """
    planner = planner_of(what, successors, local_day(at))

    def go(desk: Desk, rows: list[Row]) -> list[Planned]:
        planned = planner.plan(desk, rows)
        planned = within.only(planned) if within else planned
        _make(db, planner, planned, author, at)
        for one in planned if each else ():
            each(one)  # type: ignore[misc]  # there is one
        return planned

    with _table(planner, file, header_map) as table:
        return _run(Desk(db.conn, local_day(at)), planner, table, go, _error_file(file, errors), progress)


def check_file(
    db: Database,
    what: str,
    file: Path,
    *,
    author: str,
    at: datetime,
    header_map: Mapping[str, str] | None = None,
    errors: Path | None = None,
    successors: Path | None = None,
    progress: Progress | None = None,
) -> Counts:
    """Say what importing *file* would do, and write its bad rows to *errors*; nothing else is written.

    It is called as import_file is, so that a command may call either; *author* leaves no trace.
    What would end beside the truth, because the office has changed it since, is counted as changed.
    """
    planner = planner_of(what, successors, local_day(at))
    with _table(planner, file, header_map) as table:
        return _run(Desk(db.conn, local_day(at)), planner, table, planner.plan, _error_file(file, errors), progress)


def preview(
    db: Database, what: str, file: Path, *, at: datetime, header_map: Mapping[str, str], within: Within, most: int
) -> list[Planned]:
    """Say what importing the first rows of *file* would do; nothing is written."""
    planner = planner_of(what, None, local_day(at))
    desk = Desk(db.conn, local_day(at))
    try:
        with _table(planner, file, header_map) as table:
            rows = list(islice(planner.arrange(table.read(desk.today)), most))
            return within.only(planner.plan(desk, rows))
    finally:
        desk.seen.close()


def told_before(db: Database, what: str, file: Path, today: date) -> dict[str, str] | None:
    """Return the headers of *file* that the command line was told before (--map); None where there is nothing to add.

    A header that the file does not have is left out: it is of another office's file.
    """
    known = remembered(db.conn, COMMAND, what)
    if not known:
        return None
    cells = {spelt(cell) for cell in heading(file, planner_of(what, None, today).columns, known).cells}
    return {name: header for name, header in known.items() if spelt(header) in cells} or None


def planner_of(what: str, successors: Path | None, today: date) -> Planner:
    match what:
        case "units":
            return Units(successors, today)
        case "establishments":
            return Establishments()
        case "inspections":
            return Inspections()
        case "decisions":
            return Decisions()
    raise ValueError(f"Nothing of ours is called {what}; it is one of {', '.join(WHAT)}.")


@contextmanager
def _table(planner: Planner, file: Path, header_map: Mapping[str, str] | None) -> Iterator[Table]:
    with opened(file) as sheet:
        yield understand(sheet, planner.columns, planner.keys, header_map)


def _error_file(file: Path, errors: Path | None) -> ErrorFile:
    return ErrorFile(errors or file.with_name(f"{file.stem}.loi.csv"), file)


def _run(
    desk: Desk,
    planner: Planner,
    table: Table,
    go: Callable[[Desk, list[Row]], list[Planned]],
    report: ErrorFile,
    progress: Progress | None,
) -> Counts:
    tally: Counter[Fate] = Counter()
    done = 0
    try:
        waiting = iter(planner.arrange(table.read(desk.today)))
        while rows := list(islice(waiting, ROWS_A_BATCH)):
            for planned in go(desk, rows):
                tally[planned.fate] += 1
                report.add(planned)
            done += len(rows)
            if progress:
                progress(done, table.sheet.total)
    finally:
        report.close()
        desk.seen.close()
    return Counts(tally[Fate.ADDED], tally[Fate.CHANGED], tally[Fate.SAME], tally[Fate.BAD], report.path)


def _make(db: Database, planner: Planner, batch: list[Planned], author: str, at: datetime) -> None:
    """Make the changes of a batch and keep what its rows have said; note what did not come into the truth."""
    changes: list[Change] = [change for planned in batch for change in planned.changes]
    said = [entry for planned in batch if not planned.changes for entry in planned.said]
    if changes:
        reserved = [entry for planned in batch for entry in planned.reserved]
        if reserved:
            keep(db, reserved, ())
        receipts = iter(make(db, changes, author=author, at=at))
        for planned in batch:
            if planned.changes:
                answers = [next(receipts) for _ in planned.changes]
                said += _settle(db, planner, planned, answers)
    if said:
        keep(db, (), said)


def _settle(db: Database, planner: Planner, planned: Planned, receipts: list[Receipt]) -> Any:
    problems = [
        problem
        for change, receipt in zip(planned.changes, receipts, strict=True)
        for problem in _problems(db, planner, change, receipt)
    ]
    if problems:
        planned.fate = Fate.BAD
        planned.problems += problems
    refused = any(receipt.standing == "quarantined" for receipt in receipts)
    return [] if refused else planner.made(planned, receipts)


def _problems(db: Database, planner: Planner, change: Change, receipt: Receipt) -> Iterator[Problem]:
    """Say in words why an item is not in the truth; nothing when it is."""
    detail = receipt.detail or {}
    if receipt.standing == "conflict":
        stands = state_of(db.conn, change.kind, change.id) or {}
        for path in detail.get("fields") or ("",):
            value = change.body.get("set", {}).get(path)
            reason = _OTHER.format(_said(stands.get(path))) if path else _TWO
            yield Problem(_column(planner, path), _said(value), reason)
    elif receipt.standing != "accepted":
        problems = detail.get("problems") or {"": _WAITS if receipt.standing == "held" else _FAULT}
        for path, reason in problems.items():
            yield Problem(_column(planner, path), "", reason)


_OTHER = "Máy chủ đang ghi {} do nơi khác sửa; giữ cả hai để đối chiếu."
_TWO = "Cuộc kiểm tra này đã được sửa ở nơi khác; giữ cả hai bản để đối chiếu."
_WAITS = "Đã nhận nhưng còn chờ hồ sơ liên quan; xem ở trang cần duyệt."
_FAULT = "Máy chủ chưa ghi được dòng này; báo người quản trị, xem nhật ký máy chủ."


def _column(planner: Planner, path: str) -> str:
    group = path.partition("/")[0]
    return planner.columns_of_paths.get(path) or planner.columns_of_paths.get(group) or path.partition(".")[0]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(str(part) for part in value.values() if part is not None)
    return "(trống)" if value is None else str(value)
