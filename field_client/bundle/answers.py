"""Which items went out in which batch, so that the answers of a return file find them."""

import hashlib
import sqlite3
from datetime import datetime

from sqlite_utils import Database

from field_client.store import writing
from schemas.fields import instant_text

FILE = "file-"  # before the attachment's id, where a file went out


def wait_for(db: Database, body: bytes, names: list[str], at: datetime) -> None:
    """Remember the items of a batch that goes out, in order, under the hash of its *body*."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO bundles (batch, names, made_at) VALUES (?, ?, ?) ON CONFLICT (batch) DO NOTHING",
            (hashlib.sha256(body).hexdigest(), b"".join(map(bytes.fromhex, names)), instant_text(at)),
        )


def wait_for_file(db: Database, attachment: str, sha256: str, at: datetime) -> None:
    """Remember that the file of *attachment* goes out."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO bundles (batch, names, made_at) VALUES (?, ?, ?) ON CONFLICT (batch) DO NOTHING",
            (f"{FILE}{attachment}", bytes.fromhex(sha256), instant_text(at)),
        )


def items_of(conn: sqlite3.Connection, batch: str) -> list[str]:
    """Return the names of the items of a batch, none when its answer is not waited for."""
    row = conn.execute("SELECT names FROM bundles WHERE batch = ?", (batch,)).fetchone()
    return split(row[0]) if row else []


def split(names: bytes) -> list[str]:
    """Return the names as they are elsewhere, in hex."""
    return [names[at : at + 32].hex() for at in range(0, len(names), 32)]


def all_out(conn: sqlite3.Connection) -> dict[str, bytes]:
    """Return every batch that is out, with the names of its items."""
    return dict(conn.execute("SELECT batch, names FROM bundles").fetchall())


def forget(db: Database, batch: str) -> None:
    """Wait for the answer to a batch no longer: it has come."""
    with writing(db) as conn:
        conn.execute("DELETE FROM bundles WHERE batch = ?", (batch,))


def forget_answered(db: Database) -> None:
    """Forget what is out and of which nothing waits any more: the network was faster, or another stick."""
    for (batch,) in db.conn.execute("SELECT batch FROM bundles").fetchall():
        if not (_file_waits(db.conn, batch) if batch.startswith(FILE) else _item_waits(db.conn, batch)):
            forget(db, batch)


def _file_waits(conn: sqlite3.Connection, batch: str) -> bool:
    query = "SELECT 1 FROM files WHERE state = 'waiting' AND attachment = ?"
    return conn.execute(query, (batch.removeprefix(FILE),)).fetchone() is not None


def _item_waits(conn: sqlite3.Connection, batch: str) -> bool:
    names = items_of(conn, batch)
    marks = ", ".join("?" * len(names))
    query = f"SELECT 1 FROM own WHERE waiting = 1 AND name IN ({marks}) LIMIT 1"
    return conn.execute(query, names).fetchone() is not None


def out_since(db: Database) -> str:
    """Return when the oldest bundle was made that still waits for its answer, empty when none does."""
    query = "SELECT coalesce(min(made_at), '') FROM bundles"
    if db.conn.execute(query).fetchone()[0]:
        forget_answered(db)
    return str(db.conn.execute(query).fetchone()[0])
