"""Files that stand beside figures: checked, and kept once under their hash beside the attachments."""

import hashlib
import os
import sqlite3
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from sqlite_utils import Database

from schemas.attachments import type_of
from schemas.fields import instant_text
from schemas.location import holds_place
from server.files.keeping import path_of
from server.files.parts import safe_folder
from server.store import writing

MOST_BYTES = 5_000_000
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), _WORD: (".docx",),
            _EXCEL: (".xlsx",)}  # fmt: skip
_PARTS = {"word/document.xml": _WORD, "xl/workbook.xml": _EXCEL}
ACCEPTED = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


class Unfit(Exception):
    """A file that is not taken in; the words say why."""


@dataclass(frozen=True)
class Kept:
    """A file that was taken in."""

    sha256: str
    name: str


def media_of(content: bytes) -> str:
    """Return the media type of a file by what is in it, empty when it is none that may stand beside a figure."""
    if found := type_of(content[:16]):
        return found
    if not content.startswith(b"PK\x03\x04"):
        return ""
    try:
        names = set(zipfile.ZipFile(BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return ""
    if any(name.lower().endswith("vbaproject.bin") for name in names) or "[Content_Types].xml" not in names:
        return ""
    return next((media for part, media in _PARTS.items() if part in names), "")


def take_in(db: Database, folder: Path, content: bytes, name: str, at: datetime) -> Kept:
    """Keep a file under its hash, or raise Unfit; until an item names it nothing speaks for it, and it stays a day."""
    media = media_of(content)
    if not content or not media or not name.lower().endswith(SUFFIXES[media]):
        raise Unfit("Chỉ đính kèm được tệp PDF, DOCX, XLSX không có macro, ảnh JPEG hoặc PNG.")
    if len(content) > MOST_BYTES:
        raise Unfit(f"Tệp lớn quá {MOST_BYTES // 1_000_000} MB; giảm cỡ hoặc tách tệp rồi làm lại.")
    if holds_place(BytesIO(content)):
        raise Unfit("Tệp còn ghi vị trí nơi chụp ảnh; xóa vị trí rồi đính kèm lại.")
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(folder, sha256)
    _write(path, content)
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO files (sha256, size, type, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (sha256) DO UPDATE SET at = excluded.at",
            (sha256, len(content), media, instant_text(at)),
        )
        if not path.exists():  # the same file was being dropped just now
            _write(path, content)
    return Kept(sha256, Path(name.replace("\\", "/")).name[-200:])


def _write(path: Path, content: bytes) -> None:
    """Write a file beside its place and put it there whole, safe on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid4().hex}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    safe_folder(path.parent)


def is_here(conn: sqlite3.Connection, sha256: str) -> bool:
    """Say whether a file of this hash was taken in."""
    return conn.execute("SELECT 1 FROM files WHERE sha256 = ?", (sha256,)).fetchone() is not None
