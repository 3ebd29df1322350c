"""The second step of signing in: a phone's secret, kept encrypted, and codes for the day the phone is gone."""

import os
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.fields import instant_text
from server.keys import Keys
from server.people import totp
from server.rights import ADMIN, POLICE

REQUIRED_OF = frozenset({ADMIN, POLICE})
RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
_NONCE = 12


@dataclass(frozen=True)
class Second:
    """What an account has: since when a phone is set up, and how many codes for the day it is gone are left."""

    set_up_at: str
    codes_left: int


def is_required(account: dict[str, Any], role: str) -> bool:
    """Say whether somebody with this account may do nothing in *role* without the second step.

    An account to try the program with says so in plain data, and is not asked.
    """
    return role in REQUIRED_OF and not account.get("demo")


def of_user(conn: sqlite3.Connection, user: str) -> Second | None:
    """Return what *user* has set up, None where nothing is."""
    row = conn.execute("SELECT set_up_at FROM second_factors WHERE user = ?", (user,)).fetchone()
    if row is None or row[0] is None:
        return None
    left = conn.execute("SELECT count(*) FROM recovery_codes WHERE user = ?", (user,)).fetchone()[0]
    return Second(row[0], left)


def new_secret(conn: sqlite3.Connection, keys: Keys, user: str) -> bytes:
    """Return the secret that is to be set up; it stays the same until a code has proved that the phone holds it.

    None is made where one is set up already: that is taken away first.
    """
    secret = _secret(conn, keys, user)
    if secret is None:
        secret = totp.new_secret()
        conn.execute("INSERT INTO second_factors (user, secret) VALUES (?, ?)", (user, _sealed(keys, user, secret)))
    return secret


def set_up(conn: sqlite3.Connection, keys: Keys, user: str, given: str, at: datetime) -> tuple[str, ...]:
    """Take the first code, and return the recovery codes, which are shown once; nothing where the code is wrong."""
    if of_user(conn, user) or not _take(conn, keys, user, given, at):
        return ()
    conn.execute("UPDATE second_factors SET set_up_at = ? WHERE user = ?", (instant_text(at), user))
    return new_recovery_codes(conn, keys, user)


def new_recovery_codes(conn: sqlite3.Connection, keys: Keys, user: str) -> tuple[str, ...]:
    """Make fresh codes, of which hashes are kept; the ones before are worth nothing any more."""
    codes = tuple(f"{_letters(5)}-{_letters(5)}" for _ in range(RECOVERY_CODES))
    conn.execute("DELETE FROM recovery_codes WHERE user = ?", (user,))
    conn.executemany(
        "INSERT INTO recovery_codes (user, hash) VALUES (?, ?)", [(user, _kept(keys, user, code)) for code in codes]
    )
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def passes(conn: sqlite3.Connection, keys: Keys, user: str, given: str, at: datetime) -> str:
    """Say by what *given* passes, each of them once: `code` of the phone, `recovery` code; empty when by neither."""
    if of_user(conn, user) is None:
        return ""
    if _take(conn, keys, user, given, at):
        return "code"
    used = conn.execute("DELETE FROM recovery_codes WHERE user = ? AND hash = ?", (user, _kept(keys, user, given)))
    return "recovery" if used.rowcount else ""


def _take(conn: sqlite3.Connection, keys: Keys, user: str, given: str, at: datetime) -> bool:
    """Take a code of the phone once: the step that was used last, and those before it, are not taken again."""
    secret = _secret(conn, keys, user)
    last = conn.execute("SELECT last_step FROM second_factors WHERE user = ?", (user,)).fetchone()
    step = totp.matching_step(secret, "".join(given.split()), at, after=last[0]) if secret and last else None
    if step is None:
        return False
    conn.execute("UPDATE second_factors SET last_step = ? WHERE user = ?", (step, user))
    return True


def remove(conn: sqlite3.Connection, user: str) -> bool:
    """Take away what *user* has set up, and say whether there was anything."""
    conn.execute("DELETE FROM recovery_codes WHERE user = ?", (user,))
    return conn.execute("DELETE FROM second_factors WHERE user = ?", (user,)).rowcount > 0


def _kept(keys: Keys, user: str, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return keys.derive("recovery code", user, plain)


def _sealed(keys: Keys, user: str, secret: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(keys).encrypt(nonce, secret, user.encode())


def _secret(conn: sqlite3.Connection, keys: Keys, user: str) -> bytes | None:
    row = conn.execute("SELECT secret FROM second_factors WHERE user = ?", (user,)).fetchone()
    return _cipher(keys).decrypt(row[0][:_NONCE], row[0][_NONCE:], user.encode()) if row else None


def _cipher(keys: Keys) -> AESGCM:
    return AESGCM(bytes.fromhex(keys.derive("second factor")))
