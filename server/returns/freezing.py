"""What a return said when it was sent: one file, named by its hash, never changed; written before it is said."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.register import State
from schemas.returns import ReturnStanding
from server.files.keeping import path_of
from server.files.parts import PARTS, put
from server.office import Change, edit, state_of
from server.problems import DamagedReturn
from server.returns.draft import Content, Where, compose


def canonical(said: Any) -> bytes:
    """Write *said* the one way there is: sorted keys, no spaces, UTF-8, so that equal things have one hash."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def freeze(where: Where, id: str, state: State, by: str) -> list[Change]:
    """Write the document of a draft to its place, safe on the disk, and return the changes that say it was sent.

    Nothing is sent where the file could not be written. A file that nobody speaks of goes after a day.
    """
    with _one_moment(where.conn):
        state = state_of(where.conn, "return", id) or state  # as it stands at the moment that *seq* names
        content = compose(where, id, state)
    on = where.today.isoformat()
    said = content.as_json() | {"sent": {"on": on, "by": by}}
    said["head"] = {**said["head"], "standing": ReturnStanding.SENT.value}
    kept = canonical(said)
    document = hashlib.sha256(kept).hexdigest()
    keep(where.files, document, kept)
    body = {"document": document, "size": len(kept), "seq": content.seq, "on": on, "by": by}
    changes = [Change("frozen", id, body), edit("return", id, {"standing": ReturnStanding.SENT.value}, state)]
    older = state_of(where.conn, "return", state["replaces"]) if state.get("replaces") else None
    if older:
        changes.append(edit("return", state["replaces"], {"standing": ReturnStanding.REPLACED.value}, older))
    return changes


@contextmanager
def _one_moment(conn: sqlite3.Connection) -> Iterator[None]:
    """See one moment of the database, in the transaction that is open or in one of its own."""
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN")
    try:
        yield
    finally:
        conn.execute("COMMIT")


def keep(folder: Path, document: str, kept: bytes) -> None:
    """Put a document in its place, whole and safe on the disk; written again, it is the same file, as of now."""
    part = folder / PARTS / f"{document}.{os.getpid()}"
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as file:
        file.write(kept)
        file.flush()
        os.fsync(file.fileno())
    put(part, path_of_document(folder, document))


def path_of_document(folder: Path, document: str) -> Path:
    """Return where the document of this hash lies."""
    return path_of(folder, document)


def kept(where: Where, id: str) -> Content | None:
    """Return what a return said when it was sent, None of one that was not; raises as `document_of` does."""
    row = where.conn.execute("SELECT document FROM frozen_returns WHERE id = ?", (id,)).fetchone()
    return Content.from_json(document_of(where.files, row[0])) if row else None


def document_of(folder: Path, document: str) -> dict[str, Any]:
    """Read a document, and make sure that it is the one of that hash; raises DamagedReturn where it is not."""
    try:
        raw = path_of_document(folder, document).read_bytes()
    except FileNotFoundError:
        raise DamagedReturn("Thiếu tệp số liệu đã chốt của báo cáo này; báo người quản trị.") from None
    if hashlib.sha256(raw).hexdigest() != document:
        raise DamagedReturn("Tệp số liệu đã chốt của báo cáo này không còn như khi gửi; báo người quản trị.")
    said: dict[str, Any] = json.loads(raw)
    return said


def check_frozen(conn: sqlite3.Connection, folder: Path) -> list[str]:
    """Return a sentence for every return that was sent whose document is missing, changed, or of another return."""
    problems = []
    rows = conn.execute("SELECT id, document, size, seq FROM frozen_returns ORDER BY id")
    for id, document, size, seq in rows.fetchall():
        try:
            said = document_of(folder, document)
        except DamagedReturn:
            problems.append(f"Báo cáo {id}: tệp số liệu đã chốt bị thiếu hoặc không còn như khi gửi.")
            continue
        if (said["id"], said["seq"], path_of_document(folder, document).stat().st_size) != (id, seq, size):
            problems.append(f"Báo cáo {id}: tệp số liệu đã chốt không phải của lần gửi này.")
    return problems


def code(document: str) -> str:
    """Return the code that stands on paper and is looked up: the first letters of the hash, in fours."""
    first = document[:12].upper()
    return "-".join(first[at : at + 4] for at in range(0, 12, 4))
