"""What a person must look at: own items that are not plainly accepted or waiting, and what was settled lately."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from field_client.store import writing
from field_client.store.places import views
from field_client.store.visits import Revision, revisions, truth
from schemas.compare import Difference, differences
from schemas.fields import instant_text
from schemas.register import State
from schemas.said import Named, label, words
from sync.merge import overlapped

SETTLED = ("accepted", "declined", "erased")
SHOWN_FOR = timedelta(days=30)  # what is settled is shown no longer


@dataclass(frozen=True)
class Matter:
    """One own item to look at. *first* is the standing of its receipt, *news* whether nobody has seen it so yet."""

    name: str
    kind: str
    id: str
    standing: str
    first: str
    at: str
    news: bool
    seq: int | None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.standing in SETTLED


# Of a visit only the last revision made here matters: what an earlier one lacked, a later one has put right.
_FIELDS = "name, kind, id, standing, coalesce(first_standing, ''), standing_at, news, seq, detail"
_LOOK_AT = (
    f"SELECT {_FIELDS} FROM own WHERE standing_at <> '' AND standing IS NOT NULL"
    " AND (kind <> 'inspection' OR NOT EXISTS (SELECT 1 FROM own AS later WHERE later.id = own.id"
    " AND later.kind = own.kind AND later.local > own.local))"
)


def unsettled(db: Database, *, limit: int = -1) -> list[Matter]:
    """Return what waits for a person, here or at the office, the latest change first."""
    marks = ", ".join("?" * len(SETTLED))
    query = f"{_LOOK_AT} AND standing NOT IN ({marks}) ORDER BY standing_at DESC, local DESC LIMIT ?"
    return [_matter(row) for row in db.conn.execute(query, (*SETTLED, limit))]


def settled(db: Database, at: datetime) -> list[Matter]:
    """Return what was settled in the days before *at*: accepted after all, declined, erased; the latest first."""
    marks = ", ".join("?" * len(SETTLED))
    query = f"{_LOOK_AT} AND standing_at >= ? AND standing IN ({marks}) ORDER BY standing_at DESC, local DESC"
    return [_matter(row) for row in db.conn.execute(query, (instant_text(at - SHOWN_FOR), *SETTLED))]


def of_visit(db: Database, id: str) -> Matter | None:
    """Return how the last revision made here of a visit stands, where that is not plain."""
    row = db.conn.execute(f"{_LOOK_AT} AND kind = 'inspection' AND id = ?", (id,)).fetchone()
    return _matter(row) if row else None


def of_thing(db: Database, kind: str, id: str) -> list[Matter]:
    """Return the own edits of a place or operator that wait for a person, the oldest first."""
    marks = ", ".join("?" * len(SETTLED))
    query = f"{_LOOK_AT} AND kind = ? AND id = ? AND standing NOT IN ({marks}) ORDER BY local"
    return [_matter(row) for row in db.conn.execute(query, (kind, id, *SETTLED))]


def _matter(row: Sequence[Any]) -> Matter:
    name, kind, id, standing, first, at, news, seq, detail = row
    return Matter(name, kind, id, standing, first, at, bool(news), seq, json.loads(detail) if detail else {})


def news(db: Database) -> int:
    """Count the things of which a standing changed since somebody last looked."""
    return int(db.conn.execute("SELECT count(DISTINCT id) FROM own WHERE standing_at <> '' AND news = 1").fetchone()[0])


def looked_at(db: Database, names: Sequence[str]) -> None:
    """Note that somebody has looked at these items, earlier revisions of the same visits with them."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE own SET news = 0 WHERE standing_at <> '' AND news = 1 AND id IN"
            " (SELECT id FROM own WHERE name IN (SELECT value FROM json_each(?)))",
            (json.dumps(names),),
        )


def fields_beside(conn: sqlite3.Connection, kind: str, id: str, named: Named) -> list[Difference]:
    """Return the fields of a thing that have two values until somebody settles it.

    *one* is our last word, *other* what stands at the server.
    """
    rows = conn.execute(
        "SELECT line, detail FROM own WHERE id = ? AND kind = ? AND standing = 'conflict' AND length(line) > 0"
        " ORDER BY local",
        (id, kind),
    ).fetchall()
    present = views(conn, kind, [id])[id].state or {}
    ours: dict[str, Any] = {}
    for line, detail in rows:
        said = json.loads(line)["body"]["set"]
        ours |= {path: said.get(path) for path in (json.loads(detail) if detail else {}).get("fields", {})}
    return [
        Difference(path, label(kind, path), words(kind, path, value, named), _theirs(kind, present, path, value, named))
        for path, value in ours.items()
    ]


def _theirs(kind: str, present: State, path: str, ours: Any, named: Named) -> str:
    """Say what stands at the server where ours would stand; of a span, what ours would lie upon."""
    if present.get(path) is not None:
        return words(kind, path, present[path], named)
    upon = [words(kind, at, present[at], named) for at in overlapped(present, {}, path, ours)]
    return "; ".join(upon)


@dataclass(frozen=True)
class Versions:
    """Two versions of a visit: ours, which waits to be settled, and the one at the server."""

    ours: Revision
    theirs: Revision
    differences: list[Difference]


def versions(conn: sqlite3.Connection, id: str, named: Named) -> Versions | None:
    """Return our revision of a visit beside the truth, None where it is not in conflict or one of them is not here."""
    found = revisions(conn, id)
    own = [revision for revision in found if revision.own]
    theirs = truth(found)
    if not own or own[-1].standing != "conflict" or theirs is None:
        return None
    return Versions(own[-1], theirs, differences(own[-1].body, theirs.body, named))
