"""Tables as files: CSV that every spreadsheet opens in Vietnamese, and XLSX. No cell ever becomes a formula."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from flask import Response
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.shares import tenths_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Share:
    """A part of a whole: a percent in a spreadsheet, and a plain number of percent in CSV; *target* in percent."""

    part: int
    whole: int
    target: int | None = None

    @property
    def percent(self) -> str:
        """The percent with one decimal and a point, as programs read it; empty where there is no whole."""
        return f"{tenths_of(self.part, self.whole, self.target) / 10:.1f}" if self.whole else ""

    @property
    def value(self) -> float:
        """The number of a spreadsheet, exact except where one decimal of it would show the target as reached."""
        shown = tenths_of(self.part, self.whole, self.target)
        return shown / 1000 if 1000 * self.part >= (shown + 0.5) * self.whole else self.part / self.whole


@dataclass(frozen=True)
class Table:
    """A table to be handed out; *facts* say what the figures are about, one name and value a line."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    facts: Sequence[tuple[str, str]] = ()


def as_csv(table: Table) -> Response:
    """Answer *table* as CSV in UTF-8 with a mark, so that Excel reads the Vietnamese letters."""
    sheet = StringIO(newline="")
    out = csv.writer(sheet)
    out.writerow(map(plain, table.headings))
    out.writerows(map(plain, row) for row in table.rows)
    return _answer(b"\xef\xbb\xbf" + sheet.getvalue().encode(), "text/csv; charset=utf-8", f"{table.name}.csv")


def plain(cell: Any) -> Any:
    """Return a cell as CSV holds it: text that a spreadsheet would compute is marked as text."""
    if isinstance(cell, Share):
        return cell.percent
    if isinstance(cell, str) and cell.startswith(_FORMULAS):
        return "'" + cell
    return cell.isoformat() if isinstance(cell, date) else cell


def as_xlsx(table: Table) -> Response:
    """Answer *table* as a workbook."""
    return _answer(workbook(table), XLSX, f"{table.name}.xlsx")


def workbook(table: Table) -> bytes:
    """Write *table* as a workbook: its rows under a fixed heading, and a second sheet with the facts."""
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "share": book.add_format({"num_format": "0.0%"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        _fill(book.add_worksheet("Số liệu"), table, formats)
        _note(book.add_worksheet("Ghi chú"), table, formats)
    return kept.getvalue()


def _fill(sheet: Worksheet, table: Table, formats: dict[str, Any]) -> None:
    sheet.write_row(0, 0, table.headings, formats["head"])
    for line, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            _cell(sheet, line, column, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headings) - 1)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _cell(sheet: Worksheet, line: int, column: int, cell: Any, formats: dict[str, Any]) -> None:
    if isinstance(cell, Share):
        if cell.whole:
            sheet.write_number(line, column, cell.value, formats["share"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, column, cell, formats["day"])
    elif cell is not None:
        sheet.write(line, column, cell)


def _note(sheet: Worksheet, table: Table, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, table.title, formats["head"])
    for line, (name, value) in enumerate(table.facts, 2):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, value)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, 1, 60)


def _widths(table: Table) -> Iterable[int]:
    """Return a width for each column: that of its longest cell, within reason."""
    for column, heading in enumerate(table.headings):
        longest = max((len(str(row[column])) for row in table.rows if isinstance(row[column], str)), default=0)
        yield min(max(longest + 2, min(len(heading), 14), 11), 48)


def _answer(body: bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
