"""Encrypting a store from before: in steps of which each can be the last one of a day, and the next opening goes on.

vault.json is there before the first of them. Then the database is copied, closed, beside itself, and takes its own
place by a rename; then each file does. Nothing plain is given up before its closed copy is on the disk and was read.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

from sqlcipher3 import dbapi2

from field_client.settings import Settings
from field_client.store.base import OperationalError, files_key, open_store
from field_client.vault import box
from sync.sealed import flush_folder

_ZEROS = bytes(1 << 20)


class Busy(Exception):
    """Another program has the store open; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Một chương trình khác đang mở dữ liệu này; đóng lại rồi làm lại.")


class NotCopied(Exception):
    """The closed copy is not what the plain database holds; the plain one stays."""

    def __init__(self) -> None:
        super().__init__("Chưa mã hóa được dữ liệu cũ; dữ liệu còn nguyên. Giữ nguyên thư mục và báo văn phòng.")


def is_plain(database: Path) -> bool:
    """Say whether a plain database stands at *database*.

    SQLite itself is asked: where this process has the file open already, reading it in any other way and
    closing it again would drop the locks of all its connections (POSIX), and another program could take
    the log away from under them.
    """
    if not database.exists() or not database.stat().st_size:
        return False
    conn = dbapi2.connect(str(database), timeout=30)
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return True
    except dbapi2.OperationalError:
        raise
    except dbapi2.DatabaseError:  # it is no database to who has no key
        return False
    finally:
        conn.close()


def left(settings: Settings) -> bool:
    """Say whether anything lies plain in the folder."""
    return is_plain(settings.database) or any(_plain_files(settings)) or (settings.data / "backup.tmp").exists()


def steps(settings: Settings, key: bytes) -> Iterator[str]:
    """Encrypt what lies plain, and say after each step what was done; called by one program at a time."""
    shutil.rmtree(settings.data / "backup.tmp", ignore_errors=True)  # a plain copy, of a backup that was cut short
    if is_plain(settings.database):
        yield from _database(settings.database, key)
    db = open_store(settings.database, key)
    try:
        closes = files_key(db.conn)
    finally:
        db.close()
    for path in _plain_files(settings):
        with _Old(path):
            box.write(path, path.read_bytes(), closes)
        yield path.name


def _plain_files(settings: Settings) -> Iterator[Path]:
    for path in (settings.key, *sorted(settings.files.glob("*"))):
        with suppress(FileNotFoundError):
            if path.is_file() and not box.is_closed(path):
                yield path


def _database(path: Path, key: bytes) -> Iterator[str]:
    aside = path.with_name(f"{path.name}.new")
    for rest in ("", "-journal", "-wal", "-shm"):
        Path(f"{aside}{rest}").unlink(missing_ok=True)
    with closing(dbapi2.connect(str(path), timeout=5, isolation_level=None)) as plain:
        _hold(plain)
        yield "held"
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        plain.execute(f"ATTACH DATABASE ? AS closed KEY \"x'{key.hex()}'\"", (str(aside),))
        plain.execute("SELECT sqlcipher_export('closed')")
        plain.execute("DETACH DATABASE closed")
        yield "copied"
        _compare(plain, aside, key)
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        yield "on the disk"
        with _Old(path):
            aside.replace(path)
            flush_folder(path.parent)
            yield "in place"
    yield "database"


def _hold(plain: Any) -> None:
    """Be the only one who has the plain database open, with all of it in its one file, until it is closed."""
    try:
        [(mode,)] = plain.execute("PRAGMA journal_mode=DELETE").fetchall()
        plain.execute("PRAGMA locking_mode=EXCLUSIVE")
        plain.execute("BEGIN EXCLUSIVE")
        plain.execute("COMMIT")
    except OperationalError:
        raise Busy from None
    if mode != "delete":
        raise Busy


def _compare(plain: Any, aside: Path, key: bytes) -> None:
    """Read every page of the copy, and count its rows beside those of the original."""
    with closing(dbapi2.connect(str(aside), isolation_level=None)) as copy:
        copy.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        whole = not copy.execute("PRAGMA cipher_integrity_check").fetchall()
        names = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        if not whole or copy.execute(names).fetchall() != plain.execute(names).fetchall():
            raise NotCopied
        for (table,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            count = f'SELECT count(*) FROM "{table}"'
            if copy.execute(count).fetchone() != plain.execute(count).fetchone():
                raise NotCopied


class _Old:
    """Write zeros over the plain file that stood at a path, once something else stands there.

    As far as the disk lets it: what a flash drive has moved aside stays there. Where the system does not let a file
    be replaced while it is open, its place is only given free.
    """

    def __init__(self, path: Path) -> None:
        self.file: BinaryIO | None = path.open("r+b") if os.name == "posix" else None

    def __enter__(self) -> None:
        """Nothing is done yet."""

    def __exit__(self, kind: Any, *_: Any) -> None:
        if self.file is None:
            return
        with self.file as file:
            if kind is None and os.fstat(file.fileno()).st_nlink == 0:
                left = os.fstat(file.fileno()).st_size
                while left > 0:
                    left -= file.write(_ZEROS[:left])
                file.flush()
                os.fsync(file.fileno())
