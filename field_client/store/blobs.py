"""The bytes of photos and scans on this laptop, under their SHA-256: the one place that knows how they lie there."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from field_client.store.base import files_key
from field_client.vault import box

_PIECE = 1_000_000
_FULL = "Ổ đĩa đầy nên chưa lưu được tệp; xóa bớt tệp trên máy rồi đính kèm lại. Những gì đã lưu vẫn còn nguyên."
_NOT_WRITTEN = "Không ghi được tệp vào thư mục dữ liệu của chương trình; kiểm tra ổ đĩa rồi đính kèm lại."


class NotWritten(Exception):
    """The disk takes no more, or not here; the message says what to do. Nothing was kept."""


class Drawer(NamedTuple):
    """Where the bytes lie, and the key that they are closed with, empty where the store is plain."""

    folder: Path
    key: bytes


def drawer(db: Database) -> Drawer:
    """Return where the files lie that *db* speaks of."""
    folder = Path(db.conn.execute("PRAGMA database_list").fetchone()[2]).with_name("files")
    return Drawer(folder, files_key(db.conn))


def put(into: Drawer, content: bytes) -> str:
    """Keep *content* safe on the disk, whole or not at all, and return the name that it lies under."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        into.folder.mkdir(mode=0o700, exist_ok=True)
        box.write(into.folder / sha256, content, into.key)
    except OSError as error:
        raise NotWritten(_FULL if error.errno in {errno.ENOSPC, errno.EDQUOT} else _NOT_WRITTEN) from None
    return sha256


def has(of: Drawer, sha256: str) -> bool:
    """Say whether bytes lie here under that name."""
    return (of.folder / sha256).exists()


def read(of: Drawer, sha256: str) -> bytes:
    """Return what a file says; FileNotFoundError when it is not here."""
    return box.read(of.folder / sha256, of.key)


def piece(of: Drawer, sha256: str, offset: int, size: int) -> bytes:
    """Return a piece of what a file says; no plain copy is made."""
    with box.open_file(of.folder / sha256, of.key) as file:
        file.seek(offset)
        return file.read(size)


def is_whole(of: Drawer, sha256: str) -> bool:
    """Say whether the file is here as it was when it was named."""
    digest = hashlib.sha256()
    try:
        with box.open_file(of.folder / sha256, of.key) as file:
            while part := file.read(_PIECE):
                digest.update(part)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def remove(of: Drawer, sha256: str) -> None:
    """Remove a file; nothing happens when it is gone."""
    (of.folder / sha256).unlink(missing_ok=True)


def lying(of: Drawer) -> Iterator[tuple[str, float]]:
    """Yield the name of all that lies there, and since when, in seconds of this machine's clock."""
    for path in of.folder.glob("*"):
        yield path.name, path.stat().st_mtime
