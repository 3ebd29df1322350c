"""Which returns there are of the units in an area, and who has sent: a table of units and reports of a year."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from schemas.plans import Report
from schemas.returns import ReturnStanding
from schemas.text import sort_key
from schemas.units import UnitTree
from server.pages.areas import inside, units_below

_ROWS = (
    "SELECT returns.id, returns.unit, plan, deadline, report, since, until, due, strict, standing, version, replaces,"
    " number, signed_on, title, coalesce(document, ''), coalesce(frozen_returns.seq, 0), coalesce(sent_on, ''),"
    " coalesce(sent_by, ''), coalesce(sent_at, '')"
    " FROM returns LEFT JOIN frozen_returns ON frozen_returns.id = returns.id"
)


@dataclass(frozen=True)
class Return:
    """One return in a list; *document* is empty of a draft; *seq* the last arrival that its figures know."""

    id: str
    unit: str
    plan: str
    deadline: str
    report: str
    since: str
    until: str
    due: str
    strict: bool
    standing: str
    version: int
    replaces: str
    number: str
    signed_on: str
    title: str
    document: str
    seq: int
    sent_on: str
    sent_by: str
    sent_at: str

    @property
    def last_day(self) -> str:
        """The last day on which it is in time, empty where there is none."""
        if not self.due:
            return ""
        return (date.fromisoformat(self.due) - timedelta(days=int(self.strict))).isoformat()

    @property
    def late(self) -> bool:
        """Whether it was sent after its last day."""
        return bool(self.sent_on and self.last_day and self.sent_on > self.last_day)

    @property
    def is_draft(self) -> bool:
        """Whether it is still written."""
        return self.standing == ReturnStanding.DRAFT


@dataclass(frozen=True)
class Asked:
    """Which returns: of the year in which their days end, of one report and standing; empty: of any, of everywhere."""

    unit: str
    year: int
    report: str = ""
    standing: str = ""


def returns(conn: sqlite3.Connection, tree: UnitTree, asked: Asked) -> list[Return]:
    """Return those of the units in *asked.unit*, the latest days first; a draft that was dropped is not among them."""
    rows = conn.execute(
        f"{_ROWS} WHERE until BETWEEN ? AND ? AND standing <> 'dropped' ORDER BY until DESC, unit, version DESC",
        (f"{asked.year}-01-01", f"{asked.year}-12-31"),
    )
    found = (_row(row) for row in rows)
    return [one for one in found if asked.report in ("", one.report) and asked.standing in ("", one.standing)
            and (not asked.unit or inside(tree, asked.unit, one.unit))]  # fmt: skip


def find(conn: sqlite3.Connection, id: str) -> Return | None:
    """Return one by its id, None where there is none."""
    row = conn.execute(f"{_ROWS} WHERE returns.id = ?", (id,)).fetchone()
    return _row(row) if row else None


def of_code(conn: sqlite3.Connection, code: str) -> list[Return]:
    """Return those whose code on paper begins the hash of what was sent."""
    first = code.replace("-", "").lower()
    if len(first) < 8 or set(first) - set("0123456789abcdef"):
        return []
    rows = conn.execute(f"{_ROWS} WHERE document >= ? AND document < ?", (first, first + "g"))
    return [_row(row) for row in rows]


def replaced_by(conn: sqlite3.Connection, id: str) -> Return | None:
    """Return the version that takes the place of a return, a draft too."""
    row = conn.execute(
        f"{_ROWS} WHERE replaces = ? AND standing <> 'dropped' ORDER BY version DESC LIMIT 1", (id,)
    ).fetchone()
    return _row(row) if row else None


def years(conn: sqlite3.Connection, today: date) -> list[int]:
    """Return the years that there are returns of, and this one, the latest first."""
    rows = conn.execute("SELECT DISTINCT substr(until, 1, 4) FROM returns WHERE standing <> 'dropped'").fetchall()
    return sorted({today.year, *(int(year) for (year,) in rows)}, reverse=True)


def _row(row: tuple[object, ...]) -> Return:
    one = Return(*row)  # type: ignore[arg-type]  # in the order of _ROWS
    return Return(**{**vars(one), "strict": bool(one.strict)})


REPORTS = (Report.QUARTER, Report.HALF_YEAR, Report.YEAR, Report.END_OF_PERIOD, Report.AD_HOC)


@dataclass(frozen=True)
class Column:
    """One column of the table: a report, of a quarter its number."""

    report: str
    quarter: int = 0


@dataclass(frozen=True)
class UnitRow:
    """A unit right below, and its return in each column; None: there is none."""

    unit: str
    name: str
    returns: tuple[Return | None, ...]


def table(
    tree: UnitTree, unit: str, found: Iterable[Return], wanted: str = ""
) -> tuple[tuple[Column, ...], tuple[UnitRow, ...]]:  # fmt: skip
    """Return the table of the units right below *unit* and their reports: sent goes before a draft.

    Half a year and a year are always asked for; the others where somebody below made one.
    """
    below = units_below(tree, unit)[1:]
    keys = {key for key, _ in below}
    cells: dict[tuple[str, Column], Return] = {}
    for one in found:
        if one.unit in keys and one.standing != ReturnStanding.REPLACED:
            column = Column(one.report, (int(one.until[5:7]) + 2) // 3 if one.report == Report.QUARTER else 0)
            there = cells.get((one.unit, column))
            if there is None or (there.is_draft and not one.is_draft):
                cells[one.unit, column] = one
    always = {Column(Report.HALF_YEAR.value), Column(Report.YEAR.value)}
    columns = sorted(
        {column for column in always | {column for _, column in cells} if wanted in ("", column.report)},
        key=lambda one: (REPORTS.index(Report(one.report)), one.quarter),
    )
    rows = [UnitRow(key, name, tuple(cells.get((key, column)) for column in columns))
            for key, name in sorted(below, key=lambda one: sort_key(one[1]))]  # fmt: skip
    return tuple(columns), tuple(rows)
