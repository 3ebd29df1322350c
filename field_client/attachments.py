"""Photos and scans of finished visits: attached without the place where they were taken, and how each stands."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from field_client import visits
from field_client.places import NotKnown
from field_client.records import Kept
from field_client.store import blobs, draft_files, own, writing
from field_client.taking import READ_AT_MOST, Given, NotAttachable, take
from schemas.attachments import too_large
from schemas.ids import new_id

_COLUMNS = (
    "attachment, item, inspection, sha256, size, type, role, caption, made_at, files.state, here, sent_bytes, words"
)


@dataclass(frozen=True)
class Attachment:
    """One file of a visit; *standing* is that of its record, *state* of the file: waiting, sent, refused."""

    id: str
    item: str
    inspection: str
    sha256: str
    size: int
    type: str
    role: str
    caption: str
    made_at: str
    state: str
    here: bool
    sent_bytes: int
    words: str  # why it was refused
    standing: str


@dataclass(frozen=True)
class Left:
    """What has not gone: photos and scans that wait, and files that the server does not take."""

    photos: int
    scans: int
    refused: int

    @property
    def waiting(self) -> int:
        """All that waits."""
        return self.photos + self.scans


def attach(db: Database, inspection: str, path: Path, given: Given, *, at: datetime) -> Kept:
    """Keep the file at *path* with a finished visit and queue its record; the same file twice is one attachment."""
    return attach_content(db, inspection, _read(path), given, at=at)


def attach_content(
    db: Database, inspection: str, content: bytes, given: Given, *, at: datetime, item: str = ""
) -> Kept:
    """Do the same with bytes; *item* is the revision that the file belongs to, else the one that is shown.

    The bytes are kept before their record is: after a crash between the two they lie there unused.
    """
    revision = _revision(db, inspection, item)
    taken, drawer = take(content, given), blobs.drawer(db)
    said = {key: value for key, value in taken.body.items() if value != ""}
    blobs.put(drawer, taken.content)
    with writing(db) as conn:
        body = {"inspection": inspection, "item": revision, **said}
        kept = _attached_before(conn, body) or _write(conn, body, at)
    if not blobs.has(drawer, taken.body["sha256"]):  # a draft let go of the same file meanwhile
        blobs.put(drawer, taken.content)
    return kept


def _revision(db: Database, inspection: str, item: str) -> str:
    """Return the revision of a finished visit that a file belongs to, or raise."""
    try:
        found = visits.find(db, inspection)
    except NotKnown:
        if db.conn.execute("SELECT 1 FROM drafts WHERE id = ?", (inspection,)).fetchone():
            raise NotAttachable("Cuộc kiểm tra còn là bản nháp; chốt nội dung trước rồi đính kèm tệp.") from None
        raise
    return item if any(one.name == item for one in found.revisions) else found.visit.item


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > READ_AT_MOST:
            raise NotAttachable(too_large("application/pdf", path.stat().st_size))
        return path.read_bytes()
    except OSError:
        raise NotAttachable(f"Không đọc được tệp {path.name}; kiểm tra lại đường dẫn rồi làm lại.") from None


def _attached_before(conn: sqlite3.Connection, body: dict[str, Any]) -> Kept | None:
    """Return what was kept of the same file; one that was lost here, or refused for that, waits again."""
    found = conn.execute(
        "SELECT attachment, item, state FROM files WHERE inspection = ? AND sha256 = ?",
        (body["inspection"], body["sha256"]),
    ).fetchone()
    if found is None:
        return None
    conn.execute("UPDATE files SET here = 1 WHERE attachment = ?", (found[0],))
    conn.execute(
        "UPDATE files SET state = 'waiting', words = '' WHERE attachment = ? AND state = 'refused'", (found[0],)
    )
    return Kept(found[0], found[1])


def _write(conn: sqlite3.Connection, body: dict[str, Any], at: datetime) -> Kept:
    id = new_id()
    return Kept(id, draft_files.queue(conn, id, body, author=own.author(conn), at=at))


def of_visit(db: Database, inspection: str) -> list[Attachment]:
    """Return the files that were attached here to a visit, in the order they were."""
    return _attachments(db, "inspection = ?", inspection)


def about(db: Database, attachment: str) -> dict[str, str]:
    """Return the visit and the role of a file made here, empty when the id is of no such file."""
    row = db.conn.execute("SELECT inspection, role FROM files WHERE attachment = ?", (attachment,)).fetchone()
    visit, role = row or ("", "")
    return {"visit": visit, "role": role}


def refused(db: Database) -> list[Attachment]:
    """Return the files that the server does not take, with why."""
    return _attachments(db, "files.state = 'refused'")


def _attachments(db: Database, where: str, *values: str) -> list[Attachment]:
    rows = db.conn.execute(
        f"SELECT {_COLUMNS}, coalesce(own.standing, 'waiting') FROM files LEFT JOIN own ON own.name = files.item"
        f" WHERE {where} ORDER BY made_at, attachment",
        values,
    )
    return [Attachment(*row) for row in rows]


def left(conn: sqlite3.Connection) -> Left:
    """Count what has not gone."""
    counts: dict[tuple[str, str], int] = {
        (state, role): count
        for state, role, count in conn.execute("SELECT state, role, count(*) FROM files GROUP BY state, role")
    }
    refused = sum(count for (state, _), count in counts.items() if state == "refused")
    return Left(counts.get(("waiting", "photo"), 0), counts.get(("waiting", "scan"), 0), refused)
