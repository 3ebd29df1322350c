"""The server's database: how it is opened, and the one way to write to it."""

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from server.migrations import migrations

_ASK_AT_ONCE = 400  # below the number of parameters that every SQLite takes
STEPS = {step.name for step in migrations.pending(Database(memory=True))}


class Newer(Exception):
    """The database was written by a newer program: install that one; nothing was changed."""


class Busy(sqlite3.OperationalError):
    """The server has too much to do at this moment: nothing was begun, come back in *retry_after* seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("database is locked")
        self.retry_after = retry_after


def open_store(path: Path) -> Database:
    """Open the database at *path*, migrated; several processes may do so at once."""
    db = connect(path)
    _refuse_newer(db)
    if migrations.pending(db):
        with writing(db):
            migrations.apply(db)
    return db


def connect(path: Path, patience: float = 30) -> Database:
    """Open *path* as it is: WAL, synchronous FULL, foreign keys on, one transaction only where one is begun.

    *patience* is how many seconds it waits for another who writes.
    """
    conn = sqlite3.connect(str(path), timeout=patience, check_same_thread=False, isolation_level=None)
    db = Database(conn, strict=True)
    # Its probes write to the file: they would cost every new connection a schema change.
    db._supports_on_conflict = db._supports_strict = True
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("PRAGMA wal_autocheckpoint=4000")  # pages: 16 MB beside the file, and fewer waits for the disk
    conn.execute("PRAGMA foreign_keys=ON")
    conn.execute("PRAGMA secure_delete=ON")  # what is erased is not to be found in the file's free space
    conn.execute("PRAGMA cache_size=-20480")
    return db


def _refuse_newer(db: Database) -> None:
    if {step.name for step in migrations.applied(db)} - STEPS:
        raise Newer("Dữ liệu do bản mới hơn của chương trình ghi; cài bản mới rồi mở lại.")


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """Hold the one write lock for the block: all of it is kept, or nothing.

    BEGIN IMMEDIATE, because a deferred transaction that reads and then writes fails at
    once under load, whatever the timeout. Raises Busy when the lock is not had in time.
    """
    conn = db.conn
    try:
        conn.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise Busy(random.randint(2, 6)) from error
        raise
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:  # a full disk has rolled back already
            conn.execute("ROLLBACK")
        raise


@contextmanager
def writing_unless_busy(db: Database) -> Iterator[sqlite3.Connection]:
    """Hold the write lock for the block if nobody else has it at this moment; else raise Busy at once."""
    patience = db.conn.execute("PRAGMA busy_timeout").fetchone()[0]
    db.conn.execute("PRAGMA busy_timeout = 0")
    try:
        with writing(db) as conn:
            yield conn
    finally:
        db.conn.execute(f"PRAGMA busy_timeout = {patience}")


@contextmanager
def reading(db: Database) -> Iterator[sqlite3.Connection]:
    """See one moment of the database for the block, whatever is written meanwhile."""
    conn = db.conn
    conn.execute("BEGIN")
    try:
        yield conn
    finally:
        conn.execute("COMMIT")


def folder_of(db: Database) -> Path:
    """Return the data folder in which the database lies."""
    return Path(db.conn.execute("PRAGMA database_list").fetchone()[2]).parent


def get_meta(conn: sqlite3.Connection, key: str) -> str:
    """Return the setting *key* of this database, empty when it is not set."""
    row = conn.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def put_meta(conn: sqlite3.Connection, key: str, value: Any) -> None:
    """Set *key* of this database."""
    conn.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, str(value)),
    )


def in_parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Cut *values* into parts that one statement may ask for."""
    return (values[start : start + _ASK_AT_ONCE] for start in range(0, len(values), _ASK_AT_ONCE))


def marks(values: Sequence[str]) -> str:
    """Return a question mark for each of *values*."""
    return ", ".join("?" * len(values))
