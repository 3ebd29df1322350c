"""Who changed what of the year's work, in words: what names a thing is left out, answers stand under questions."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from schemas import fields
from schemas.checklists import Answer
from schemas.fields import is_day
from schemas.ids import is_id
from schemas.register import FIELDS
from schemas.work import Asks, Decided, TaskStanding, unit_checklist
from server import web
from server.edits import edits
from server.office import state_of
from server.pages.edit_words import Line, Told
from server.pages.words import day
from server.work.words import ANSWERS, ASKS, DECIDED, STANDINGS, asked_in_words

_NAMING = frozenset({"plan", "code", "epoch", "area", "unit", "year", "version", "file"})


def history(conn: sqlite3.Connection, kind: str, id: str) -> list[Told]:
    """Return the changes of a thing, the latest first."""
    found = []
    for one in edits(conn, kind, id):
        lines = tuple(
            Line(_label(kind, path), _value(conn, kind, path, before), _value(conn, kind, path, after))
            for path, before, after in one.fields if path not in _NAMING and not _unchecked(before, after)
        )  # fmt: skip
        author = _("dòng lệnh") if one.author == "command" else one.author
        found.append(Told(one.at, author, lines or (Line(_("Lập mới"), "", ""),)))
    return found


def _unchecked(before: Any, after: Any) -> bool:
    """Say whether it is a question that nobody has answered yet: such lines would only fill the page."""
    return before is None and isinstance(after, Mapping) and after.get("answer") == Answer.UNCHECKED


def _label(kind: str, path: str) -> str:
    group, _slash, code = path.partition("/")
    if group == "answer":
        return next((asked_in_words(one) for one in unit_checklist().questions if one.code == code), code)
    return web.told(fields.labels(type(FIELDS[kind])).get(path, (path, path))[0])


def _value(conn: sqlite3.Connection, kind: str, path: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, Mapping):
        return ": ".join(filter(None, [str(ANSWERS[Answer(value["answer"])]), value.get("note") or ""]))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if path == "standing":
        return str(STANDINGS[TaskStanding(value)] if kind == "year_task" else DECIDED[Decided(value)])
    if path == "asks":
        return str(ASKS[Asks(value)])
    if is_id(str(value)):
        return str((state_of(conn, path, value) or {}).get("name", value))
    return day(value) if isinstance(value, str) and is_day(value) else str(value)
