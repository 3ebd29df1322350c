"""Which text a return or a letter of a unit is written by, and that text with its values."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from schemas.papers import Blank, Maybe, PaperError, Piece, Words
from schemas.return_blanks import LISTS, NARRATIVE
from schemas.return_texts import PURPOSES, ReturnTemplate, TextLine, builtin, read
from schemas.units import UnitTree
from server.office import things

NO_VALUE = "……"
Values = Mapping[str, str]
Rows = Mapping[str, Sequence[Values]]


@dataclass(frozen=True)
class FilledPart:
    """A part with its values: a line of *text* is a paragraph; *under*: the heading that stands over several."""

    key: str
    heading: str
    text: str
    tables: tuple[str, ...]
    under: str


@dataclass(frozen=True)
class Filled:
    """A text with its values."""

    title: str
    opening: tuple[str, ...]
    parts: tuple[FilledPart, ...]
    closing: tuple[str, ...]
    annexes: tuple[str, ...]


def template(conn: sqlite3.Connection, tree: UnitTree, unit: str, report: str) -> ReturnTemplate:
    """Return the text for a *report* of *unit*, or for a letter ("reminder"): of the nearest area that has its own.

    One that cannot be read stops nothing: the program's own is used, and *trouble* says why.
    """
    purpose = f"return_{report}"
    if purpose not in PURPOSES:
        purpose = "return_ad_hoc"
    own = {f"{one['epoch']}:{one['area']}": one for one in things(conn, "template").values()
           if one.get("purpose") == purpose and one.get("text")}  # fmt: skip
    found = next((own[area] for area in (unit, *tree.ancestors(unit)) if area in own), None)
    if found is None:
        return builtin(purpose)
    name = str(found.get("name") or "")
    try:
        return replace(read(found["text"]), name=name)
    except PaperError as error:
        said = f"Không dùng được mẫu “{name}”: {error} Đang dùng mẫu có sẵn trong chương trình."
        return replace(builtin(purpose), trouble=said)


def filled(text: ReturnTemplate, values: Values, narrative: Values | None = None, rows: Rows | None = None) -> Filled:
    """Fill in a text. *narrative* has the sentences of each part by its key, *rows* those of the lists.

    What is in brackets is left out where a blank in it has no value; elsewhere dots stand for it. The narrative of a
    part that has none is left out.
    """
    listed, said = rows or {}, narrative or {}
    parts = tuple(
        FilledPart(part.key, part.heading,
                   "\n".join(_lines(part.lines, {**values, NARRATIVE: said.get(part.key, "")}, listed)),
                   part.tables, part.under)
        for part in text.parts
    )  # fmt: skip
    title, opening, closing = (_lines(one, values, listed) for one in (text.title, text.opening, text.closing))
    return Filled(" ".join(title), opening, parts, closing, text.annexes)


def _lines(of: tuple[TextLine, ...], values: Values, rows: Rows) -> tuple[str, ...]:
    found: list[str] = []
    for name, group in groupby(of, key=lambda line: line.of):
        block = list(group)
        own = dict.fromkeys(LISTS.get(name, ()), "")  # a row has its own day, or none
        for row in rows.get(name, ()) if name else ({},):
            found += [_said(line.pieces, {**values, **own, **row}) for line in block]
    return tuple(line.strip() for whole in found for line in whole.split("\n") if line.strip())


def _said(of: tuple[Piece, ...], values: Values) -> str:
    words = []
    for piece in of:
        match piece:
            case Words():
                words.append(piece.text)
            case Blank():
                value = values.get(piece.name) or piece.otherwise or ("" if piece.name == NARRATIVE else NO_VALUE)
                words.append(value.upper() if piece.capitals else value)
            case Maybe():
                words.append(_said(piece.pieces, values) if _has_all(piece.pieces, values) else "")
    return "".join(words)


def _has_all(of: tuple[Piece, ...], values: Values) -> bool:
    return all(values.get(piece.name) for piece in of if isinstance(piece, Blank))
