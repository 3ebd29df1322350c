"""Changes made at the office: by a page, a command, an import or a job. Each is an item like any other."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.items import write
from server import audit, journal
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.store import folder_of, get_meta, put_meta, writing
from sync.chain import Receipt

RESTORE = "restore"  # the author of what is done again after a restore; the journal has it already
NOTED = {"user": "rights_changed", "deputy": "deputy_changed", "erasure": "erased", "frozen": "return_sent"}
_RIGHTS = ("name", "role", "epoch", "area", "team", "disabled", "user", "acts_for", "from", "to", "ended_on")


@dataclass(frozen=True)
class Change:
    """One change to make: what it is about, and the item's body; *base* for a visit's correction."""

    kind: str
    id: str
    body: dict[str, Any]
    base: str | None = None


def make(db: Database, changes: Iterable[Change], *, author: str, at: datetime) -> list[Receipt]:
    """Make *changes* in order, as items of the office's own device, in one batch.

    A number that was drawn and then lost to a crash leaves a hole in the office's count;
    the items are drawn and ingested by the same process, so nothing else can be lost.
    """
    changes = list(changes)
    device, run, first = _draw(db, len(changes))
    lines = [
        write(
            kind=change.kind, id=change.id, base=change.base, device=device, run=run, device_seq=first + place,
            author=author, recorded_at=instant_text(at), body=change.body,
        )
        for place, change in enumerate(changes)
    ]  # fmt: skip
    taken = ingest(db, lines, Sender(device, None), at)
    receipts = [answer for answer in taken.answers if isinstance(answer, Receipt)]
    for change, receipt in zip(changes, receipts, strict=True):
        if change.kind == "device" and receipt.standing == "accepted" and author != RESTORE:
            _note_lock(db, change, at)
        if change.kind in NOTED and receipt.standing == "accepted":
            _note_in_log(db, change, author, at)
    return receipts


def _note_in_log(db: Database, change: Change, author: str, at: datetime) -> None:
    """Note a change of rights, an erasure, or that a return was sent; the item itself holds the whole of it."""
    with writing(db) as conn:
        kind = "return" if change.kind == "frozen" else change.kind
        state = state_of(conn, kind, change.id) or {}
        unit = f"{state['epoch']}:{state['area']}" if "area" in state else ""
        said = {key: value for key, value in change.body.get("set", {}).items() if key in _RIGHTS}
        subject = f"{kind}:{change.id}"
        if change.kind == "erasure":
            said, subject = {"ground": change.body["ground"]}, f"item:{change.body['item']}"
        if change.kind == "frozen":
            said = {"title": state.get("title"), "document": change.body["document"]}
        audit.note(conn, audit.Entry(NOTED[change.kind], author, subject=subject, unit=unit, detail=said), at)


def _note_lock(db: Database, change: Change, at: datetime) -> None:
    """Write down beside the backups that a laptop was locked, let in again or taken out of use."""
    said = change.body["set"]
    for field, on, off in (("revoked_on", "revoke", "unlock"), ("retired_on", "retire", "reuse")):
        if field in said and (said[field] or change.body["was"].get(field)):
            what = {key: value for key, value in said.items() if key.startswith(field[:7])}
            entry = {"do": on if said[field] else off, "device": change.id, "set": what, "at": instant_text(at)}
            journal.note(folder_of(db), entry)


def _draw(db: Database, count: int) -> tuple[str, str, int]:
    with writing(db) as conn:
        device, run = get_meta(conn, "office_device"), get_meta(conn, "office_run")
        drawn = int(get_meta(conn, "office_seq") or 0)
        put_meta(conn, "office_seq", drawn + count)
    return device, run, drawn + 1


def edit(kind: str, id: str, after: dict[str, Any], was: dict[str, Any]) -> Change:
    """Return the register edit that sets the paths of *after*, which stood at *was* when the person looked."""
    return Change(kind, id, {"set": after, "was": {path: was.get(path) for path in after}})


def state_of(conn: sqlite3.Connection, kind: str, id: str) -> dict[str, Any] | None:
    """Return the present state of a thing of the register, None when there is none."""
    row = conn.execute("SELECT state FROM things WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    return json.loads(row[0]) if row else None


def things(conn: sqlite3.Connection, kind: str) -> dict[str, dict[str, Any]]:
    """Return every thing of a *kind* that is few: teams, plans, users, devices."""
    rows = conn.execute("SELECT id, state FROM things WHERE kind = ? ORDER BY id", (kind,))
    return {id: json.loads(state) for id, state in rows}
