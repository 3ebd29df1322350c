"""What this laptop changed of a place or operator: each edit with who, when, what stood there, and how it stands."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from schemas.said import Named, label, words


@dataclass(frozen=True)
class Row:
    """One field of an edit, in words."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Edit:
    """One edit that was made here; *standing* “waiting” until a receipt is stored."""

    item: str
    at: str
    author: str
    standing: str
    detail: dict[str, Any]
    rows: tuple[Row, ...]


def made_here(db: Database, kind: str, id: str, named: Named) -> list[Edit]:
    """Return the edits of a thing that were made on this laptop, the latest first."""
    rows = db.conn.execute(
        "SELECT name, line, coalesce(standing, 'waiting'), detail FROM own"
        " WHERE id = ? AND kind = ? AND length(line) > 0 ORDER BY local DESC",
        (id, kind),
    )
    return [_edit(kind, row, named) for row in rows.fetchall()]


def _edit(kind: str, row: tuple[Any, ...], named: Named) -> Edit:
    name, line, standing, detail = row
    item = json.loads(line)
    body = item["body"]
    said = tuple(
        Row(label(kind, path), words(kind, path, body["was"].get(path), named), words(kind, path, value, named))
        for path, value in body["set"].items()
    )
    return Edit(name, item["recorded_at"], item["author"], standing, json.loads(detail) if detail else {}, said)
