"""A table as it is printed on A4: its size of letters, its widths, and, where it is too wide to be read, its pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas.paper_words import clean
from server.documents import words
from server.documents.model import Cell, Head, Look, Row, Sheet

Laid = dict[str, Any]

_MILLIMETRES = {False: 162, True: 257}  # between the margins, upright and wide
_LETTER = 0.178  # how wide a letter is in millimetres for each point of its size
_SIZES = (11, 10, 9, 8)
_PADDING = 2  # letters' worth of a cell that stay empty
_TEXT = 24  # a column of text asks for no more letters than these, and wraps
_KEYS = 3  # so many columns at most say what a row is about, and are said again in each piece
_WISH = 60  # nor gets more than these, however much room there is
_WORD = 14  # and is never narrower than its longest word, up to this


@dataclass(frozen=True)
class _Column:
    """What a column needs, in letters: at least, and to look well. *key*: it says what a row is about, on one line."""

    least: int
    good: int
    whole: int  # so many that nothing wraps
    figure: bool
    key: bool


def tables(sheet: Sheet) -> list[Laid]:
    """Return a table as it is printed: one, or where it is wider than a page several, each with the first columns."""
    columns = _columns(sheet)
    room = int(_MILLIMETRES[sheet.wide] / (_LETTER * _SIZES[-1]))
    pieces = _pieces(sheet, columns, room)
    return [_laid(_subset(sheet, piece), [columns[at] for at in piece]) for piece in pieces]


def natural(sheet: Sheet) -> list[int]:
    """Return how many letters wide each column is where there is room: as wide as its words, within reason."""
    return [max(column.good, min(column.whole, _WISH) + _PADDING) for column in _columns(sheet)]


def _laid(sheet: Sheet, columns: Sequence[_Column]) -> Laid:
    size = _size(sheet, columns)
    return {
        "head": [[{"text": clean(one.text), "columns": one.columns, "rows": one.rows} for one in row]
                 for row in sheet.head],
        "groups": "; ".join(clean(one.text) for one in sheet.head[0] if one.rows < len(sheet.head)),
        "rows": [(row.look.value, [words.written(cell) for cell in row.cells]) for row in sheet.rows],
        "figures": [column.figure for column in columns],
        "widths": _widths(sheet, columns, size),
        "size": size,
    }  # fmt: skip


def _columns(sheet: Sheet) -> list[_Column]:
    """Look through a table once: how long its words and figures are."""
    whole, word, figure = ([0] * sheet.columns for _ in range(3))
    for row in sheet.rows:
        if row.look is Look.GROUP:
            continue
        for at, cell in enumerate(row.cells):
            said, counts = words.written(cell), words.is_figure(cell)
            whole[at] = max(whole[at], len(said))
            word[at] = max(word[at], len(said) if counts else _longest(said, cell))
            figure[at] |= counts
    heads, keys = [0] * sheet.columns, [False] * sheet.columns
    for row_at, at, one in placed(sheet.head):
        if one.columns == 1:
            heads[at] = max(heads[at], *map(len, clean(one.text).split() or [""]))
        keys[at] = row_at == 0 and one.columns == 1 and one.rows == len(sheet.head) and not figure[at]
    first = next((at for at, key in enumerate(keys) if not key), sheet.columns)
    first = max(first, 1) if first <= _KEYS and sum(figure) > 2 * first else 0
    found = []
    for at in range(sheet.columns):
        least = max(word[at] if figure[at] else min(word[at], _WORD), heads[at]) + _PADDING
        good = max(least, min(whole[at], _TEXT) + _PADDING)
        found.append(_Column(good if at < first else least, good, whole[at], bool(figure[at]), at < first))
    return found


def _longest(said: str, cell: Cell) -> int:
    return max(map(len, said.split()), default=0) if isinstance(cell, str) else len(said)


def _size(sheet: Sheet, columns: Sequence[_Column]) -> int:
    """Return the greatest size of letters at which a table looks well; a wide one is never set in the greatest."""
    need = sum(column.least + (column.good - column.least) // 3 for column in columns)
    sizes = _SIZES[1:] if sheet.wide else _SIZES
    return next((size for size in sizes if need * _LETTER * size <= _MILLIMETRES[sheet.wide]), _SIZES[-1])


def _widths(sheet: Sheet, columns: Sequence[_Column], size: int) -> list[int]:
    """Return a width for each column: the least that it needs, and of the rest most where text would wrap most."""
    room = _MILLIMETRES[sheet.wide] / (_LETTER * size)
    least = [column.least for column in columns]
    rest = max(0.0, room - sum(least))
    if sheet.widths:
        wanted = [room * width / sum(sheet.widths) for width in sheet.widths]
    else:
        wanted = [min(column.whole, _WISH) + _PADDING + 1.0 for column in columns]
    more = [max(0.0, want - need) for want, need in zip(wanted, least, strict=True)]
    shares = sum(more) or 1.0
    return [round(100 * (need + rest * part / shares)) for need, part in zip(least, more, strict=True)]


def _pieces(sheet: Sheet, columns: Sequence[_Column], room: int) -> list[list[int]]:
    """Return which columns stand in each piece: whole groups of a head where they fit, the key columns in each."""
    if sum(column.least for column in columns) <= room:
        return [list(range(len(columns)))]
    keys = [at for at, column in enumerate(columns) if column.key]
    free = room - sum(columns[at].least for at in keys)
    pieces: list[list[int]] = [[]]
    for group in _groups(sheet, keys):
        need = sum(columns[at].least for at in group)
        for part in [group] if need <= free else [[at] for at in group]:
            if pieces[-1] and sum(columns[at].least for at in (*pieces[-1], *part)) > free:
                pieces.append([])
            pieces[-1] += part
    return [[*keys, *piece] for piece in pieces]


def _groups(sheet: Sheet, keys: list[int]) -> Iterator[list[int]]:
    for row, at, one in placed(sheet.head):
        if row == 0 and at not in keys:
            yield list(range(at, at + one.columns))


def _subset(sheet: Sheet, columns: list[int]) -> Sheet:
    """Return a table with these columns only."""
    if len(columns) == sheet.columns:
        return sheet
    kept = set(columns)
    head: list[list[Head]] = [[] for _ in sheet.head]
    for row, at, one in placed(sheet.head):
        count = len(kept & set(range(at, at + one.columns)))
        if count:
            head[row].append(replace(one, columns=count))
    rows = tuple(row if row.look is Look.GROUP else Row(tuple(row.cells[at] for at in columns), row.look)
                 for row in sheet.rows)  # fmt: skip
    widths = tuple(sheet.widths[at] for at in columns) if sheet.widths else ()
    return replace(sheet, head=tuple(map(tuple, head)), rows=rows, widths=widths)


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
