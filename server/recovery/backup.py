"""The server in one encrypted file: database, keys, attachments, of one moment, while it goes on running."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from server import journal
from server.recovery.written_down import write_down
from server.settings import Settings
from server.store import get_meta, put_meta, writing
from sync.chain import GENESIS
from sync.locks import Taken, alone
from sync.sealed import Member, NotSealed, write

UNFINISHED = (".part", ".tmp", ".new")


@dataclass(frozen=True)
class Made:
    """A backup that was written and read back: what it holds, up to which arrival."""

    path: Path
    lineage: str
    seq: int
    files: int
    size: int


def backup(db: Database, settings: Settings, path: Path, passphrase: str, at: datetime) -> Made:
    """Write the whole server into the new file *path*, encrypted, and read it back before it counts.

    The database is copied within one read transaction, so laptops go on sending meanwhile.
    What may not be undone by a restore is copied beside the file, too.
    """
    if not path.parent.is_dir():
        raise NotSealed(f"Không có thư mục {path.parent}; cắm ổ đĩa hoặc chọn thư mục khác.")
    room = settings.data / "backup.tmp"
    try:
        with alone(settings.data / "backup.lock"):
            shutil.rmtree(room, ignore_errors=True)  # of a backup that was cut short
            room.mkdir(mode=0o700)
            try:
                return _backup(db, settings, path, passphrase, room / "doi178.db", at)
            finally:
                shutil.rmtree(room, ignore_errors=True)
    except Taken:
        raise NotSealed("Một bản lưu khác đang được ghi; chờ xong rồi chạy lại.") from None


def _backup(
    db: Database, settings: Settings, path: Path, passphrase: str, snapshot: Path, at: datetime
) -> Made:  # fmt: skip
    write_down(db.conn, settings.data, at)
    copy_database(db.conn, snapshot)
    about = {**_facts(snapshot), "program": _program(), "at": instant_text(at), "what": "doi178-server"}
    members = list(_members(settings, snapshot))
    write(path, passphrase, members, about)
    if path.parent.resolve() != settings.data.resolve():
        journal.copy(settings.data, path.parent)
    return Made(path, about["lineage"], about["seq"], len(members), path.stat().st_size)


def copy_database(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database as it is at one moment; others read and write on."""
    target.touch(mode=0o600)
    with closing(sqlite3.connect(str(target), isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # a copy that is cut short is thrown away
        conn.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")


def _facts(snapshot: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(f"{snapshot.absolute().as_uri()}?immutable=1", uri=True)) as conn:
        seq, head = conn.execute("SELECT seq, chain FROM arrivals ORDER BY seq DESC LIMIT 1").fetchone() or (0, GENESIS)
        items = conn.execute("SELECT count(*) FROM items").fetchone()[0]
        return {"lineage": get_meta(conn, "lineage"), "seq": seq, "head": head, "items": items}


def _members(settings: Settings, snapshot: Path) -> Iterator[Member]:
    """Name what goes in: the attachments after the database, so that each file it speaks of is there."""
    yield "doi178.db", snapshot
    for folder in (settings.keys, settings.files):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.parent.name != "parts" and not path.name.endswith(UNFINISHED):
                yield path.relative_to(settings.data).as_posix(), path
    if (settings.data / journal.NAME).exists():
        yield journal.NAME, settings.data / journal.NAME


def _program() -> str:
    try:
        return version("doi178")
    except PackageNotFoundError:
        return ""


def is_on_another_disk(settings: Settings, path: Path) -> bool:
    """Say whether *path* lies on another disk than the data, as far as the system tells."""
    return path.parent.stat().st_dev != settings.data.stat().st_dev


def is_safe(db: Database, made: Made) -> None:
    """Note that *made* outlives this disk: laptops may from now on let go of what it holds."""
    with writing(db) as conn:
        if get_meta(conn, "lineage") == made.lineage and int(get_meta(conn, "safe_to") or 0) < made.seq:
            put_meta(conn, "safe_to", made.seq)
