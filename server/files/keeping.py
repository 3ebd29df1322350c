"""Received files: each once under its hash, taken in for the records that name it, dropped when none does."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from schemas.fields import instant_text
from server.files.judging import hash_of
from server.files.parts import PARTS, part_of
from server.store import writing

_GONE = "('declined', 'erased')"
_SPOKEN_FOR = (
    "EXISTS (SELECT 1 FROM attachments WHERE attachments.sha256 = files.sha256)"
    " OR EXISTS (SELECT 1 FROM file_claims JOIN items ON items.name = file_claims.item"
    f"            WHERE file_claims.sha256 = files.sha256 AND items.standing NOT IN {_GONE})"
)
_WAS_NAMED = "EXISTS (SELECT 1 FROM file_claims WHERE file_claims.sha256 = files.sha256)"
_STRAY_AFTER = 86_400  # seconds: a file on the disk without its row may be on its way to it


def path_of(folder: Path, sha256: str) -> Path:
    """Return where the file of this hash lies in the folder of files."""
    return folder / sha256[:2] / sha256


def has(conn: sqlite3.Connection, folder: Path, sha256: str, size: int, media: str) -> bool:
    """Say whether the file is here; one that was lost from the disk is not, so that it may come again."""
    row = conn.execute("SELECT size, type FROM files WHERE sha256 = ?", (sha256,)).fetchone()
    return row == (size, media) and path_of(folder, sha256).exists()


def note(conn: sqlite3.Connection, upload: str, at: datetime) -> None:
    """Write down that the file of *upload* is here, for its record and for all others that name it."""
    sha256, size, media, item = conn.execute(
        "SELECT sha256, size, type, item FROM uploads WHERE id = ?", (upload,)
    ).fetchone()
    conn.execute(
        "INSERT INTO files (sha256, size, type, at) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
        (sha256, size, media, instant_text(at)),
    )
    conn.execute("INSERT INTO file_claims (sha256, item) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, item))
    conn.execute("UPDATE attachments SET received = 1 WHERE sha256 = ?", (sha256,))
    conn.execute("UPDATE uploads SET state = 'done' WHERE id = ?", (upload,))


def check_files(conn: sqlite3.Connection, folder: Path) -> list[str]:
    """Return a sentence for every received file that is missing or is not what was received."""
    problems = []
    for sha256, size in conn.execute("SELECT sha256, size FROM files ORDER BY sha256"):
        path = path_of(folder, sha256)
        if not path.exists():
            problems.append(f"Thiếu tệp {sha256}.")
        elif path.stat().st_size != size or hash_of(path) != sha256:
            problems.append(f"Nội dung tệp {sha256} không còn như khi nhận.")
    told = conn.execute(
        "SELECT id FROM attachments WHERE received <> (SELECT count(*) FROM files WHERE sha256 = attachments.sha256)"
        " ORDER BY id"
    )
    return problems + [f"Hồ sơ tệp kèm {id} nói sai về việc tệp đã có hay chưa." for (id,) in told]


def drop_orphans(db: Database, folder: Path, at: datetime) -> int:
    """Remove the files that no record speaks for any more, and count them; called outside any transaction.

    A record that was declined or erased does not speak. What no record has named yet stays for a day: it was taken
    in with a form that somebody is still filling in. The rows go first: after a crash
    between the two, the next call finds the file without its row.
    """
    with writing(db) as conn:
        young = instant_text(at - timedelta(seconds=_STRAY_AFTER))
        gone = [row[0] for row in conn.execute(
            f"SELECT sha256 FROM files WHERE NOT ({_SPOKEN_FOR}) AND (at < ? OR {_WAS_NAMED})", (young,)
        )]  # fmt: skip
        conn.executemany("DELETE FROM files WHERE sha256 = ?", [(sha256,) for sha256 in gone])
        conn.executemany("DELETE FROM file_claims WHERE sha256 = ?", [(sha256,) for sha256 in gone])
        stopped = [row[0] for row in conn.execute(
            f"DELETE FROM uploads WHERE item IN (SELECT name FROM items WHERE standing IN {_GONE}) RETURNING id"
        )]  # fmt: skip
    for sha256 in gone:
        _remove(db, "files", "sha256", path_of(folder, sha256))
    for upload in stopped:
        part_of(folder, upload).unlink(missing_ok=True)
    return len(gone)


def drop_strays(db: Database, folder: Path, at: datetime) -> None:
    """Remove what lies in the folder and has had no row for a day: what a crash left behind."""
    for path in folder.glob("*/*"):
        table, column = ("uploads", "id") if path.parent.name == PARTS else ("files", "sha256")
        if at.timestamp() - path.stat().st_mtime > _STRAY_AFTER:
            _remove(db, table, column, path)


def _remove(db: Database, table: str, column: str, path: Path) -> None:
    """Remove a file unless it has a row: under the write lock, for it may just be coming in again."""
    with writing(db) as conn:
        if not conn.execute(f"SELECT 1 FROM {table} WHERE {column} = ?", (path.name,)).fetchone():
            path.unlink(missing_ok=True)
