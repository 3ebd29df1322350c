"""The history of one figure in words: what was entered, sent, returned and accepted, by whom and when."""

import sqlite3
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from schemas.fields import labels
from schemas.indicators import IndicatorValueFields
from server import web
from server.edits import Edit, edits
from server.indicators.words import STANDINGS
from server.pages.edit_words import Line, Told
from server.pages.words import number
from server.plans.listing import Indicator

SHOWN = ("standing", "numerator", "denominator", "text", "note", "file_name", "comment")


NUMBERS = frozenset({"numerator", "denominator", "text", "note", "file", "file_name", "comment"})


def changes(conn: sqlite3.Connection, id: str, indicator: Indicator, *, beyond: bool) -> list[Edit]:
    """Return the changes of a figure, the latest first.

    *beyond* the unit those of an indicator with small numbers say nothing of its numbers: an earlier one may be small.
    """
    found = edits(conn, "indicator_value", id)
    if not (beyond and indicator.small_cells):
        return found
    return [replace(one, fields=tuple(said for said in one.fields if said[0] not in NUMBERS)) for one in found]


def told(found: list[Edit]) -> list[Told]:
    """Return them in words; what names the figure stands above them and is left out."""
    return [_told(one) for one in found]


def _told(one: Edit) -> Told:
    words = labels(IndicatorValueFields)
    changed = {path: (before, after) for path, before, after in one.fields}
    lines = [Line(web.told(words[path][0]), *(_value(path, value) for value in changed[path]))
             for path in SHOWN if path in changed]  # fmt: skip
    return Told(one.at, _("dòng lệnh") if one.author == "command" else one.author, tuple(lines))


def _value(path: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if path == "standing":
        return str(STANDINGS.get(value, value))
    return number(value) if isinstance(value, int) else str(value)
