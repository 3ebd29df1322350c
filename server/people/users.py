"""Users of the office: made and changed as items, their passwords kept apart as scrypt hashes."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from schemas.ids import new_id
from schemas.text import nfc
from server.office import edit, make, things
from server.people import invitations, passwords, sessions
from server.people.passwords import BadPassword
from server.store import writing


class BadUser(ValueError):
    """The user cannot be made as asked; the message says what to change."""


@dataclass(frozen=True)
class SignedIn:
    """Who gave the right password: the id and the account."""

    id: str
    account: dict[str, Any]


def add_user(
    db: Database, name: str, *, role: str, unit: str, password: str, author: str, at: datetime,
    also: dict[str, Any] | None = None,
) -> str:  # fmt: skip
    """Make a user with a role within the area *unit* (epoch:code) and return the id; *also*: more of the account."""
    try:
        passwords.check_rules(password, name)
    except BadPassword as bad:
        raise BadUser(str(bad)) from None
    if named(db.conn, name):
        raise BadUser(f"Đã có tài khoản {name}; chọn tên khác.")
    id = new_id()
    epoch, _, area = unit.partition(":")
    state = {"name": name, "role": role, "epoch": epoch, "area": area, **(also or {})}
    receipt = make(db, [edit("user", id, state, {})], author=author, at=at)[0]
    if receipt.standing != "accepted":
        problems = (receipt.detail or {}).get("problems", {})
        raise BadUser(" ".join(problems.values()) or "Không tạo được tài khoản.")
    set_password(db, id, password)
    return id


def named(conn: sqlite3.Connection, name: str) -> str:
    """Return the id of the user of that name, empty when there is none."""
    wanted = nfc(name)
    return next((id for id, user in things(conn, "user").items() if user["name"] == wanted), "")


def set_password(db: Database, user: str, password: str) -> None:
    """Keep the scrypt hash of *password*; sessions begun with the old one end, and so does an invitation."""
    keep_password(db, user, passwords.hashed(password))


def keep_password(db: Database, user: str, hashed: str, *, but: str = "") -> None:
    """Keep a hash that was computed before, so that no transaction waits for it; the session *but* goes on."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO passwords (user, hash) VALUES (?, ?) ON CONFLICT (user) DO UPDATE SET hash = excluded.hash",
            (user, hashed),
        )
        invitations.end(conn, user)
        sessions.end_all(conn, user, but=but)
        if but:
            sessions.prove_again(conn, but)


def sign_in(db: Database, name: str, password: str) -> SignedIn | None:
    """Return who has this name and password, None when nobody does; either takes the same time."""
    id = named(db.conn, name)
    user = things(db.conn, "user").get(id, {})
    row = db.conn.execute("SELECT hash FROM passwords WHERE user = ?", (id,)).fetchone()
    right = passwords.is_right(row[0] if row else None, password)
    return SignedIn(id, user) if right and not user.get("disabled") else None
