"""A paper as its makers place it: each word as it is printed, each table with its widths, nothing to be worked out."""

from collections.abc import Iterator
from typing import Any

from schemas.paper_words import clean
from server.documents import words
from server.documents.model import Head, Paper, Part, Row, Sheet

Laid = dict[str, Any]

_TEXT_WIDTHS = (3, 26)  # a column of text is at least and at most so many letters wide


def laid(paper: Paper) -> Laid:
    """Return *paper* as the layouts of DOCX and PDF are given it."""
    inner, annexes = _sheets(paper)
    letter = not paper.kind
    return {
        "issuer_above": clean(paper.issuer_above),
        "issuer": clean(paper.issuer),
        "number": words.number_line(paper),
        "about": f"V/v {_small(clean(paper.title))}" if letter else "",
        "place_day": words.day_line(paper),
        "draft": paper.draft,
        "kind": clean(paper.kind),
        "title": "" if letter else clean(paper.title),
        "addressees": [one.rstrip(" ;.") for one in map(clean, paper.addressees) if one],
        "body": [*_texts(paper.opening), *_body(paper.parts, inner)],
        "closing": [line for text in paper.closing for line in words.lines(text)],
        "recipients": list(_recipients(paper)),
        "signature": [one for one in map(clean, (paper.authority, paper.signing, paper.role)) if one],
        "signer": clean(paper.signer),
        "annexes": [_annex(paper, sheet, place, len(annexes)) for place, sheet in enumerate(annexes, 1)],
        "foot": words.foot(paper),
    }


def annexes(paper: Paper) -> list[Sheet]:
    """Return the annexes in their order: the wide tables of the text, then the paper's own."""
    return _sheets(paper)[1]


def _sheets(paper: Paper) -> tuple[set[int], list[Sheet]]:
    """Return which tables stand in the text, by identity, and the list of annexes."""
    own = list(_of_parts(paper.parts))
    return {id(one) for one in own if not one.wide}, [one for one in own if one.wide] + list(paper.annexes)


def _of_parts(parts: tuple[Part, ...]) -> Iterator[Sheet]:
    for part in parts:
        yield from part.sheets
        yield from _of_parts(part.parts)


def _texts(texts: tuple[str, ...]) -> list[Laid]:
    return [{"shape": "text", "text": line} for text in texts for line in words.lines(text)]


def _body(parts: tuple[Part, ...], inner: set[int], above: str = "") -> list[Laid]:
    found: list[Laid] = []
    for heading, part in words.numbered(parts, above):
        if heading:
            found.append({"shape": "heading", "text": heading, "level": 2 if above else 1})
        found += _texts(part.paragraphs)
        found += [{"shape": "table", **table(one)} for one in part.sheets if id(one) in inner]
        found += _body(part.parts, inner, heading or "·")
    return found


def _recipients(paper: Paper) -> Iterator[str]:
    """Yield the lines of Nơi nhận: “as above” of a letter first, what is kept by the clerk last."""
    said = [one.lstrip("- ").rstrip(" ;.,/") for one in map(clean, paper.recipients)]
    said = [one for one in said if one]
    if paper.addressees and not any(one.lower().startswith("như") for one in said):
        said.insert(0, "Như trên")
    if not any(one.lower().startswith("lưu") for one in said):
        said.append("Lưu: VT")
    for place, one in enumerate(said, 1):
        yield f"- {one}{'.' if place == len(said) else ';'}"


def _annex(paper: Paper, sheet: Sheet, place: int, of: int) -> Laid:
    name = f"Phụ lục {words.roman(place)}" if of > 1 else "Phụ lục"
    return {"name": name, "belongs": words.belongs_to(paper), "wide": sheet.wide, **table(sheet)}


def table(sheet: Sheet) -> Laid:
    """Return a table as it is printed: words, widths in parts of the whole, where each column stands."""
    rows = [(row.look.value, [words.written(cell) for cell in row.cells]) for row in sheet.rows]
    figures = _figures(sheet)
    return {
        "title": clean(sheet.title),
        "head": [[{"text": clean(one.text), "columns": one.columns, "rows": one.rows} for one in row]
                 for row in sheet.head],
        "rows": rows,
        "figures": figures,
        "widths": list(sheet.widths) or _widths(sheet, rows, figures),
        "size": _size(sheet),
        "notes": [line for note in sheet.notes for line in words.lines(note)],
    }  # fmt: skip


def merged(head: list[list[Laid]]) -> list[list[Laid]]:
    """Return the rows of a head as Word has them: a cell that goes on from the row above is said again, empty."""
    placed_rows = tuple(tuple(Head(**one) for one in row) for row in head)
    rows: list[list[Laid]] = [[] for _ in head]
    for row, column, one in placed(placed_rows):
        for down in range(min(one.rows, len(rows) - row)):
            merge = "" if one.rows == 1 else "continue" if down else "restart"
            rows[row + down].append({"text": "" if down else one.text, "columns": one.columns, "merge": merge,
                                     "at": column})  # fmt: skip
    return [sorted(row, key=lambda one: int(one["at"])) for row in rows]


def placed(head: tuple[tuple[Head, ...], ...]) -> Iterator[tuple[int, int, Head]]:
    """Yield each cell of a head with its row and column, as HTML would place it."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(head):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield row, column, cell
            taken |= {(row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}


def _figures(sheet: Sheet) -> list[bool]:
    found = [False] * sheet.columns
    for row in _plain(sheet):
        for column, cell in enumerate(row.cells):
            found[column] = found[column] or words.is_figure(cell)
    return found


def _plain(sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet.rows if len(row.cells) == sheet.columns)


def _widths(sheet: Sheet, rows: list[tuple[str, list[str]]], figures: list[bool]) -> list[int]:
    """Return a width for each column in letters: figures and the longest word of a head whole, text within reason."""
    least, most = _TEXT_WIDTHS
    widths = [0] * sheet.columns
    for _, cells in rows:
        if len(cells) == len(widths):
            widths = [max(width, len(cell)) for width, cell in zip(widths, cells, strict=True)]
    widths = [width if figure else min(max(width, least), most) for width, figure in zip(widths, figures, strict=True)]
    for _, column, head in placed(sheet.head):
        if head.columns == 1:
            widths[column] = max(widths[column], *map(len, head.text.split() or [""]))
    return [width + 2 for width in widths]


def _size(sheet: Sheet) -> int:
    """Return the size of the letters of a table in points: 8 where it has most columns."""
    columns = sheet.columns / (1.5 if sheet.wide else 1)
    return 11 if columns <= 7 else 10 if columns <= 9 else 9 if columns <= 11 else 8


def _small(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title
