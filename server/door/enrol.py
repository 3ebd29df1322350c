"""Enrolment: a code that is good once, for a time, and brings one laptop in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.access import credential_hash
from server.keys import Keys
from server.office import edit, make
from server.problems import BadEnrolmentCode
from server.store import get_meta, writing
from sync.enrolment import EnrolmentCode

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
    """Enrol the laptop that shows the code; the same key again gets the same answer, so a lost reply costs nothing."""
    hashed = _hash(given["code"])
    row = _claim(db, hashed, given["public_key"], at)
    credential = keys.derive("device", row["device"], given["public_key"])
    state = {
        "name": given["name"], "epoch": row["epoch"], "area": row["area"], "team": row["team"],
        "public_key": given["public_key"],
    }  # fmt: skip
    if row["fresh"]:
        present = {path: value for path, value in state.items() if value is not None}
        make(db, [edit("device", row["device"], present, {})], author="enrol", at=at)
        with writing(db) as conn:
            conn.execute(
                "INSERT INTO credentials (device, hash, made_at) VALUES (?, ?, ?) ON CONFLICT (device) DO NOTHING",
                (row["device"], credential_hash(credential), instant_text(at)),
            )
    return {
        "device": row["device"],
        "credential": credential,
        "name": given["name"],
        "area": f"{row['epoch']}:{row['area']}",
        "team": row["team"],
        "lineage": get_meta(db.conn, "lineage"),
        "server_key": keys.public,
    }


def _claim(db: Database, hashed: str, public_key: str, at: datetime) -> dict[str, Any]:
    """Bind the code to the first key that shows it, in one transaction."""
    with writing(db) as conn:
        found = conn.execute(
            "SELECT epoch, area, team, expires_at, device, public_key FROM enrolments WHERE hash = ?", (hashed,)
        ).fetchone()
        if found is None or found[3] < instant_text(at) or found[5] not in {None, public_key}:
            raise BadEnrolmentCode(_WRONG)
        device = found[4] or new_id()
        conn.execute(
            "UPDATE enrolments SET device = ?, public_key = ? WHERE hash = ?", (device, public_key, hashed)
        )
        known = conn.execute("SELECT 1 FROM credentials WHERE device = ?", (device,)).fetchone()
    return {"epoch": found[0], "area": found[1], "team": found[2], "device": device, "fresh": known is None}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.strip().lower().encode()).hexdigest()
