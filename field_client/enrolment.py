"""Enrolment: this laptop's own key, and the code that brings it in."""

import platform
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlite_utils import Database

from field_client import revoked
from field_client.store import files_key, get_meta, put_meta, writing
from field_client.store.mirror import leave_area, start_over
from field_client.store.outbox import heard_of
from field_client.vault import box
from schemas.fields import instant_text
from schemas.ids import new_id
from sync.enrolment import EnrolmentCode, proof
from sync.errors import BadReply
from sync.http import HttpLine

_ANSWERED = ("device", "credential", "lineage", "server_key", "area", "team", "name")


class Redeemer(Protocol):
    """A line that redeems enrolment codes."""

    def enrol(self, secret: str, name: str, public_key: str, proof: str, device: str = "") -> dict[str, Any]:
        """Redeem an enrolment code; again with the same key it gives the same credential."""


@dataclass(frozen=True)
class Enrolled:
    """Under which id, and for which area (epoch:code), this laptop was let in."""

    device: str
    area: str


def own_key(db: Database, path: Path) -> Ed25519PrivateKey:
    """Return this laptop's key, made first, and closed under the key of the store's files.

    It is on the disk before a code is redeemed: when the answer is lost, the same key shows
    the code again and gets the same answer.
    """
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        box.write(path, pem, files_key(db.conn))
    found = load_pem_private_key(box.read(path, files_key(db.conn)), None)
    assert isinstance(found, Ed25519PrivateKey), "device.key holds an Ed25519 key"
    return found


def enrol(
    db: Database, key_file: Path, code: str, *, at: datetime, server: str = "", name: str = "",
    line: Redeemer | None = None,
) -> Enrolled:  # fmt: skip
    """Redeem the enrolment *code* and keep what the server answers; *server* overrides the address in it.

    BadCode when the text is no code, a LineError when the line or the server says no.
    """
    parsed = EnrolmentCode.parse(code)
    key = own_key(db, key_file)
    public = b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    address = server or parsed.address
    line = line or HttpLine(address, parsed.fingerprint)
    shown = proof(key, parsed.secret)
    name = name or platform.node() or "Máy tính của đội"
    answer = line.enrol(parsed.secret, name, public, shown, get_meta(db.conn, "device"))
    told = {"fingerprint": getattr(line, "fingerprint", "") or parsed.fingerprint}
    _keep(db, {**answer, **told, "heard": getattr(line, "heard", "")}, address, at)
    return Enrolled(answer["device"], answer["area"])


def _keep(db: Database, answer: dict[str, Any], address: str, at: datetime) -> None:
    """Keep the answer. Another device id begins another run; the same one goes on counting.

    Another area starts the copy over: what was read for the one is not what the other has.
    A lock is lifted: the office gave the code.
    So does another history: the server was restored, and may lack what it had confirmed.
    """
    if not all(isinstance(answer.get(key), str) for key in _ANSWERED if key != "team"):
        raise BadReply("The answer to the enrolment is incomplete.")
    given = {key: answer.get(key) or "" for key in _ANSWERED}
    if answer.get("recovery_key"):
        given["recovery_key"] = answer["recovery_key"]
    with writing(db) as conn:
        was, history = get_meta(conn, "area"), get_meta(conn, "lineage")
        if get_meta(conn, "device") != given["device"]:
            given |= {"run": new_id(), "device_seq": "0"}
        for key, value in {**given, "fingerprint": answer["fingerprint"], "enrolled_at": instant_text(at)}.items():
            put_meta(conn, key, value)
        put_meta(conn, "address", answer.get("address") or address)
        revoked.release(conn)
        if answer["heard"]:
            heard_of(conn, answer["heard"], at)
        if history not in {"", given["lineage"]}:
            start_over(conn)
            put_meta(conn, "lineage", given["lineage"])
        if was not in {"", given["area"]}:
            leave_area(conn)
