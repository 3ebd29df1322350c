"""Verifying from where the last time ended: the chain and every byte again, of the rebuild only what came since.

What was rebuilt is kept in a database of its own, in a folder beside the data. It is started
over when it does not fit: another program folded it, bytes were erased since, or it is of
another history. So nothing of the proof rests on the checkpoint but the time it takes; what
it alone can show is that arrivals which were there last time are gone from the end.
"""

import hashlib
import json
import sqlite3
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import schemas
import server
import sync
from schemas.fields import instant_text
from server.arrivals.proof import check_beside, check_bytes, check_chain
from server.arrivals.verify import REBUILT_TO, Verdict, counts, differences, rebuild
from server.coverage.years import check as check_coverage
from server.store import get_meta, open_store, put_meta, reading, writing
from sync.locks import alone

FILE = "rebuilt.db"


def verify_onward(db: Database, folder: Path) -> Verdict:
    """Check the chain, the bytes and the projections of one moment; fold only what came since the last time.

    Raises sync.locks.Taken while another verification works in *folder*.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    with alone(folder / "verify.lock"), reading(db) as conn:
        problems = check_chain(conn) + check_bytes(conn)
        since = 0
        if not problems:
            scratch, since, gone = _checkpoint(conn, folder)
            try:
                problems = gone or _compare(conn, scratch, since)
            finally:
                scratch.close()
        return Verdict(*counts(conn), tuple(problems), since)


def start_over(folder: Path) -> None:
    """Forget the checkpoint in *folder*: the next verification is from the beginning."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)


def _compare(conn: sqlite3.Connection, scratch: Database, since: int) -> list[str]:
    rebuild(conn, scratch, after=since)
    return [*differences(conn, scratch.conn), *check_beside(conn), *check_coverage(conn)]


def _checkpoint(conn: sqlite3.Connection, folder: Path) -> tuple[Database, int, list[str]]:
    """Return what was rebuilt before, up to which arrival, and what is gone since; empty and 0 where nothing fits."""
    path = folder / FILE
    known = _known(path)
    told = known.get(REBUILT_TO, "0 ").partition(" ")
    if known and {key: known.get(key) for key in _fits(conn)} == _fits(conn):
        row = conn.execute("SELECT chain FROM arrivals WHERE seq = ?", (int(told[0]),)).fetchone()
        gone = [] if int(told[0]) == 0 or (row and row[0] == told[2]) else [
            f"Lần kiểm chứng trước đã thấy đến lượt tiếp nhận {told[0]}; nay lượt đó không còn như thế."
        ]  # fmt: skip
        return open_store(path), int(told[0]), gone
    start_over(folder)
    scratch = open_store(path)
    scratch.conn.execute("PRAGMA synchronous=NORMAL")  # what a power cut takes of it is folded again
    with writing(scratch) as fresh:
        for key, value in _fits(conn).items():
            put_meta(fresh, key, value)
    return scratch, 0, []


def _known(path: Path) -> dict[str, str]:
    """Return what a checkpoint says of itself; empty where there is none or it cannot be read."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    with suppress(sqlite3.Error):
        conn = sqlite3.connect(str(path))
        try:
            found = dict(conn.execute("SELECT key, value FROM meta").fetchall())
        finally:
            conn.close()
    return found


def _fits(conn: sqlite3.Connection) -> dict[str, str]:
    """Return what must be the same for a rebuild to go on: history, program, and what has been erased."""
    erased = hashlib.sha256()
    for (name,) in conn.execute("SELECT name FROM items WHERE standing = 'erased' ORDER BY name"):
        erased.update(name.encode())
    return {"of_lineage": get_meta(conn, "lineage"), "by_program": _program(), "with_erased": erased.hexdigest()}


@lru_cache(maxsize=1)
def _program() -> str:
    """Return the hash of the code that a rebuild may depend on."""
    roots = [Path(str(package.__file__)).parent for package in (schemas, server, sync)]
    code = hashlib.sha256()
    for path in sorted(path for root in roots for path in root.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


def note_result(db: Database, verdict: Verdict, at: datetime) -> None:
    """Keep what was found, for the first page to tell."""
    told: dict[str, Any] = {"at": instant_text(at), "arrivals": verdict.arrivals, "problems": list(verdict.problems)}
    with writing(db) as conn:
        put_meta(conn, "last_verify", json.dumps(told, ensure_ascii=False))
