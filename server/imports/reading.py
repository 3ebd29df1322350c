"""Opening a spreadsheet, CSV or XLSX, as one stream of numbered rows of text."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

Numbered = tuple[int, list[str]]
_DELIMITERS = ",;\t"
_LOOKED_AT = 30  # lines
_BROKEN_XLSX = (BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError, EOFError)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 1 << 20


class BadFile(Exception):
    """The file cannot be read as a table; the message says what to do. Rows taken before it stay."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a table under their line numbers, read as they are asked for; *total* is about how many."""

    rows: Iterator[Numbered]
    total: int | None
    has_cells: bool  # a comma too many cannot move them, as it can in a CSV


@contextmanager
def opened(file: Path) -> Iterator[Sheet]:
    """Open *file* as the table it is, whatever its name ends in, or raise BadFile."""
    try:
        stream = file.open("rb")
    except OSError:
        raise BadFile(f"Không mở được tệp {file}; kiểm tra lại tên tệp.") from None
    with stream:
        start = stream.read(4096)
        stream.seek(0)
        yield _sheet(file, stream, start)


def _sheet(file: Path, stream: BinaryIO, start: bytes) -> Sheet:
    if not start.strip():
        raise BadFile(f"Tệp {file.name} trống; chọn tệp khác.")
    if start.startswith(b"PK"):
        return _xlsx(file.name, stream)
    if start.startswith(_OLD_EXCEL):
        raise BadFile(f"Tệp {file.name} là Excel kiểu cũ; mở bằng Excel rồi lưu thành .xlsx hoặc “CSV UTF-8”.")
    if start.startswith(_UTF_16):
        raise _wrong_encoding(file.name)
    if b"\x00" in start or start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"<")):
        raise BadFile(f"Tệp {file.name} không phải bảng tính; chọn tệp CSV hoặc XLSX.")
    return _csv(file.name, stream)


def _wrong_encoding(name: str) -> BadFile:
    return BadFile(f"Tệp {name} không theo bảng mã UTF-8; trong Excel chọn Lưu thành, kiểu “CSV UTF-8”, rồi nhập lại.")


def _csv(name: str, stream: BinaryIO) -> Sheet:
    lines = _count_lines(name, stream)
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    delimiter = _delimiter(list(islice(text, _LOOKED_AT)))
    text.seek(0)
    return Sheet(_csv_rows(name, csv.reader(text, delimiter=delimiter)), lines, has_cells=False)


def _delimiter(lines: list[str]) -> str:
    """Return what stands between the cells: what most lines have the same number of; a title may have none."""
    best, agreed = ",", (0, 0)
    for delimiter in _DELIMITERS:
        numbers = Counter(number for line in lines if (number := line.count(delimiter)))
        for number, times in numbers.items():
            if (times, number) > agreed:
                best, agreed = delimiter, (times, number)
    return best


def _count_lines(name: str, stream: BinaryIO) -> int:
    """Read the whole file once for its encoding, so that nothing is taken from one that ends in another."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    try:
        while piece := stream.read(_PIECE):
            decoder.decode(piece)
            lines += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _wrong_encoding(name) from None
    stream.seek(0)
    return lines


def _csv_rows(name: str, reader: Any) -> Iterator[Numbered]:
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise BadFile(f"Tệp {name} không đọc được từ dòng {line}: xem lại dấu ngoặc kép ở dòng này.") from None


def _xlsx(name: str, stream: BinaryIO) -> Sheet:
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        total = sheet.max_row
        sheet.reset_dimensions()  # some programs write a wrong one, and rows would be lost
    except (*_BROKEN_XLSX, IndexError, TypeError):
        raise BadFile(f"Tệp {name} không mở được như một bảng tính; lưu lại thành .xlsx rồi nhập lại.") from None
    return Sheet(_xlsx_rows(name, sheet), total, has_cells=True)


def _xlsx_rows(name: str, sheet: Any) -> Iterator[Numbered]:
    line = 0
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [as_text(value) for value in values]
            if any(cells):
                yield line, cells
    except _BROKEN_XLSX:
        raise BadFile(f"Tệp {name} hỏng sau dòng {line}; mở bằng Excel, lưu lại rồi nhập lại.") from None


def as_text(value: Any) -> str:
    """Write the value of an Excel cell as someone would have typed it: a whole number without .0, a date as ISO."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
