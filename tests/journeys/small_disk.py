"""Run one of our commands on a disk that is full: `python small_disk.py ROOM module arguments…`.

Every SQLite file that the command opens may grow by ROOM pages and no more: the error is
SQLite's own. The limit belongs to a connection, so the next command has room again.
"""

import importlib
import sqlite3
import sys
from typing import Any

_connect = sqlite3.connect


def limit(room: int) -> None:
    """Let no file grow by more than *room* pages from now on."""

    def connect(database: Any, *arguments: Any, **options: Any) -> sqlite3.Connection:
        conn = _connect(database, *arguments, **options)
        if str(database).endswith(".db"):
            (pages,) = conn.execute("PRAGMA page_count").fetchone()
            conn.execute(f"PRAGMA max_page_count={max(1, pages + room)}")
        return conn

    sqlite3.connect = connect  # type: ignore[assignment]


if __name__ == "__main__":
    limit(int(sys.argv[1]))
    module = sys.argv[2]
    sys.argv[1:] = sys.argv[3:]
    importlib.import_module(module).main()
