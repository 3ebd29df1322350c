"""A paper's text filled with what is known: what the layout sets, line by line; what is not known is left for a pen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from schemas.blanks import BLANKS, LISTS, Room
from schemas.papers import Blank, Line, Maybe, Paper, Piece, Words

Run = dict[str, Any]
Block = dict[str, Any]
Row = Mapping[str, str]
EMPTY_ROWS = {"thành viên": 5, "vi phạm": 3, "tồn tại": 1}  # of a list that is filled in by hand
RULED, RULED_IN_A_LIST = 3, 2
GAPS = {Room.SHORT: 1.3, Room.NAME: 3.6, Room.LINE: 8.0}  # cm
TAIL_LETTERS, TAIL_LINES = 900, 2  # what is kept with the signatures: never so much that it fills a page


@dataclass(frozen=True)
class Facts:
    """What is known for a paper: a box is so where its name is in *values*; *rows* are the lists' rows.

    *by_hand*: what is not known is written in by hand, so that nothing is left out.
    """

    values: Row
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    checklist: Sequence[Block] = ()
    by_hand: bool = False


class _Unknown(Exception):
    """A blank has no value, and what it stands in is left out."""


def fill(paper: Paper, facts: Facts) -> dict[str, Any]:
    """Return *paper* filled with *facts*, part by part, as the layout takes it."""
    body = _cut_at_the_end(_without_bare_headings(_blocks(paper.body, facts)))
    tail = _tail_of(body)
    return {
        "left": _lines(paper.left, facts),
        "right": _lines(paper.right, facts),
        "title": _lines(paper.title, facts),
        "body": body[: len(body) - tail],
        "tail": body[len(body) - tail :],
        "signatures": [_lines(lines, facts) for lines in paper.signatures],
        "by_hand": facts.by_hand,
    }


def _cut_at_the_end(body: list[Block]) -> list[Block]:
    """Cut a last line that is too long to stay with the signatures, behind a sentence where it has any near its end."""
    runs = body[-1].get("runs", []) if body else []
    if sum(len(run.get("text", "")) for run in runs) <= TAIL_LETTERS or len(runs[-1].get("text", "")) <= TAIL_LETTERS:
        return body
    text = runs[-1]["text"]
    near = len(text) - TAIL_LETTERS // 2
    at = max(text.find("\n", near), text.find(". ", near) + 1) or text.find(" ", near)
    if at <= 0:
        return body
    first = {**body[-1], "runs": [*runs[:-1], {**runs[-1], "text": text[:at].rstrip()}]}
    return [*body[:-1], first, {"shape": "row", "runs": [{**runs[-1], "text": text[at:].lstrip()}]}]


def _tail_of(body: Sequence[Block]) -> int:
    """Say how many of the last lines stay with the signatures."""
    letters, kept = 0, 0
    for block in reversed(body):
        letters += sum(len(run.get("text", "")) for run in block.get("runs", ()))
        if kept == TAIL_LINES or letters > TAIL_LETTERS or block["shape"] in ("checklist", "heading"):
            break
        kept += 1
    return kept


def _lines(lines: Iterable[Line], facts: Facts) -> list[Block]:
    return [{"shape": "rule"} if line.shape == "rule" else {"shape": "text", "runs": runs}
            for line in lines
            if (runs := _runs(line.pieces, facts, {}, "")) or line.shape == "rule"]  # fmt: skip


def _blocks(lines: Sequence[Line], facts: Facts) -> list[Block]:
    """Fill the lines of the body; lines of one list that stand together are repeated together."""
    found: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line.shape == "block":
            found += [{"shape": "checklist", "rows": list(facts.checklist)}] if facts.checklist else []
        elif line.of:
            while end < len(lines) and lines[end].of == line.of and lines[end].shape != "block":
                end += 1
            found += _repeated(lines[at:end], facts)
        elif runs := _runs(line.pieces, facts, {}, ""):
            ruled = all("lines" in run for run in runs)
            found.append({"shape": "row" if ruled else line.shape, "runs": runs})
        at = end
    return found


def _repeated(lines: Sequence[Line], facts: Facts) -> list[Block]:
    rows = list(facts.rows.get(lines[0].of, ()))
    if facts.by_hand:
        rows += [{}] * (EMPTY_ROWS.get(lines[0].of, 0) - len(rows))
    printed = replace(facts, by_hand=False)  # a row that is known is not written on
    return [
        {"shape": "row" if line.shape == "text" else line.shape, "runs": runs}
        for number, row in enumerate(rows, 1)
        for line in lines
        if (runs := _runs(line.pieces, printed if row else facts, {"stt": str(number), **row}, line.of))
    ]


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    """Leave out a heading with nothing under it, and number the others."""
    kept: list[Block] = []
    number = 0
    for at, block in enumerate(blocks):
        if block["shape"] == "heading":
            if at + 1 == len(blocks) or blocks[at + 1]["shape"] == "heading":
                continue
            number += 1
            block = {**block, "runs": [_run(f"{number}. "), *block["runs"]]}
        kept.append(block)
    return kept


def _runs(pieces: Iterable[Piece], facts: Facts, row: Row, of: str) -> list[Run]:
    """Fill one line; empty when nothing is left of it but marks between what was left out."""
    try:
        runs = [run for piece in pieces for run in _piece(piece, facts, row, of)]
    except _Unknown:  # a box outside of brackets
        return []
    said = "".join(run.get("text", "") for run in runs)
    if not any(letter.isalnum() or letter == "…" for letter in said) and not any("text" not in run for run in runs):
        return []
    return _tidy(runs)


def _tidy(runs: list[Run]) -> list[Run]:
    """Take away the mark that stood after what was left out at the beginning, and begin with a capital."""
    if runs and "text" in runs[0]:
        first = runs[0]["text"].lstrip(" ;,")
        if first != runs[0]["text"]:
            first = first[:1].upper() + first[1:]
        runs = [{**runs[0], "text": first}, *runs[1:]]
    return runs


def _piece(piece: Piece, facts: Facts, row: Row, of: str) -> list[Run]:
    if isinstance(piece, Words):
        return [_run(piece.text, piece)]
    if isinstance(piece, Maybe):
        try:
            return [run for inner in piece.pieces for run in _inside(inner, facts, row, of)]
        except _Unknown:
            return []
    return _blank(piece, facts, row, of)


def _inside(piece: Piece, facts: Facts, row: Row, of: str) -> list[Run]:
    """Fill a piece that stands within brackets: a blank without a value takes all of them away."""
    if isinstance(piece, Blank) and not facts.by_hand and _known(piece, facts, row) is None:
        raise _Unknown
    return _piece(piece, facts, row, of)


def _known(blank: Blank, facts: Facts, row: Row) -> str | None:
    return row.get(blank.name, facts.values.get(blank.name))


def _blank(blank: Blank, facts: Facts, row: Row, of: str) -> list[Run]:
    room, value = LISTS.get(of, {}).get(blank.name) or BLANKS[blank.name], _known(blank, facts, row)
    if value is not None:
        return [] if room is Room.BOX else [_run(value.upper() if blank.capitals else value, blank)]
    if room is Room.NEVER or (room is Room.BOX and not facts.by_hand):
        raise _Unknown
    if blank.otherwise and not facts.by_hand:
        return [_run(blank.otherwise, blank)]
    return _room(room, of)


def _run(text: str, like: Words | Blank = Words("")) -> Run:  # noqa: B008 - it never changes
    return {"text": text, "bold": like.bold, "italic": like.italic}


def _room(room: Room, of: str) -> list[Run]:
    """Leave room for a pen."""
    short: Run = {"gap": 1.0}
    match room:
        case Room.BOX:
            return [{"box": True}]
        case Room.LINES:
            return [{"lines": RULED_IN_A_LIST if of else RULED}]
        case Room.DAY:
            return [_run("ngày "), short, _run(" tháng "), short, _run(" năm 20"), short]
        case Room.CLOCK:
            return [short, _run(" giờ "), short, _run(" phút")]
        case _:
            return [{"gap": GAPS[room]}]
