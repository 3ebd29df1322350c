"""Access tokens: a program reads with one in a person's name, with that person's role and area of the moment.

Shown once, kept as a hash, expiring, revocable. One is good for reading under /api/v1 only, or, of the scope
*calendar*, for the calendar of deadlines only.
"""

import hashlib
import json
import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.audit import Entry, note
from server.clock import local_day
from server.people.deputies import people
from server.store import Busy, writing

PREFIX = "doi178_"  # no credential of a laptop begins so
READ, CALENDAR = "read", "calendar"  # what one is good for
PREFIXES = {READ: PREFIX, CALENDAR: "lich178_"}
DAYS = (30, 90, 365)
MOST = 20  # of one person at a time


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it; *ends_in* are the last letters of its text."""

    id: str
    name: str
    ends_in: str
    made_at: str
    expires_at: str
    revoked_at: str | None
    used_on: str | None

    def holds(self, at: datetime) -> bool:
        """Say whether it still lets anybody in."""
        return self.revoked_at is None and instant_text(at) < self.expires_at


_COLUMNS = "id, name, ends_in, made_at, expires_at, revoked_at, used_on"
_MADE = {READ: "token_made", CALENDAR: "calendar_made"}
_ENDED = {READ: "token_revoked", CALENDAR: "calendar_ended"}


@dataclass(frozen=True)
class Holder:
    """The account behind a token that holds, as access has it, and until when it holds."""

    user: dict[str, Any]
    expires_at: str


def make(db: Database, user: dict[str, Any], name: str, days: int, at: datetime, *, scope: str = READ) -> str:
    """Make a token for *user* (as access has it) and return its text, which is kept nowhere."""
    text = PREFIXES[scope] + secrets.token_urlsafe(32)
    id, until = new_id(), instant_text(at + timedelta(days=days))
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO access_tokens (id, hash, user, name, ends_in, made_at, expires_at, scope)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id, _hash(text), _owner(user), name, text[-4:], instant_text(at), until, scope),
        )
        note(conn, _entry(_MADE[scope], user, id, name=name, expires_at=until), at)
    return text


def of_user(conn: sqlite3.Connection, user: str, scope: str = READ) -> list[Token]:
    """Return the tokens of *user* that are good for *scope*, the newest first; also while they act for another."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM access_tokens WHERE user = ? AND scope = ? ORDER BY id DESC",
        (people(user)[0], scope),
    )
    return [Token(*row) for row in rows]


def revoke(db: Database, user: dict[str, Any], id: str, at: datetime) -> bool:
    """End the own token *id*; False where there is none. Done twice, it is done once."""
    with writing(db) as conn:
        row = conn.execute(
            "SELECT name, revoked_at, scope FROM access_tokens WHERE id = ? AND user = ?", (id, _owner(user))
        ).fetchone()
        if row and row[1] is None:
            conn.execute("UPDATE access_tokens SET revoked_at = ? WHERE id = ?", (instant_text(at), id))
            note(conn, _entry(_ENDED[row[2]], user, id, name=row[0]), at)
    return row is not None


def revoke_of(conn: sqlite3.Connection, user: str, at: datetime) -> None:
    """End every token of *user*, within the transaction of *conn*: of an account that is disabled."""
    conn.execute(
        "UPDATE access_tokens SET revoked_at = ? WHERE user = ? AND revoked_at IS NULL", (instant_text(at), user)
    )


def revoke_all(conn: sqlite3.Connection, at: datetime) -> None:
    """End every token: after a restore nobody knows which were revoked since the backup."""
    conn.execute("UPDATE access_tokens SET revoked_at = ? WHERE revoked_at IS NULL", (instant_text(at),))


def holder(db: Database, text: str, at: datetime) -> dict[str, Any] | None:
    """Return the account behind a token that holds, as access has it, with `token`; None where none does."""
    found = holder_of(db, text, at, READ)
    return found.user if found else None


def holder_of(db: Database, text: str, at: datetime, scope: str) -> Holder | None:
    """Return the account behind a token that holds and is good for *scope*; None where there is none."""
    row = db.conn.execute(
        "SELECT access_tokens.id, used_on, user, state, expires_at FROM access_tokens"
        " JOIN things ON things.kind = 'user' AND things.id = user"
        " WHERE hash = ? AND scope = ? AND revoked_at IS NULL AND expires_at > ?",
        (_hash(text), scope, instant_text(at)),
    ).fetchone()
    account = json.loads(row[3]) if row else {"disabled": True}
    if account.get("disabled"):
        return None
    _note_use(db, row[0], row[1], local_day(at).isoformat())
    user = {**account, "id": row[2], "unit": f"{account['epoch']}:{account['area']}", "token": row[0]}
    return Holder(user, row[4])


def note_read(db: Database, user: dict[str, Any], read: str, at: datetime) -> None:
    """Note in the log that a token reads *read*, the first time on each day; what cannot be noted is not answered."""
    subject, day = f"token:{user['token']}/{read}", local_day(at).isoformat()
    row = db.conn.execute("SELECT detail FROM audit WHERE subject = ? ORDER BY seq DESC LIMIT 1", (subject,)).fetchone()
    if row is None or json.loads(row[0]).get("on") != day:
        with writing(db) as conn:
            detail = {"read": read, "on": day}
            note(conn, Entry("api_read", user["id"], user["role"], subject, user["unit"], detail=detail), at)


def _note_use(db: Database, id: str, known: str | None, today: str) -> None:
    """Note the day of use, once a day; where the database is busy another read will."""
    if known != today:
        with suppress(Busy), writing(db) as conn:
            conn.execute("UPDATE access_tokens SET used_on = ? WHERE id = ?", (today, id))


def _owner(user: dict[str, Any]) -> str:
    """Return the own account of *user*, also where one acts for another: a token is good for the own account only."""
    return people(str(user["id"]))[0]


def _entry(what: str, user: dict[str, Any], id: str, **detail: Any) -> Entry:
    return Entry(what, user["id"], user["role"], f"token:{id}", user["unit"], detail=detail)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
