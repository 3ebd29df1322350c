"""The texts of returns and letters as data: which parts in which order, with blanks, in the language of papers.

Nothing in a text is run: a blank names a value, what is not known is refused with one sentence (docs/documents.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.fields import Label
from schemas.papers import Names, PaperError, Piece, at_line, pieces
from schemas.return_blanks import BLANKS, GROUP, LISTS, NARRATIVE, PART, PARTS, TABLE, TABLES, WRITTEN
from schemas.text import nfc

PURPOSES: Mapping[str, Label] = {
    "return_half_year": ("Báo cáo 6 tháng", "Half-year return"),
    "return_year": ("Báo cáo năm", "Year's return"),
    "return_quarter": ("Báo cáo quý", "Quarter's return"),
    "return_ad_hoc": ("Báo cáo đột xuất", "Ad hoc return"),
    "return_end_of_period": ("Báo cáo tổng kết giai đoạn", "Return of the whole period"),
    "return_reminder": ("Công văn đôn đốc gửi báo cáo", "Letter of reminder"),
}
LETTERS = ("return_reminder",)
PART_KEYS = (
    "tinh-hinh", "tuyen-truyen", "kiem-tra", "xu-phat", "tin-bao", "viec-trong-nam", "kho-khan", "phuong-huong",
)  # fmt: skip
_PAGE = "docs/documents.md"
_MARKS = re.compile(r"\*\*|__")


@dataclass(frozen=True)
class TextLine:
    """One line, a paragraph of the paper; *of* is the list it is repeated for."""

    pieces: tuple[Piece, ...]
    of: str = ""


@dataclass(frozen=True)
class TextPart:
    """One part: its key, its heading, its lines, its tables below them; *under*: the heading over several."""

    key: str
    heading: str
    lines: tuple[TextLine, ...]
    tables: tuple[str, ...]
    under: str = ""


@dataclass(frozen=True)
class ReturnTemplate:
    """A text, part by part. *name* is the office's own, empty for the program's; *trouble*: why its own is not used."""

    title: tuple[TextLine, ...]
    opening: tuple[TextLine, ...]
    parts: tuple[TextPart, ...]
    closing: tuple[TextLine, ...]
    annexes: tuple[str, ...]
    name: str = ""
    trouble: str = ""


def read(text: str) -> ReturnTemplate:
    """Read a text, or raise PaperError."""
    reading = _Reading()
    for number, written in enumerate(nfc(text).splitlines(), 1):
        line = written.strip()
        if line and not line.startswith("#"):
            reading.take(number, line)
    return reading.read()


def problem(purpose: str, text: str) -> str:
    """Return why *text* cannot be that of *purpose*, one sentence; empty when it can."""
    try:
        found = read(text)
    except PaperError as error:
        return str(error)
    if purpose in LETTERS:
        return "" if found.opening else "Mẫu công văn chưa có phần @mở đầu; ghi nội dung rồi lưu lại."
    return "" if found.parts else "Mẫu báo cáo chưa có phần nào; ghi ít nhất một dòng như @phần kiem-tra: Kiểm tra."


@cache
def builtin_text(purpose: str) -> str:
    """Return the text that comes with the program."""
    return files("schemas.data").joinpath("papers", f"{purpose}.txt").read_text(encoding="utf-8")


@cache
def builtin(purpose: str) -> ReturnTemplate:
    """Return what comes with the program."""
    return read(builtin_text(purpose))


class _Reading:
    """A text that is being read, line by line."""

    def __init__(self) -> None:
        self.whole: dict[str, list[TextLine]] = {name: [] for name in PARTS.values()}
        self.parts: list[tuple[str, str, str, list[TextLine], list[str]]] = []
        self.annexes: list[str] = []
        self.at = self.under = ""

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        if line.startswith("@"):
            self._begin(number, line[1:].strip())
        elif not self.at:
            raise PaperError(at_line(number, "chữ đứng trước phần đầu tiên; ghi trước nó một dòng như @mở đầu."))
        elif line.startswith("%"):
            self._table(number, line[1:].strip().lower())
        elif self.at in ("annexes", "group"):
            said = "phần @phụ lục chỉ có bảng, ví dụ %bảng số liệu; dưới @mục ghi một dòng như @phần xu-phat: Xử phạt."
            raise PaperError(at_line(number, said))
        else:
            target = self.parts[-1][3] if self.at == "part" else self.whole[self.at]
            target.append(_line(number, line, in_part=self.at == "part"))

    def read(self) -> ReturnTemplate:
        """Return what was read."""
        parts = tuple(TextPart(key, head, tuple(lines), tuple(tables), under)
                      for key, head, under, lines, tables in self.parts)  # fmt: skip
        title, opening, closing = (tuple(self.whole[name]) for name in ("title", "opening", "closing"))
        return ReturnTemplate(title, opening, parts, closing, tuple(self.annexes))

    def _begin(self, number: int, said: str) -> None:
        word, _, rest = said.partition(" ")
        if word.lower() == PART:
            self._part(number, rest)
        elif word.lower().rstrip(":") == GROUP:
            self.under, self.at = said.partition(":")[2].strip(), "group"
        elif said.lower() in PARTS:
            self.at, self.under = PARTS[said.lower()], ""
        else:
            known = ", ".join(f"@{one}" for one in WRITTEN)
            raise PaperError(at_line(number, f"không có phần “@{said}”; dùng: {known}."))

    def _part(self, number: int, said: str) -> None:
        key, colon, heading = (one.strip() for one in said.partition(":"))
        if key not in PART_KEYS or not colon:
            known = ", ".join(PART_KEYS)
            raise PaperError(at_line(number, f"ghi @phần <mã>: <tên phần>, mã là một trong: {known}."))
        if key in {one[0] for one in self.parts}:
            raise PaperError(at_line(number, f"phần “{key}” đã có ở trên; mỗi phần chỉ ghi một lần."))
        self.parts.append((key, heading, self.under, [], []))
        self.at = "part"

    def _table(self, number: int, said: str) -> None:
        word, _, name = said.partition(" ")
        if word != TABLE or name.strip() not in TABLES:
            known = ", ".join(f"%{TABLE} {one}" for one in TABLES)
            raise PaperError(at_line(number, f"không có “%{said}”; dùng: {known}."))
        if self.at not in ("part", "annexes"):
            raise PaperError(at_line(number, "bảng chỉ đứng trong một phần hoặc trong @phụ lục; chuyển dòng này."))
        (self.parts[-1][4] if self.at == "part" else self.annexes).append(name.strip())


def _line(number: int, line: str, *, in_part: bool) -> TextLine:
    if _MARKS.search(line):
        raise PaperError(at_line(number, "lời văn của báo cáo không có chữ đậm, chữ nghiêng; xóa các dấu ** và __."))
    of, known = "", {*BLANKS, *([NARRATIVE] if in_part else [])}
    if line.startswith("*"):
        of, colon, line = line[1:].partition(":")
        of = of.strip().lower()
        if of not in LISTS or not colon:
            raise PaperError(at_line(number, f"không có danh sách “{of}”; dùng: {', '.join(LISTS)}."))
        known |= {*LISTS[of]}
    where = f" hay của danh sách “{of}”" if of else ""
    return TextLine(pieces(number, line.strip(), Names(known, where, _PAGE)), of)
