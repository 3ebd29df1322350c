"""The tables of a paper as a workbook, a sheet a table, to compute with. No cell is a formula: a sum is its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from schemas.paper_words import clean
from server.documents import words
from server.documents.model import Cell, Look, Paper, Part, Percent, Points, Row, Sheet
from server.documents.tabled import natural, placed
from server.tables import Share

_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_FACE = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
_NUMBERS = {"text": "@", "figure": "#,##0", "share": "0.0%", "points": '0.0" điểm %"', "day": "dd/mm/yyyy"}
_LINE = 15.5  # points, of one line
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # the same paper gives the same bytes


@dataclass(frozen=True)
class _Open:
    """A worksheet that is being written, with the formats of its book."""

    sheet: Worksheet
    formats: dict[str, Any]


def as_xlsx(paper: Paper) -> bytes:
    """Write the tables of *paper* as a workbook, those of the text first."""
    kept = BytesIO()
    with Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"{clean(paper.kind)} {clean(paper.title)}".strip(), "created": _LONG_AGO})
        formats = {name: book.add_format({**_FACE, **said}) for name, said in _formats()}
        sheets = [*_tables(paper.parts), *paper.annexes]
        for name, sheet in zip(_names(sheets), sheets, strict=True):
            _fill(_Open(book.add_worksheet(name), formats), paper, sheet)
        if not sheets:
            book.add_worksheet("Không có bảng")
    return kept.getvalue()


def _formats() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, number in _NUMBERS.items():
        cell = {"num_format": number, "border": 1, "text_wrap": name == "text"}
        cell |= {"align": "center"} if name == "day" else {}
        yield name, cell
        yield f"{name} total", {**cell, "bold": True}
    yield "head", {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
    yield "group", {"bold": True, "border": 1}
    yield "title", {"bold": True, "font_size": 13, "align": "center", "text_wrap": True}
    yield "belongs", {"italic": True, "align": "center", "text_wrap": True}
    yield "issuer", {"bold": True}
    yield "note", {"italic": True, "valign": "top"}


def _tables(parts: tuple[Part, ...]) -> Iterator[Sheet]:
    for part in parts:
        yield from part.sheets
        yield from _tables(part.parts)


def _names(sheets: list[Sheet]) -> list[str]:
    """Return a name for each worksheet: what Excel allows, and none twice, whatever the case of its letters."""
    names: list[str] = []
    for place, sheet in enumerate(sheets, 1):
        name = " ".join(clean(sheet.name or sheet.title).translate(_NOT_IN_A_NAME).split())[:31].strip()
        taken = {one.lower() for one in names}
        if not name or name.lower() in taken or name.lower() == "history":
            name = f"{place}. {name}"[:31].strip()
        names.append(name)
    return names


def _fill(to: _Open, paper: Paper, sheet: Sheet) -> None:
    last = sheet.columns - 1
    top = _titles(to, paper, sheet)
    _head(to, sheet, top)
    first = top + len(sheet.head)
    for line, row in enumerate(sheet.rows, first):
        _row(to, line, row, last)
    below = first + len(sheet.rows) + 1
    for line, note in enumerate((*sheet.notes, words.foot(paper)), below):
        to.sheet.write_string(line, 0, clean(note), to.formats["note"])
    _look(to.sheet, sheet, top, first)
    _heights(to.sheet, sheet, top, first)


def _titles(to: _Open, paper: Paper, sheet: Sheet) -> int:
    """Write whose table it is and what it is about; return the line of its head."""
    to.sheet.write_string(0, 0, clean(paper.issuer), to.formats["issuer"])
    _over(to, 1, sheet, clean(sheet.title).upper(), "title")
    about = f"{clean(paper.title)} {words.belongs_to(paper)}"
    _over(to, 2, sheet, about, "belongs")
    return 4


def _over(to: _Open, line: int, sheet: Sheet, said: str, look: str) -> None:
    """Write a line over the whole width of a table."""
    if sheet.columns == 1:
        to.sheet.write_string(line, 0, said, to.formats[look])
    else:
        to.sheet.merge_range(line, 0, line, sheet.columns - 1, said, to.formats[look])


def _head(to: _Open, sheet: Sheet, top: int) -> None:
    for row, column, one in placed(sheet.head):
        down = min(one.rows, len(sheet.head) - row)
        if down * one.columns == 1:
            to.sheet.write_string(top + row, column, clean(one.text), to.formats["head"])
        else:
            ends = (top + row + down - 1, column + one.columns - 1)
            to.sheet.merge_range(top + row, column, *ends, clean(one.text), to.formats["head"])


def _row(to: _Open, line: int, row: Row, last: int) -> None:
    if row.look is Look.GROUP:
        for column in range(last + 1):
            said = words.written(row.cells[0]) if not column else ""
            to.sheet.write_string(line, column, said, to.formats["group"])
        return
    look = " total" if row.look is Look.TOTAL else ""
    for column, cell in enumerate(row.cells):
        _cell(to, (line, column), cell, look)


def _cell(to: _Open, at: tuple[int, int], cell: Cell, look: str) -> None:
    sheet, formats = to.sheet, to.formats
    match cell:
        case Share() if cell.whole:
            sheet.write_number(*at, cell.value, formats[f"share{look}"])
        case Percent():
            sheet.write_number(*at, cell.tenths / 1000, formats[f"share{look}"])
        case Points():
            sheet.write_number(*at, cell.tenths / 10, formats[f"points{look}"])
        case date():
            sheet.write_datetime(*at, cell, formats[f"day{look}"])
        case int():
            sheet.write_number(*at, cell, formats[f"figure{look}"])
        case _:
            sheet.write_string(*at, words.written(cell), formats[f"text{look}"])


def _look(sheet: Worksheet, said: Sheet, top: int, first: int) -> None:
    """Set widths, what stays in sight, and how it prints: A4 landscape, as wide as the page, heads on each."""
    for column, width in enumerate(natural(said)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(first, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.8, right=0.8, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top, first - 1)
    sheet.set_footer("&C&8&P/&N")


def _heights(sheet: Worksheet, said: Sheet, top: int, first: int) -> None:
    """Make rows as high as their words need: not every program does it when it opens the file."""
    widths = natural(said)
    sheet.set_row(1, 2 * _LINE)
    sheet.set_row(2, 2 * _LINE)
    heads = [1] * len(said.head)
    for row, column, one in placed(said.head):
        width = sum(widths[column : column + one.columns])
        heads[row] = max(heads[row], -(-_lines(one.text, width) // one.rows))
    for line, lines in enumerate(heads, top):
        sheet.set_row(line, lines * _LINE)
    for line, plain in enumerate(said.rows, first):
        lines = max((_lines(cell, width) for cell, width in zip(plain.cells, widths, strict=False)
                     if isinstance(cell, str)), default=1)  # fmt: skip
        if lines > 1 and plain.look is not Look.GROUP:
            sheet.set_row(line, lines * _LINE)


def _lines(text: str, width: int) -> int:
    """Return on how many lines a text stands in so many letters, a little generously."""
    return 1 if len(text) < width else -(-(len(text) + len(text) // 8) // width)
