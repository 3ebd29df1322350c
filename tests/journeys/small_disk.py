"""Run one of our commands on a disk that is full: `python small_disk.py ROOM module arguments…`.

Every SQLite file that the command opens may grow by ROOM pages and no more: the error is
SQLite's own. The limit belongs to a connection, so the next command has room again. A laptop's
file tells how long it is only once its key was given: it is limited when its log is turned on.
"""

import importlib
import sqlite3
import sys
from typing import Any

from sqlcipher3 import dbapi2

_connect = sqlite3.connect


def limit(room: int) -> None:
    """Let no file grow by more than *room* pages from now on."""

    def connect(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        conn = _connect(database, *arguments, **options)
        if str(database).endswith(".db"):
            _limit(conn, room)
        return conn

    class Small(dbapi2.Connection):
        """A laptop's connection."""

        def execute(self, sql: str, *values: Any) -> Any:
            """Run a statement."""
            if sql == "PRAGMA journal_mode=WAL":
                _limit(self, room)
            return super().execute(sql, *values)

    sqlite3.connect = connect  # type: ignore[assignment]
    far = dbapi2.connect
    dbapi2.connect = lambda *arguments, **options: far(*arguments, factory=Small, **options)


def _limit(conn: Any, room: int) -> None:
    (pages,) = conn.execute("PRAGMA page_count").fetchone()
    conn.execute(f"PRAGMA max_page_count={max(1, pages + room)}")


if __name__ == "__main__":
    limit(int(sys.argv[1]))
    module = sys.argv[2]
    sys.argv[1:] = sys.argv[3:]
    importlib.import_module(module).main()
