"""A laptop in one encrypted file, and back from it: as another run, so that no number is used twice."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from field_client.settings import Settings
from field_client.store import get_meta, open_store, put_meta, writing
from field_client.store.mirror import COMPARE_FIRST
from schemas.fields import instant_text
from schemas.ids import new_id
from sync.locks import Taken, alone
from sync.room import room_for
from sync.sealed import Member, NotSealed, unpack, write

WHAT = "doi178-field"
UNFINISHED = (".part", ".tmp", ".new")


def backup(db: Database, settings: Settings, path: Path, passphrase: str, at: datetime) -> None:
    """Write everything on this laptop into the new file *path*, encrypted, and read it back before it counts."""
    if not path.parent.is_dir():
        raise NotSealed(f"Không có thư mục {path.parent}; cắm ổ USB hoặc chọn thư mục khác.")
    room = settings.data / "backup.tmp"
    try:
        with alone(settings.data / "backup.lock"):
            shutil.rmtree(room, ignore_errors=True)  # of a backup that was cut short
            room.mkdir(mode=0o700)
            try:
                _copy_database(db.conn, room / "field.db")
                about = {"what": WHAT, "device": get_meta(db.conn, "device"), "at": instant_text(at)}
                write(path, passphrase, list(_members(settings, room / "field.db")), about)
            finally:
                shutil.rmtree(room, ignore_errors=True)
    except Taken:
        raise NotSealed("Một bản lưu khác đang được ghi; chờ xong rồi chạy lại.") from None


def _copy_database(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database as it is at one moment, under its own key; the program goes on meanwhile."""
    target.touch(mode=0o600)
    conn.execute("VACUUM INTO ?", (str(target),))


def _members(settings: Settings, snapshot: Path) -> Iterator[Member]:
    yield "field.db", snapshot
    yield "device.key", settings.key
    for path in sorted((settings.data / "files").rglob("*")):
        if path.is_file() and not path.name.endswith(UNFINISHED):
            yield path.relative_to(settings.data).as_posix(), path


def restore(path: Path, passphrase: str, folder: Path, *, aside: Path | None = None) -> str:
    """Bring a laptop back into *folder* from its backup, and return its id at the server.

    *folder* is empty or not there; where it holds something, that is moved to *aside*.
    """
    with room_for(folder, aside, ("run.lock", "sync.lock")) as room:
        about = unpack(path, passphrase, room)
        settings = Settings(room)
        if about.get("what") != WHAT or not settings.database.exists():
            raise NotSealed(f"Tệp {path} không phải bản lưu của máy tính của đội.")
        db = open_store(settings.database)
        try:
            take_new_run(db)
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()
    return str(about["device"])


def take_new_run(db: Database) -> None:
    """Number from 1 in a run of its own from now on, and ask the server for its own items before anything is sent.

    What was made after the copy and had been sent comes back that way, under its own numbers.
    """
    with writing(db) as conn:
        for key, value in {"run": new_id(), "device_seq": 0, COMPARE_FIRST: 1}.items():
            put_meta(conn, key, value)
