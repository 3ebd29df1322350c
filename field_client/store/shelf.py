"""The files that this laptop sends: what waits, how far the server is, and what may leave."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from field_client.store import blobs, draft_files
from field_client.store.base import files_key, get_meta, writing
from schemas.attachments import limits
from sync.files import Parcel, Where

_STRAY_AFTER = 86_400  # seconds: a file without a row may be on its way to it


class Shelf:
    """A Shelf for sync.files. `count` says how many files the server has got from it."""

    def __init__(self, db: Database, folder: Path) -> None:
        """Send what *db* speaks of and *folder* holds."""
        self.db = db
        self.drawer = blobs.Drawer(folder, files_key(db.conn))
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
        return blobs.is_whole(self.drawer, parcel.sha256)

    def read(self, parcel: Parcel, offset: int, size: int) -> bytes:
        """Return a piece of a file."""
        return blobs.piece(self.drawer, parcel.sha256, offset, size)

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
            draft_files.let_go(self.db, [row[1] for row in rows])
        return len(rows)

    def drop_strays(self, at: datetime) -> None:
        """Remove what lies in the folder without a row for a day: what a crash left behind."""
        for name, since in blobs.lying(self.drawer):
            if not draft_files.spoken_of(self.db.conn, name) and abs(at.timestamp() - since) > _STRAY_AFTER:
                blobs.remove(self.drawer, name)


def _days_before(instant: str, days: int) -> str:
    """Return the instant so many days before, empty when no server's time is known."""
    if not instant:
        return ""
    before = datetime.fromisoformat(instant) - timedelta(days=days)
    return before.strftime("%Y-%m-%dT%H:%M:%SZ")
