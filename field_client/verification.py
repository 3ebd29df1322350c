"""What a code on minutes proves, offline: by what this laptop holds, and by the keys that it was last told."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlite_utils import Database

from field_client.minutes_code import signing_key
from field_client.settings import Settings
from field_client.store import get_meta
from field_client.store.mirror import COPY_AT
from field_client.store.visits import Revision, revisions, shown
from schemas.minutes_answer import Answer, Key, Known, answer, key_of
from schemas.minutes_code import Minutes, MinutesCode, ShortCode, parse

ASIDE = frozenset({"conflict", "held", "quarantined", "unreadable"})  # neither the truth nor out of it


@dataclass(frozen=True)
class Proof:
    """The answer, and the id of the visit where it is on this laptop."""

    answer: Answer
    short: bool
    inspection: str = ""


def keys_at(db: Database) -> str:
    """Return when the server last told whose signatures are good, by its own clock; empty when it never has."""
    return get_meta(db.conn, COPY_AT)


def prove(db: Database, settings: Settings, text: str) -> Proof:
    """Answer the code *text* without any network, or raise WrongCode."""
    code, conn = parse(text), db.conn
    if isinstance(code, ShortCode):
        return _short(conn, code)
    key = _key(conn, code, lambda: _own_public(db, settings))
    id = code.minutes.inspection
    found = revisions(conn, id)
    known = _known(code.minutes, found)
    return Proof(Answer.NO_MATCH if known is None else answer(key, known), False, id if found else "")


def _short(conn: sqlite3.Connection, code: ShortCode) -> Proof:
    """Answer a code without a signature: what is here was made here, or came from the server."""
    found = conn.execute(
        "SELECT id, name FROM own WHERE kind = 'inspection' AND name BETWEEN :first AND :last"
        " UNION ALL SELECT id, name FROM revisions WHERE name BETWEEN :first AND :last LIMIT 1",
        dict(zip(("first", "last"), code.names, strict=True)),
    ).fetchone()
    if found is None:
        return Proof(Answer.NO_MATCH, True)
    id, name = found
    known = _stands(name, revisions(conn, id))
    return Proof(answer(Key.TRUSTED, known), True, id)


def _key(conn: sqlite3.Connection, code: MinutesCode, own: Callable[[], str]) -> Key:
    """Say whose word the signature is; this laptop's own key is known before it was told."""
    device = code.minutes.device
    row = conn.execute(
        "SELECT state FROM things WHERE kind = 'device_key' AND id = ? AND gone = 0", (device,)
    ).fetchone()
    told: dict[str, Any] = json.loads(row[0]) if row else {}
    if not told and device == get_meta(conn, "device"):
        told = {"public_key": own()}
    return key_of(code, told.get("public_key"), told.get("revoked_on") or told.get("retired_on"))


def _own_public(db: Database, settings: Settings) -> str:
    return b64encode(signing_key(db, settings).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _known(minutes: Minutes, found: list[Revision]) -> Known | None:
    """Say what is known here of *minutes*; None: the item is here, and says something else."""
    one = next((one for one in found if one.name == minutes.name), None)
    if one and (one.body.get("revision", 1), one.body.get("date")) != (minutes.revision, minutes.date):
        return None
    return _stands(minutes.name, found, minutes.revision)


def _stands(name: str, found: list[Revision], revision: int = 0) -> Known:
    """Say what becomes of the paper of *name*, *found* being what can be read here of its visit.

    What was finalised on this laptop is known here before the server has it. The bytes of an earlier *revision*
    may have been erased: a later one shows that it was replaced.
    """
    one, seen = next((one for one in found if one.name == name), None), shown(found)
    if one is None:
        return Known.LATER if seen and 0 < revision < seen.body.get("revision", 1) else Known.NOTHING
    beside = one.standing in ASIDE and name not in {other.base for other in found}
    stands = (beside or one is seen) and not one.body.get("void")
    return Known.CURRENT if stands else Known.REPLACED
