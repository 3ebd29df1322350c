"""Printed papers as data: a text with blanks in a small markup of our own, which an office may replace (docs/paper.md).

Nothing in a paper is ever run: a blank names a value, and what is not known is refused with one sentence.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from schemas.blanks import BLANKS, BLOCKS, LISTS, PARTS
from schemas.fields import Label
from schemas.text import nfc

PURPOSES: Mapping[str, Label] = {
    "minutes": ("Biên bản kiểm tra", "Minutes of inspection"),
    "attempt": ("Biên bản về việc không kiểm tra được", "Minutes of an attempt"),
    "checklist": ("Phiếu nội dung kiểm tra", "Checklist"),
    "working_minutes": ("Biên bản làm việc", "Working minutes"),
    "hand_over": ("Biên bản giao nhận hồ sơ", "Record of handing over a file"),
    "receipt": ("Phiếu tiếp nhận", "Slip of receipt"),
}
_MARKUP = re.compile(r"\*\*|__|\{[^{}]*\}|[\[\]]|[{}]")


class PaperError(Exception):
    """The text of a paper cannot be used: one sentence that says in which line, and what to do."""


@dataclass(frozen=True)
class Words:
    """Fixed words, as they stand in the text."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Blank:
    """A value's place: *otherwise* is printed where a finished paper has no value."""

    name: str
    otherwise: str = ""
    capitals: bool = False
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Maybe:
    """What is left out where any blank in it has no value."""

    pieces: "tuple[Piece, ...]"


Piece = Words | Blank | Maybe


@dataclass(frozen=True)
class Line:
    """One line: `text`, `heading`, `item`, `rule`, or `block`; *of* is the list it is repeated for, or the block."""

    shape: str
    pieces: tuple[Piece, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class Paper:
    """A paper, part by part."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]
    title: tuple[Line, ...]
    body: tuple[Line, ...]
    signatures: tuple[tuple[Line, ...], ...]  # of each who signs: the title, then what is said below it


def read(text: str) -> Paper:
    """Read the text of a paper, or raise PaperError."""
    parts: dict[str, list[Line]] = {name: [] for name in PARTS.values()}
    signatures: list[tuple[Line, ...]] = []
    part = ""
    for number, written in enumerate(nfc(text).splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            part = _part(number, line[1:].strip().lower())
        elif not part:
            raise PaperError(at_line(number, "chữ đứng trước phần đầu tiên; ghi trước nó một dòng như @nội dung."))
        elif part == "signatures":
            signatures.append(tuple(_line(number, one.strip()) for one in line.split("|")))
        else:
            parts[part].append(_line(number, line))
    if not parts["body"]:
        raise PaperError("Mẫu chưa có phần @nội dung; ghi nội dung rồi lưu lại.")
    left, right, title, body = (tuple(parts[name]) for name in ("left", "right", "title", "body"))
    return Paper(left, right, title, body, tuple(signatures))


def problem(purpose: str, text: str) -> str:
    """Return why *text* cannot be the paper of *purpose*, one sentence; empty when it can."""
    if purpose not in PURPOSES:
        return f"Không có loại giấy tờ “{purpose}”; ghi một trong: {', '.join(PURPOSES)}."
    try:
        read(text)
    except PaperError as error:
        return str(error)
    return ""


@cache
def builtin_text(purpose: str) -> str:
    """Return the text of the paper that comes with the program."""
    return files("schemas.data").joinpath("papers", f"{purpose}.txt").read_text(encoding="utf-8")


@cache
def builtin(purpose: str) -> Paper:
    """Return the paper that comes with the program."""
    return read(builtin_text(purpose))


def at_line(number: int, what: str) -> str:
    """Say *what* is wrong in which line."""
    return f"Dòng {number} của mẫu: {what}"


def _part(number: int, name: str) -> str:
    if name not in PARTS:
        raise PaperError(at_line(number, f"không có phần “@{name}”; dùng: {', '.join('@' + one for one in PARTS)}."))
    return PARTS[name]


def _line(number: int, line: str) -> Line:
    if line == "---":
        return Line("rule")
    if line.startswith("%"):
        return _block(number, line[1:].strip().lower())
    of = ""
    if line.startswith("*") and not line.startswith("**"):
        of, colon, line = line[1:].partition(":")
        of, line = of.strip().lower(), line.strip()
        if of not in LISTS or not colon:
            raise PaperError(at_line(number, f"không có danh sách “{of}”; dùng: {', '.join(LISTS)}."))
    shape = {"=": "heading", "-": "item"}.get(line[:2].strip(), "text") if line[1:2] == " " else "text"
    words = line[2:] if shape != "text" else line
    return Line(shape, pieces(number, words.strip(), _names(of)), of)


def _names(of: str) -> "Names":
    where = f" hay của danh sách “{of}”" if of else ""
    return Names({*BLANKS, *LISTS.get(of, ())}, where, "docs/paper.md")


def _block(number: int, name: str) -> Line:
    if name not in BLOCKS:
        raise PaperError(at_line(number, f"không có khối “%{name}”; dùng: {', '.join('%' + one for one in BLOCKS)}."))
    return Line("block", of=name)


@dataclass(frozen=True)
class Names:
    """The blanks that a line may use, what they are of beside the usual ones, and the page that lists them."""

    known: Collection[str]
    where: str
    page: str


def pieces(number: int, line: str, names: Names) -> tuple[Piece, ...]:
    """Read the words of one line, or raise PaperError."""
    stack: list[list[Piece]] = [[]]
    style = Words("")
    for mark in _marks(line):
        match mark:
            case "**":
                style = replace(style, bold=not style.bold)
            case "__":
                style = replace(style, italic=not style.italic)
            case "[":
                stack.append([])
            case "]":
                _close(number, stack)
            case "{" | "}":
                raise PaperError(at_line(number, "dấu { và } phải đi thành cặp, ví dụ {tên cơ sở}; sửa lại."))
            case _:
                blank = mark.startswith("{")
                stack[-1].append(_blank(number, mark[1:-1], names, style) if blank else replace(style, text=mark))
    if len(stack) > 1:
        raise PaperError(at_line(number, "có dấu [ mà không có dấu ] sau nó; thêm dấu ]."))
    if style.bold or style.italic:
        raise PaperError(at_line(number, "dấu ** (đậm) và __ (nghiêng) phải đi thành cặp; thêm dấu còn thiếu."))
    return tuple(stack[0])


def _close(number: int, stack: list[list[Piece]]) -> None:
    if len(stack) == 1:
        raise PaperError(at_line(number, "có dấu ] mà không có dấu [ trước nó; xóa đi, hoặc thêm dấu [."))
    inner = stack.pop()
    stack[-1].append(Maybe(tuple(inner)))


def _marks(line: str) -> Iterator[str]:
    end = 0
    for found in _MARKUP.finditer(line):
        if found.start() > end:
            yield line[end : found.start()]
        yield found[0]
        end = found.end()
    if end < len(line):
        yield line[end:]


def _blank(number: int, said: str, names: Names, style: Words) -> Blank:
    given, _, otherwise = said.partition("|")
    given = " ".join(given.split())
    name = given.lower()
    if name not in names.known:
        said = f"không có chỗ trống {{{given}}}{names.where}; xem các tên dùng được ở {names.page}."
        raise PaperError(at_line(number, said))
    return Blank(name, otherwise.strip(), given.isupper(), style.bold, style.italic)
