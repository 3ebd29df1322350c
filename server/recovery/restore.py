"""A server back from its backup, on a bare PC: every byte checked, a new history begun, no lock or erasure undone."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server import audit, journal
from server.arrivals.proof import check_bytes, check_chain
from server.office import RESTORE
from server.recovery.again import do_again
from server.settings import Settings
from server.store import get_meta, open_store, put_meta, reading, writing
from server.tokens import revoke_all
from sync.room import NotInPlace, room_for
from sync.sealed import NotSealed, unpack


@dataclass(frozen=True)
class Restored:
    """What came back: up to which arrival, of which history, in which one it goes on; what was done again."""

    seq: int
    former: str
    lineage: str
    again: tuple[str, ...]
    not_again: tuple[str, ...]
    aside: Path | None


def restore(
    path: Path, passphrase: str, folder: Path, at: datetime, *, aside: Path | None = None
) -> Restored:  # fmt: skip
    """Bring the server in the backup *path* back into *folder*, by one rename once all of it is checked.

    *folder* is empty or not there; where it holds something, that is moved to *aside*, or
    NotInPlace. Nobody may be working on it meanwhile.
    """
    with room_for(folder, aside, ("run.lock",)) as room:
        restored = _restore_in(room, path, passphrase, folder, at)
    with suppress(OSError):  # of a disk that is read only
        journal.copy(folder, path.parent)
    return replace(restored, aside=aside if aside and aside.exists() else None)


def _restore_in(room: Path, path: Path, passphrase: str, folder: Path, at: datetime) -> Restored:
    about = unpack(path, passphrase, room)
    settings = Settings(room)
    if about.get("what") != "doi178-server" or not settings.database.exists():
        raise NotSealed(f"Tệp {path} không phải bản lưu của máy chủ.")
    db = open_store(settings.database)
    try:
        check_what_came(db, about)
        restored = begin_again(db, settings, journal.read((path.parent, room, folder)), at)
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    for place in (folder, path.parent):
        journal.copy(place, room)
    return restored


def check_what_came(db: Database, about: dict[str, Any]) -> None:
    """Check that the database is the one that was sealed, and that nobody had changed what had arrived."""
    with reading(db) as conn:
        row = conn.execute("SELECT seq, chain FROM arrivals ORDER BY seq DESC LIMIT 1").fetchone()
        problems = check_chain(conn) + check_bytes(conn)
    if row and list(row) != [about["seq"], about["head"]]:
        raise NotInPlace("Bản lưu không đủ các lượt tiếp nhận đã ghi trên nhãn của nó; dùng bản lưu khác.")
    if problems:
        raise NotInPlace(f"Nội dung trong bản lưu không khớp: {problems[0]} Dùng bản lưu khác.")


def begin_again(db: Database, settings: Settings, entries: list[dict[str, Any]], at: datetime) -> Restored:
    """Begin a new history on a database that came back, and do again what *entries* of the journal say.

    The office takes a new run, so that its numbers do not collide with those that are lost.
    """
    lineage = new_id()
    with writing(db) as conn:
        former = get_meta(conn, "lineage")
        seq = conn.execute("SELECT coalesce(max(seq), 0) FROM arrivals").fetchone()[0]
        _remember_histories(conn, former, seq, entries, at)
        for key, value in {"lineage": lineage, "safe_to": seq, "office_run": new_id(), "office_seq": 0}.items():
            put_meta(conn, key, value)
        revoke_all(conn, at)
        audit.note(conn, audit.Entry("restored", RESTORE, detail={"of": former, "seq": seq}), at)
        conn.execute("DELETE FROM meta WHERE key IN ('last_verify', 'last_backup')")
        for table in ("sessions", "invitations"):  # some were ended after the backup: everybody signs in anew
            conn.execute(f"DELETE FROM {table}")
    again, not_again = do_again(db, entries, at)
    journal.note(settings.data, {"do": "restore", "lineage": lineage, "of": former, "seq": seq, "at": instant_text(at)})
    return Restored(seq, former, lineage, again, not_again, None)


def _remember_histories(
    conn: sqlite3.Connection, former: str, seq: int, entries: list[dict[str, Any]], at: datetime
) -> None:  # fmt: skip
    """Keep up to which arrival each history that laptops may have read is this one, also those begun after the backup.

    Restored twice from one backup, the first restore's history is known from the journal only.
    """
    shared = dict(conn.execute("SELECT lineage, last_seq FROM lineages").fetchall()) | {former: seq}
    for entry in entries:
        if entry["do"] == "restore":
            shared.setdefault(entry["lineage"], min(int(entry["seq"]), shared.get(entry["of"], seq)))
    conn.executemany(
        "INSERT INTO lineages (lineage, last_seq, ended_at) VALUES (?, ?, ?) ON CONFLICT (lineage) DO NOTHING",
        [(one, upto, instant_text(at)) for one, upto in shared.items()],
    )
