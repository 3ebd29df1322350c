"""Why a person may see a history, until when; and the line in the log for each time that it is opened."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas import purpose as rules
from schemas.fields import instant_text
from server import audit

OPENED, HANDED_OUT, PRINTED = "history.open", "history.file", "history.extract"


@dataclass(frozen=True)
class Looker:
    """Who looks: the user's id and role; of the command line, what it calls itself."""

    id: str
    role: str


def given(conn: sqlite3.Connection, user: str, subject: str, at: datetime) -> str:
    """Return the purpose for which *user* may see *subject* (kind:id) at the moment, empty where it must be asked."""
    row = conn.execute(
        "SELECT purpose FROM purposes WHERE user = ? AND subject = ? AND until > ?", (user, subject, instant_text(at))
    ).fetchone()
    return row[0] if row else ""


def last_given(conn: sqlite3.Connection, user: str, at: datetime) -> str:
    """Return the purpose that *user* gave last and that still holds for something: it is offered again."""
    row = conn.execute(
        "SELECT purpose FROM purposes WHERE user = ? AND until > ? ORDER BY given_at DESC LIMIT 1",
        (user, instant_text(at)),
    ).fetchone()
    return row[0] if row else ""


def give(conn: sqlite3.Connection, user: str, subject: str, purpose: str, at: datetime) -> None:
    """Keep a purpose that was found good, for the hours that lookups.toml says; those that are past are forgotten."""
    until = at + timedelta(hours=rules.rules()["purpose_hours"])
    conn.execute("DELETE FROM purposes WHERE until <= ?", (instant_text(at),))
    conn.execute(
        "INSERT INTO purposes (user, subject, purpose, given_at, until) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (user, subject) DO UPDATE SET purpose = excluded.purpose, given_at = excluded.given_at,"
        " until = excluded.until",
        (user, subject, rules.tidy(purpose), instant_text(at), instant_text(until)),
    )


def note(
    conn: sqlite3.Connection, who: Looker, what: str, subject: str, purpose: str, units: Collection[str],
    at: datetime, **detail: Any,
) -> int:  # fmt: skip
    """Write a look-up into the log, within the transaction of *conn*, and whose data it was; return its number.

    The first of *units* stands on the line itself; each of them may read it.
    """
    owners = sorted(units)
    said = {"units": owners, **detail} if len(owners) > 1 else detail
    entry = audit.Entry(what, who.id, who.role, subject, owners[0] if owners else "", purpose, said)
    seq = audit.note(conn, entry, at)
    conn.executemany("INSERT INTO lookup_units (unit, seq) VALUES (?, ?)", [(unit, seq) for unit in owners])
    return seq
