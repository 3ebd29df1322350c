"""Who is signed in where: one row a browser, under the hash of a random token; ended at will."""

import hashlib
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas.fields import instant_text

IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
_NOTED_EVERY = timedelta(minutes=5)  # so that reading a page seldom writes


@dataclass(frozen=True)
class Session:
    """One browser that is signed in; *second*: a code was given too; *acting*: the deputy that is used."""

    hash: str
    user: str
    begun_at: str
    used_at: str
    machine: str
    address: str
    second: bool
    acting: str


@dataclass(frozen=True)
class Found:
    """A session with the account behind it; *has_second*: the account has a phone set up."""

    session: Session
    account: dict[str, Any]
    has_second: bool


@dataclass(frozen=True)
class Browser:
    """From where somebody signs in: the machine in words, and its address."""

    machine: str = ""
    address: str = ""


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(conn: sqlite3.Connection, user: str, at: datetime, browser: Browser, *, second: int = 0) -> str:
    """Sign *user* in, within the transaction of *conn*, and return the token for the browser."""
    token = secrets.token_urlsafe(32)
    conn.execute("DELETE FROM sessions WHERE used_at < ? OR begun_at < ?", _oldest(at))
    moment = instant_text(at)
    conn.execute(
        "INSERT INTO sessions (hash, user, begun_at, used_at, machine, address, proof, second)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (hash_of(token), user, moment, moment, browser.machine[:80], browser.address[:60], _proof(conn, user), second),
    )
    return token


def _oldest(at: datetime) -> tuple[str, str]:
    return instant_text(at - IDLE), instant_text(at - LONGEST)


def _proof(conn: sqlite3.Connection, user: str) -> str:
    """Return what ties a session to an account as it is: its password, and the last change of role, area or state."""
    row = conn.execute(
        "SELECT seq, hash FROM things JOIN passwords ON passwords.user = things.id WHERE kind = 'user' AND id = ?",
        (user,),
    ).fetchone()
    return _digest(row) if row else ""


def _digest(row: tuple[Any, ...]) -> str:
    return hashlib.sha256(f"{row[0]} {row[1]}".encode()).hexdigest()[:16]


_COLUMNS = "sessions.hash, sessions.user, begun_at, used_at, machine, address, second, acting"


def find(conn: sqlite3.Connection, token: str, at: datetime) -> Found | None:
    """Return who a token lets in; None when it lets nobody in any more.

    A changed password, role or area, and an account that is disabled, end all sessions of an account.
    """
    row = conn.execute(
        f"SELECT {_COLUMNS}, proof, things.seq, passwords.hash, state, set_up_at FROM sessions"
        "  JOIN things ON kind = 'user' AND id = sessions.user JOIN passwords ON passwords.user = sessions.user"
        "  LEFT JOIN second_factors ON second_factors.user = sessions.user"
        " WHERE sessions.hash = ? AND used_at >= ? AND begun_at >= ?",
        (hash_of(token), *_oldest(at)),
    ).fetchone()
    if row is None:
        return None
    *session, proof, seq, password, state, set_up_at = row
    account = json.loads(state)
    if account.get("disabled") or proof != _digest((seq, password)):
        return None
    return Found(_session(session), account, set_up_at is not None)


def _session(row: list[Any]) -> Session:
    hash, user, begun_at, used_at, machine, address, second, acting = row
    return Session(hash, user, begun_at, used_at, machine, address, bool(second), acting)


def is_to_be_noted(session: Session, at: datetime) -> bool:
    """Say whether the last use that is noted of a session lies back far enough to be noted again."""
    return session.used_at < instant_text(at - _NOTED_EVERY)


def note_use(conn: sqlite3.Connection, hash: str, at: datetime) -> None:
    """Note that a session is used."""
    conn.execute("UPDATE sessions SET used_at = ? WHERE hash = ?", (instant_text(at), hash))


def of_user(conn: sqlite3.Connection, user: str, at: datetime) -> list[Session]:
    """Return where *user* is signed in, the last used first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS}, proof FROM sessions WHERE user = ? AND used_at >= ? AND begun_at >= ?"
        " ORDER BY used_at DESC, begun_at DESC",
        (user, *_oldest(at)),
    ).fetchall()
    proof = _proof(conn, user)
    return [_session(list(row[:-1])) for row in rows if row[-1] == proof]


def end(conn: sqlite3.Connection, user: str, hash: str) -> bool:
    """End one session of *user*, named by the beginning of its hash, and say whether there was one."""
    found = conn.execute("DELETE FROM sessions WHERE user = ? AND substr(hash, 1, 16) = ?", (user, hash))
    return len(hash) == 16 and found.rowcount > 0


def end_all(conn: sqlite3.Connection, user: str, *, but: str = "") -> int:
    """End all sessions of *user* but the one of that hash, and count them."""
    return conn.execute("DELETE FROM sessions WHERE user = ? AND hash <> ?", (user, but)).rowcount


def prove_again(conn: sqlite3.Connection, hash: str) -> None:
    """Tie the session to the account as it is now: its holder has just changed the password in it."""
    row = conn.execute("SELECT user FROM sessions WHERE hash = ?", (hash,)).fetchone()
    if row:
        conn.execute("UPDATE sessions SET proof = ? WHERE hash = ?", (_proof(conn, row[0]), hash))


def took_second(conn: sqlite3.Connection, hash: str) -> None:
    """Note that the second step of signing in was taken."""
    conn.execute("UPDATE sessions SET second = 1 WHERE hash = ?", (hash,))


def act_as(conn: sqlite3.Connection, hash: str, deputy: str) -> None:
    """Act under a deputy from now on; empty: for oneself."""
    conn.execute("UPDATE sessions SET acting = ? WHERE hash = ?", (deputy, hash))
