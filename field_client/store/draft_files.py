"""The photos and scans of drafts: kept with the draft, made attachments when its text is closed, gone when it goes."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client.store import blobs, own
from field_client.store.base import writing
from schemas.fields import instant_text
from schemas.ids import new_id

Body = dict[str, Any]  # of the attachment that it becomes, without the visit and its revision
_COLUMNS = "id, draft, sha256, size, type, role, caption, made_at"


@dataclass(frozen=True)
class DraftFile:
    """One file of a draft; its id is that of the attachment that it becomes."""

    id: str
    draft: str
    sha256: str
    size: int
    type: str
    role: str
    caption: str
    made_at: str


def add(db: Database, draft: str, content: bytes, body: Body, *, at: datetime) -> str | None:
    """Keep a file with a draft and return its id, the old one for the same file; None when the draft is gone.

    The bytes are kept before the row: after a crash between the two they lie there unused.
    """
    drawer = blobs.drawer(db)
    blobs.put(drawer, content)
    with writing(db) as conn:
        if not conn.execute("SELECT 1 FROM drafts WHERE id = ?", (draft,)).fetchone():
            return None
        same = (draft, body["sha256"])
        there = conn.execute("SELECT id FROM draft_files WHERE draft = ? AND sha256 = ?", same).fetchone()
        id = there[0] if there else new_id()
        if not there:
            values = (body[key] for key in ("sha256", "size", "type", "role", "caption"))
            conn.execute(
                f"INSERT INTO draft_files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (id, draft, *values, instant_text(at)),
            )
    if not blobs.has(drawer, body["sha256"]):  # another draft let go of the same file meanwhile
        blobs.put(drawer, content)
    return str(id)


def of_draft(conn: sqlite3.Connection, draft: str) -> list[DraftFile]:
    """Return the files of a draft, in the order in which they were attached."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM draft_files WHERE draft = ? ORDER BY made_at, id", (draft,))
    return [DraftFile(*row) for row in rows]


def describe(db: Database, draft: str, id: str, role: str, caption: str) -> None:
    """Say anew what a file is; nothing happens when it is gone."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE draft_files SET role = ?, caption = ? WHERE draft = ? AND id = ?", (role, caption, draft, id)
        )


def remove(db: Database, draft: str, id: str) -> None:
    """Take a file away from a draft, and its bytes from the disk unless something else speaks of them."""
    with writing(db) as conn:
        rows = conn.execute("DELETE FROM draft_files WHERE draft = ? AND id = ? RETURNING sha256", (draft, id))
        names = [row[0] for row in rows.fetchall()]
    let_go(db, names)


def forget(conn: sqlite3.Connection, draft: str) -> list[str]:
    """Take all files away from a draft that is thrown away, under the write lock; their bytes may go after it."""
    rows = conn.execute("DELETE FROM draft_files WHERE draft = ? RETURNING sha256", (draft,))
    return [row[0] for row in rows.fetchall()]


def let_go(db: Database, names: Iterable[str]) -> None:
    """Remove the bytes of those that nothing speaks of any more; under the lock, so that nobody begins to meanwhile."""
    with writing(db) as conn:
        for sha256 in names:
            if not spoken_of(conn, sha256):
                blobs.remove(blobs.drawer(db), sha256)


def spoken_of(conn: sqlite3.Connection, sha256: str) -> bool:
    """Say whether a record or a draft still needs the bytes under that name here."""
    query = "SELECT 1 FROM files WHERE sha256 = ?1 AND here = 1 UNION ALL SELECT 1 FROM draft_files WHERE sha256 = ?1"
    return conn.execute(query, (sha256,)).fetchone() is not None


def become_attachments(conn: sqlite3.Connection, draft: str, item: str, *, author: str, at: datetime) -> None:
    """Queue the files of a draft as attachments of the revision *item*; called in the transaction that closes it."""
    for one in of_draft(conn, draft):
        body: Body = {"inspection": draft, "item": item, "sha256": one.sha256, "size": one.size, "type": one.type,
                      "role": one.role, **({"caption": one.caption} if one.caption else {})}  # fmt: skip
        same = (draft, one.sha256)
        if not conn.execute("SELECT 1 FROM files WHERE inspection = ? AND sha256 = ?", same).fetchone():
            queue(conn, one.id, body, author=author, at=at)
    conn.execute("DELETE FROM draft_files WHERE draft = ?", (draft,))


def queue(conn: sqlite3.Connection, id: str, body: Body, *, author: str, at: datetime) -> str:
    """Write the record of a file and put both in line for the server; return the name of the record's item."""
    item = own.add(conn, "attachment", id, body, author=author, at=at)
    conn.execute(
        "INSERT INTO files (attachment, item, inspection, sha256, size, type, role, caption, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (id, item, body["inspection"], body["sha256"], body["size"], body["type"], body["role"],
         body.get("caption", ""), instant_text(at)),
    )  # fmt: skip
    return item
