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
from field_client.vault import keys, opening, sealing
from schemas.fields import instant_text
from schemas.ids import new_id
from sync.age_lock import tidy
from sync.locks import Taken, alone
from sync.room import room_for
from sync.sealed import SHORTEST, Closing, Member, NotSealed, by_passphrase, flush_folder, unpack_closed, write_closed

WHAT = "doi178-field"
UNFINISHED = (".part", ".tmp", ".new")
PIECES = ("field.db", "field.db-wal", "field.db-shm", "device.key", "files", "vault.json")  # the last one is put last


def backup(db: Database, settings: Settings, path: Path, passphrase: str, at: datetime) -> None:
    """Write everything on this laptop into the new file *path*, encrypted, and read it back before it counts."""
    if len(tidy(passphrase)) < SHORTEST:
        raise NotSealed(f"Mật khẩu của bản lưu cần ít nhất {SHORTEST} ký tự; chọn mật khẩu dài hơn.")
    _backup(db, settings, path, by_passphrase(passphrase), at)


def backup_by_key(db: Database, settings: Settings, path: Path, key: bytes, at: datetime) -> None:
    """Do as `backup` under the data key: the passphrase of today opens it, or the recovery key."""
    vault = keys.read(settings.vault)
    assert vault is not None and key, "an encrypted store"
    _backup(db, settings, path, sealing.by_data_key(vault, key), at)


def _backup(db: Database, settings: Settings, path: Path, closing: Closing, at: datetime) -> None:
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
                write_closed(path, closing, list(_members(settings, room / "field.db")), about)
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
    yield "vault.json", settings.vault
    for path in sorted((settings.data / "files").rglob("*")):
        if path.is_file() and not path.name.endswith(UNFINISHED):
            yield path.relative_to(settings.data).as_posix(), path


def restore(path: Path, passphrase: str, folder: Path, *, aside: Path | None = None) -> str:
    """Bring a laptop back into *folder* from its backup, and return its id at the server.

    *folder* is empty or not there; where it holds something, that is moved to *aside*.
    """
    closing, key = sealing.opened_by(path, passphrase)
    return restore_opened(path, closing, key, folder, aside=aside)


def restore_opened(path: Path, closing: Closing, key: bytes, folder: Path, *, aside: Path | None = None) -> str:
    """Do as `restore` with what opens the backup, and the data key of the laptop in it, empty where it was plain."""
    with room_for(folder, aside, ("run.lock", "sync.lock")) as room:
        return _unpacked(path, closing, key, room)


def restore_here(path: Path, closing: Closing, key: bytes, settings: Settings, *, at: datetime) -> Path | None:
    """Bring a laptop back where the program that asks is running and has not opened anything yet.

    What stood there is moved into a folder beside it, which is returned. Cut short, it is done again: vault.json,
    by which a store is one, comes last.
    """
    room = settings.data / "restoring"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700, parents=True)
    try:
        with alone(settings.sync_lock):
            _unpacked(path, closing, key, room)
            aside = settings.data / f"truoc-{at:%Y%m%d-%H%M%S}"
            for name in reversed(PIECES):  # without vault.json nothing is taken for whole
                if (settings.data / name).exists():
                    aside.mkdir(mode=0o700, exist_ok=True)
                    (settings.data / name).rename(aside / name)
            for name in PIECES:
                if (room / name).exists():
                    (room / name).rename(settings.data / name)
            flush_folder(settings.data)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return aside if aside.exists() else None


def _unpacked(path: Path, closing: Closing, key: bytes, room: Path) -> str:
    about = unpack_closed(path, closing, room)
    settings = Settings(room)
    if about.get("what") != WHAT or not settings.database.exists():
        raise NotSealed(f"Tệp {path} không phải bản lưu của máy tính của đội.")
    if key:
        opening.open_with(settings, key)  # a backup that was made while an older store was being encrypted
    db = open_store(settings.database, key)
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
