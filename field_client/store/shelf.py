"""The files that this laptop sends: what waits, how far the server is, and what may leave."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from field_client.store.base import files_key, get_meta, writing
from field_client.vault import box
from schemas.attachments import limits
from sync.files import Parcel, Where

_PIECE = 1_000_000
_STRAY_AFTER = 86_400  # seconds: a file without a row may be on its way to it


class Shelf:
    """A Shelf for sync.files. `count` says how many files the server has got from it."""

    def __init__(self, db: Database, folder: Path) -> None:
        """Send what *db* speaks of and *folder* holds."""
        self.db = db
        self.folder = folder
        self.key = files_key(db.conn)
        self.count = 0

    def waiting(self) -> Sequence[Parcel]:
        """Return the files whose records have a receipt, the oldest first."""
        rows = self.db.conn.execute(
            "SELECT attachment, sha256, size, type, upload FROM files JOIN own ON own.name = files.item"
            " WHERE state = 'waiting' AND own.waiting = 0"
            "   AND own.standing NOT IN ('declined', 'erased', 'unreadable') ORDER BY own.local"
        )
        return [Parcel(*row) for row in rows.fetchall()]

    def all_waiting(self) -> Sequence[Parcel]:
        """Return the files that wait, the oldest first, also those whose records go with them."""
        rows = self.db.conn.execute(
            "SELECT attachment, sha256, size, type, upload FROM files JOIN own ON own.name = files.item"
            " WHERE state = 'waiting' AND here = 1"
            "   AND coalesce(own.standing, '') NOT IN ('declined', 'erased', 'unreadable') ORDER BY own.local"
        )
        return [Parcel(*row) for row in rows.fetchall()]

    def find(self, attachment: str) -> Parcel | None:
        """Return the file of *attachment* if it waits."""
        row = self.db.conn.execute(
            "SELECT attachment, sha256, size, type, upload FROM files WHERE state = 'waiting' AND attachment = ?",
            (attachment,),
        ).fetchone()
        return Parcel(*row) if row else None

    def is_whole(self, parcel: Parcel) -> bool:
        """Say whether the file is here, as it was when its record was written."""
        digest = hashlib.sha256()
        try:
            with box.open_file(self.folder / parcel.sha256, self.key) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except OSError:
            return False
        return digest.hexdigest() == parcel.sha256

    def read(self, parcel: Parcel, offset: int, size: int) -> bytes:
        """Return a piece of a file."""
        with box.open_file(self.folder / parcel.sha256, self.key) as file:
            file.seek(offset)
            return file.read(size)

    def note(self, parcel: Parcel, where: Where) -> None:
        """Keep how far the server is, so that another sync goes on from there."""
        with writing(self.db) as conn:
            conn.execute(
                "UPDATE files SET upload = ?, sent_bytes = ? WHERE attachment = ?",
                (where.upload, where.offset, parcel.attachment),
            )

    def sent(self, parcel: Parcel, where: Where) -> None:
        """Keep that the server has the file."""
        with writing(self.db) as conn:
            conn.execute(
                "UPDATE files SET state = 'sent', upload = '', sent_bytes = size, words = '', sent_at = ?,"
                " arrivals = ? WHERE attachment = ?",
                (get_meta(conn, "server_time"), where.seq, parcel.attachment),
            )
        self.count += 1

    def refuse(self, parcel: Parcel, words: str) -> None:
        """Keep why a file will not be sent."""
        with writing(self.db) as conn:
            conn.execute(
                "UPDATE files SET state = 'refused', upload = '', sent_bytes = 0, words = ? WHERE attachment = ?",
                (words, parcel.attachment),
            )

    def let_go(self) -> int:
        """Remove the files that may leave, and count them; their records stay.

        The server has them, a later backup on another disk too, and their time here is over,
        by the server's clock; or their records were erased.
        """
        conn = self.db.conn
        heard, safe_to = get_meta(conn, "server_time"), int(get_meta(conn, "safe_to") or 0)
        since = _days_before(heard, limits().keep_days)
        rows = conn.execute(
            "SELECT files.attachment, files.sha256 FROM files JOIN own ON own.name = files.item WHERE here = 1"
            "   AND (own.standing = 'erased' OR (state = 'sent' AND sent_at < ? AND arrivals < ?))",
            (since, safe_to),
        ).fetchall()
        if rows:
            with writing(self.db) as conn:
                conn.executemany("UPDATE files SET here = 0 WHERE attachment = ?", [(row[0],) for row in rows])
        for _, sha256 in rows:
            if not conn.execute("SELECT 1 FROM files WHERE sha256 = ? AND here = 1", (sha256,)).fetchone():
                (self.folder / sha256).unlink(missing_ok=True)
        return len(rows)

    def drop_strays(self, at: datetime) -> None:
        """Remove what lies in the folder without a row for a day: what a crash left behind."""
        for path in self.folder.glob("*"):
            known = self.db.conn.execute("SELECT 1 FROM files WHERE sha256 = ? AND here = 1", (path.name,)).fetchone()
            if not known and abs(at.timestamp() - path.stat().st_mtime) > _STRAY_AFTER:
                path.unlink(missing_ok=True)


def _days_before(instant: str, days: int) -> str:
    """Return the instant so many days before, empty when no server's time is known."""
    if not instant:
        return ""
    before = datetime.fromisoformat(instant) - timedelta(days=days)
    return before.strftime("%Y-%m-%dT%H:%M:%SZ")
