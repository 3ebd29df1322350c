"""Photos and scans of finished visits: attached without the place where they were taken, and how each stands."""

import hashlib
import io
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlite_utils import Database

from field_client import pictures, visits
from field_client.places import NotKnown
from field_client.records import Kept
from field_client.store import files_key, own, writing
from field_client.vault import box
from schemas.attachments import AttachmentSchema, Role, too_large, type_of
from schemas.fields import instant_text, messages
from schemas.ids import new_id
from schemas.location import holds_place

_READ_AT_MOST = 100_000_000  # bytes: what a phone puts behind a photo does not count yet
_COLUMNS = (
    "attachment, item, inspection, sha256, size, type, role, caption, made_at, files.state, here, sent_bytes, words"
)


class NotAttachable(Exception):
    """The file cannot be attached; the message says what to do. Nothing was kept."""


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


def attach(
    db: Database, folder: Path, inspection: str, path: Path, *, role: Role, at: datetime, caption: str = ""
) -> Kept:
    """Keep the file at *path* with a finished visit and queue its record; the same file twice is one attachment.

    The file is kept in *folder* before its record is: after a crash between the two it lies there unused.
    """
    revision = _finished(db, inspection)
    content, media = _read(path)
    sha256 = hashlib.sha256(content).hexdigest()
    body: dict[str, Any] = {"inspection": inspection, "item": revision, "sha256": sha256, "size": len(content),
                            "type": media, "role": role.value}  # fmt: skip
    body |= {"caption": caption.strip()} if caption.strip() else {}
    problems = messages(AttachmentSchema().validate(body))
    if problems:
        raise NotAttachable(next(iter(problems.values())))
    _keep(folder, sha256, content, files_key(db.conn))
    with writing(db) as conn:
        return _attached_before(conn, body) or _write(conn, body, at)


def _finished(db: Database, inspection: str) -> str:
    """Return the revision of a finished visit that is shown, or raise."""
    try:
        return visits.find(db, inspection).visit.item
    except NotKnown:
        if db.conn.execute("SELECT 1 FROM drafts WHERE id = ?", (inspection,)).fetchone():
            raise NotAttachable("Cuộc kiểm tra còn là bản nháp; chốt nội dung trước rồi đính kèm tệp.") from None
        raise


def _read(path: Path) -> tuple[bytes, str]:
    """Return what will be kept of a file, and its type."""
    try:
        if path.stat().st_size > _READ_AT_MOST:
            raise NotAttachable(too_large("application/pdf", path.stat().st_size))
        content = path.read_bytes()
    except OSError:
        raise NotAttachable(f"Không đọc được tệp {path.name}; kiểm tra lại đường dẫn rồi làm lại.") from None
    media = type_of(content)
    try:
        content = pictures.clean(content, media)
    except pictures.Broken:
        raise NotAttachable("Ảnh hỏng, không mở được; chọn tệp khác.") from None
    wrong = too_large(media, len(content))
    if wrong:
        raise NotAttachable(wrong)
    return content, media


def _keep(folder: Path, sha256: str, content: bytes, key: bytes) -> None:
    """Write a file under the hash of what it says, closed under *key*, unless it says where it was taken."""
    if holds_place(io.BytesIO(content)):
        raise NotAttachable("Tệp còn ghi vị trí nơi chụp; quét lại, hoặc in thành tệp PDF khác rồi đính kèm.")
    folder.mkdir(mode=0o700, exist_ok=True)
    box.write(folder / sha256, content, key)


def open_file(db: Database, folder: Path, sha256: str) -> BinaryIO:
    """Open a file of *folder* that was attached here, to read and seek in what it says; no plain copy is made."""
    return box.open_file(folder / sha256, files_key(db.conn))


def read(db: Database, folder: Path, sha256: str) -> bytes:
    """Return what a file of *folder* says."""
    return box.read(folder / sha256, files_key(db.conn))


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
    item = own.add(conn, "attachment", id, body, author=own.author(conn), at=at)
    conn.execute(
        "INSERT INTO files (attachment, item, inspection, sha256, size, type, role, caption, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (id, item, body["inspection"], body["sha256"], body["size"], body["type"], body["role"],
         body.get("caption", ""), instant_text(at)),
    )  # fmt: skip
    return Kept(id, item)


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
