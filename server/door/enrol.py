"""Enrolment: a code that is good once, for a time, and brings one laptop in."""

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import is_id
from server import recovery_key
from server.access import credential_hash
from server.keys import Keys
from server.office import edit, make, state_of, things
from server.problems import BadEnrolmentCode
from server.store import get_meta, writing
from sync.enrolment import EnrolmentCode, proven

GOOD_FOR = timedelta(hours=24)
_WRONG = "Mã đăng ký không đúng hoặc đã hết hạn; xin mã mới ở văn phòng."


@dataclass(frozen=True)
class Invitation:
    """A fresh enrolment code, as the office hands it over."""

    code: EnrolmentCode
    expires_at: str


def invite(
    db: Database, keys: Keys, *, unit: str, team: str | None, address: str, at: datetime
) -> Invitation:
    """Make a code for a laptop that will write about the area *unit* (epoch:code), perhaps for one team."""
    secret = secrets.token_hex(8)
    expires_at = instant_text(at + GOOD_FOR)
    epoch, _, area = unit.partition(":")
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO enrolments (hash, epoch, area, team, expires_at) VALUES (?, ?, ?, ?, ?)",
            (_hash(secret), epoch, area, team, expires_at),
        )
    return Invitation(EnrolmentCode(secret, address, keys.fingerprint), expires_at)


def redeem(db: Database, keys: Keys, given: dict[str, str], at: datetime) -> dict[str, Any]:
    """Enrol the laptop that shows the code and proves its key.

    The same key again gets the same answer, so a lost reply costs nothing; and a laptop
    that was here before is the same laptop, so what it has not sent yet is still its own.
    """
    if not proven(given["public_key"], given["code"], given["proof"]):
        raise BadEnrolmentCode(_WRONG)
    hashed = _hash(given["code"])
    unit, team, device = _device_of(db.conn, hashed, given, at)
    epoch, _, area = unit.partition(":")
    asked = {
        "name": given["name"], "epoch": epoch, "area": area, "team": team, "public_key": given["public_key"],
        **dict.fromkeys(("revoked_on", "revoked_reason", "revoked_by", "retired_on", "retired_by")),
    }  # fmt: skip
    present = state_of(db.conn, "device", device) or {}
    changed = {path: value for path, value in asked.items() if present.get(path) != value}
    if changed:
        make(db, [edit("device", device, changed, present)], author="enrol", at=at)
    _claim(db, hashed, device, given["public_key"])
    credential = keys.derive("device", device, given["public_key"])
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO credentials (device, hash, made_at) VALUES (?, ?, ?) ON CONFLICT (device) DO NOTHING",
            (device, credential_hash(credential), instant_text(at)),
        )
    return {
        "device": device,
        "credential": credential,
        "name": given["name"],
        "area": unit,
        "team": team,
        "lineage": get_meta(db.conn, "lineage"),
        "server_key": keys.public,
        "recovery_key": recovery_key.known(db).public,
    }


def _device_of(
    conn: sqlite3.Connection, hashed: str, given: dict[str, str], at: datetime
) -> tuple[str, str | None, str]:
    """Return the area and team of a code, and the device it brings in; a locked laptop needs a fresh one."""
    public_key = given["public_key"]
    found = conn.execute(
        "SELECT epoch, area, team, expires_at, device, public_key FROM enrolments WHERE hash = ?", (hashed,)
    ).fetchone()
    if found is None or found[3] < instant_text(at) or found[5] not in {None, public_key}:
        raise BadEnrolmentCode(_WRONG)
    if found[4] and (state_of(conn, "device", found[4]) or {}).get("revoked_on"):
        raise BadEnrolmentCode(_WRONG)
    device = found[4] or _known(conn, public_key) or _claimed(conn, given) or _new(hashed, public_key)
    return f"{found[0]}:{found[1]}", found[2], device


def _new(hashed: str, public_key: str) -> str:
    """Return the id of a device that a code and a key bring in: shown twice at once, they bring in one."""
    return str(uuid5(NAMESPACE_OID, f"{hashed} {public_key}"))


def _claim(db: Database, hashed: str, device: str, public_key: str) -> None:
    """Bind the code to the device, once it is one: a code is good for the first key that gets so far."""
    state = state_of(db.conn, "device", device) or {}
    if state.get("public_key") != public_key or state.get("revoked_on"):
        raise RuntimeError(f"Device {device} was not entered; nothing was bound to the code.")
    with writing(db) as conn:
        bound = conn.execute(
            "UPDATE enrolments SET device = ?, public_key = ? WHERE hash = ? AND coalesce(public_key, ?) = ?",
            (device, public_key, hashed, public_key, public_key),
        )
        if not bound.rowcount:
            raise BadEnrolmentCode(_WRONG)


def _known(conn: sqlite3.Connection, public_key: str) -> str | None:
    """Return the device that has this key already."""
    devices = things(conn, "device").items()
    return next((id for id, state in devices if state.get("public_key") == public_key), None)


def _claimed(conn: sqlite3.Connection, given: dict[str, str]) -> str | None:
    """Return the id that the laptop says it had, if nobody has it here: the server was restored from before it came.

    So what it made then is still its own.
    """
    device = given.get("device", "")
    return device if is_id(device) and state_of(conn, "device", device) is None else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()
