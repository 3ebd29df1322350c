"""Tables as files: CSV that every spreadsheet opens in Vietnamese, and XLSX. No cell ever becomes a formula."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTH = 18


@dataclass(frozen=True)
class Table:
    """A table to be handed out."""

    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


def as_csv(table: Table) -> bytes:
    """Write *table* as CSV in UTF-8 with a mark, so that Excel reads the Vietnamese letters."""
    sheet = StringIO(newline="")
    out = csv.writer(sheet)
    out.writerow(map(_plain, table.headings))
    out.writerows(map(_plain, row) for row in table.rows)
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()


def _plain(cell: Any) -> Any:
    """Mark as text what a spreadsheet would compute."""
    return "'" + cell if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell


def as_xlsx(table: Table) -> bytes:
    """Write *table* as a workbook, its rows under a fixed heading."""
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.headings, book.add_format({"bold": True, "text_wrap": True, "bottom": 1}))
        for line, row in enumerate(table.rows, 1):
            sheet.write_row(line, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.headings) - 1, _WIDTH)
    return kept.getvalue()


FILES: Mapping[str, tuple[Callable[[Table], bytes], str]] = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
