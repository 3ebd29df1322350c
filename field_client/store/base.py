"""The laptop's database: how it is opened, and the one way to write to it.

Encrypted or plain, it is SQLCipher that opens it, so its errors are those named here and never sqlite3's.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from field_client.migrations import migrations

Error, DatabaseError = dbapi2.Error, dbapi2.DatabaseError
OperationalError, IntegrityError = dbapi2.OperationalError, dbapi2.IntegrityError

FILES_KEY = "files_key"  # what the files beside the database are closed with; not set where the store is plain
CACHE = 65_536  # KB, for commands and sending: many rows in all corners of the file
STEPS = {step.name for step in migrations.pending(Database(memory=True))}


class Newer(Exception):
    """The database was written by a newer program: install that one; nothing was changed."""


def open_store(path: Path, key: bytes = b"") -> Database:
    """Open the database at *path*, made and migrated as needed, for this user only; several may do so at once.

    With a *key* it is encrypted, and so are the files beside it, under a key of their own that stands in it.
    """
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)
    db = connect(path, key)
    try:
        _refuse_newer(db)
        if migrations.pending(db):
            with writing(db):
                migrations.apply(db)
        if key and not get_meta(db.conn, FILES_KEY):
            with writing(db) as conn:
                put_meta(conn, FILES_KEY, get_meta(conn, FILES_KEY) or secrets.token_hex(32))
    except BaseException:
        db.close()
        raise
    return db


def connect(path: Path, key: bytes = b"", *, cache: int = CACHE) -> Database:
    """Open *path* as it is: WAL, synchronous FULL, one transaction only where one is begun; Error under a wrong key.

    It holds at most *cache* KB of pages that were read: each is deciphered again whenever it is not there.
    """
    opened = dbapi2.connect(str(path), timeout=30, check_same_thread=False, isolation_level=None)
    conn = cast(sqlite3.Connection, opened)  # it does all that one does
    if key:
        conn.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    db = Database(conn, strict=True)
    # Its probes write to the file: they would cost every new connection a schema change.
    db._supports_on_conflict = db._supports_strict = True
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("PRAGMA wal_autocheckpoint=4000")  # pages: 16 MB beside the file, and fewer waits for the disk
    conn.execute("PRAGMA secure_delete=ON")  # what is erased is not to be found in the file's free space
    conn.execute(f"PRAGMA cache_size=-{cache}")
    return db


def _refuse_newer(db: Database) -> None:
    if {step.name for step in migrations.applied(db)} - STEPS:
        raise Newer("Dữ liệu do bản mới hơn của chương trình ghi; cài bản mới rồi mở lại.")


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """Hold the one write lock for the block: all of it is kept, or nothing.

    BEGIN IMMEDIATE, because a deferred transaction that reads and then writes fails at
    once under load, whatever the timeout.
    """
    conn = db.conn
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # a full disk has rolled back already
            conn.execute("ROLLBACK")
        raise


@contextmanager
def writing_unhurried(db: Database) -> Iterator[sqlite3.Connection]:
    """Do as `writing`, but do not wait for the disk: all or nothing still, though not surely kept if power fails now.

    Only for what no person was promised. Whatever is written later and waited for makes it safe too.
    """
    db.conn.execute("PRAGMA synchronous=NORMAL")
    try:
        with writing(db) as conn:
            yield conn
    finally:
        db.conn.execute("PRAGMA synchronous=FULL")


@contextmanager
def reading(db: Database) -> Iterator[sqlite3.Connection]:
    """See one moment of the database for the block, whatever is written meanwhile."""
    conn = db.conn
    conn.execute("BEGIN")
    try:
        yield conn
    finally:
        conn.execute("COMMIT")


def files_key(conn: sqlite3.Connection) -> bytes:
    """Return the key of the files beside the database, empty where the store is plain."""
    return bytes.fromhex(get_meta(conn, FILES_KEY))


def get_meta(conn: sqlite3.Connection, key: str) -> str:
    """Return the setting *key* of this laptop, empty when it is not set."""
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def put_meta(conn: sqlite3.Connection, key: str, value: Any) -> None:
    """Set *key* of this laptop."""
    conn.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, str(value)),
    )
