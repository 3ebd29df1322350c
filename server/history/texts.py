"""What the search looks in: one narrow folded row for each name, address and number that an edit set.

Rows are the item's that set them, so that a name which no longer stands is still found, and goes when its item is
erased. The rows are folded from items and proved by verify; the index over them (m017) is kept by triggers.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from schemas.register import State
from schemas.text import fold
from server.store import writing

NAME, ADDRESS, CODE, LICENCE, REGISTRATION = "name", "address", "code", "licence", "registration"
PHONE, SEAT = "phone", "seat"  # an operator's own: they tell who may be the same, and are not looked for by people
NUMBERS = frozenset({CODE, LICENCE, REGISTRATION, PHONE})  # compared whole, whatever stands between the signs
PRIVATE = frozenset({PHONE, SEAT})
KINDS = ("establishment", "operator")
_INSERT = "INSERT INTO lookup_texts (item, kind, thing, what, text, shown) VALUES (?, ?, ?, ?, ?, ?)"


def alike(text: str) -> str:
    """Fold *text* so that what sounds the same looks the same: no marks, đ as d, y as i, signs as spaces."""
    return " ".join(re.findall(r"\w+", fold(text).replace("y", "i").replace("_", " ")))


def compact(text: str) -> str:
    """Fold a number: 12/GCN-ANTT and 12 gcn antt are one."""
    return alike(text).replace(" ", "")


def padded(text: str) -> str:
    """Put a space before and after, as it stands in a row: the index then knows where words begin and end."""
    return f" {text} "


def note(conn: sqlite3.Connection, item: str, kind: str, id: str, applied: State) -> None:
    """Keep a row for each text that the item named *item* sets on a thing; others are not looked for."""
    if kind in KINDS:
        conn.executemany(_INSERT, rows(item, kind, id, applied))


def rows(item: str, kind: str, id: str, applied: State) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield the rows of `lookup_texts` for what is set."""
    for what, shown in _said(kind, applied):
        text = compact(shown) if what in NUMBERS else alike(shown)
        if text:
            yield item, kind, id, what, padded(text), shown


def _said(kind: str, applied: State) -> Iterable[tuple[str, str]]:
    for path, value in applied.items():
        what = _WHAT[kind].get(path.partition("/")[0])
        if what and (shown := _shown(path, value)):
            yield what, shown


_WHAT = {
    "establishment": {"name": NAME, "code": CODE, "place": ADDRESS, "licence": LICENCE},
    "operator": {"name": NAME, "registration": REGISTRATION, "phone": PHONE, "address": SEAT},
}


def _shown(path: str, value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("address" if path.startswith("place/") else "number")
    return value if isinstance(value, str) else ""


def forget(conn: sqlite3.Connection, item: str) -> None:
    """Take away what an item set in words: its bytes are being erased."""
    conn.execute("DELETE FROM lookup_texts WHERE item = ?", (item,))


def write_index_anew(db: Database) -> None:
    """Write the index without what has left it: until then three letters each of what was erased stand in the file."""
    with writing(db) as conn:
        conn.execute("INSERT INTO lookup_index (lookup_index) VALUES ('optimize')")
