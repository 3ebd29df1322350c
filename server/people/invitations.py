"""Invitations: a code shown once and kept as a hash, with which its holder sets the password of one account."""

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.fields import instant_text

GOOD_FOR = timedelta(days=7)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Invitation:
    """A fresh invitation as it is handed over."""

    code: str
    expires_at: str


def invite(conn: sqlite3.Connection, user: str, at: datetime) -> Invitation:
    """Invite *user*, within the transaction of *conn*; an earlier invitation is worth nothing any more."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    made = Invitation(code, instant_text(at + GOOD_FOR))
    conn.execute(
        "INSERT INTO invitations (user, hash, made_at, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT (user) DO UPDATE"
        " SET hash = excluded.hash, made_at = excluded.made_at, expires_at = excluded.expires_at",
        (user, _kept(code), instant_text(at), made.expires_at),
    )
    return made


def invited(conn: sqlite3.Connection, code: str, at: datetime) -> str | None:
    """Return who is invited by *code*; None when nobody is, or not any more."""
    row = conn.execute(
        "SELECT user FROM invitations WHERE hash = ? AND expires_at > ?", (_kept(code), instant_text(at))
    ).fetchone()
    return row[0] if row else None


def open_until(conn: sqlite3.Connection, user: str, at: datetime) -> str:
    """Return until when *user* is invited; empty when not."""
    row = conn.execute(
        "SELECT expires_at FROM invitations WHERE user = ? AND expires_at > ?", (user, instant_text(at))
    ).fetchone()
    return row[0] if row else ""


def end(conn: sqlite3.Connection, user: str) -> bool:
    """Take an invitation back, or use it up, and say whether there was one."""
    return conn.execute("DELETE FROM invitations WHERE user = ?", (user,)).rowcount > 0


def _kept(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
