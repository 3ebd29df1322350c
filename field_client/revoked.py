"""Locked by the office: only by a statement that the server signed for this laptop, until it is enrolled again."""

import sqlite3
from base64 import b64decode
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from field_client.store.base import get_meta, put_meta, writing
from schemas.fields import instant_text, is_day
from sync.revocation import proven

_KEPT = ("locked_on", "locked_at", "locked_by")


def take(db: Database, statement: Any, at: datetime) -> bool:
    """Lock this laptop if *statement* is the server's own word on it, and say whether it was."""
    key = Ed25519PublicKey.from_public_bytes(b64decode(get_meta(db.conn, "server_key")))
    found = proven(statement, key, get_meta(db.conn, "device"))
    if found is None or not is_day(found.revoked_on):
        return False
    with writing(db) as conn:
        for name, value in zip(_KEPT, (found.revoked_on, instant_text(at), statement["signature"]), strict=True):
            put_meta(conn, name, value)
    return True


def locked_on(conn: sqlite3.Connection) -> str:
    """Return the day on which the office locked this laptop, empty when it did not."""
    return get_meta(conn, "locked_on")


def release(conn: sqlite3.Connection) -> None:
    """Forget the lock, because the laptop was enrolled afresh; within a transaction."""
    conn.execute("DELETE FROM meta WHERE key IN (?, ?, ?)", _KEPT)
