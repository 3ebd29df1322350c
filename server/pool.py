"""Connections that requests borrow: opening one costs more than most requests, and its cache begins empty."""

from pathlib import Path

from sqlite_utils import Database

from server.store import connect

IDLE = 8  # more than work at a time (server.turns); each holds at most what store.connect lets it cache
PATIENCE = 5.0  # seconds that a request waits for another who writes


class Pool:
    """Open connections to one database, for the threads of one process."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Lend connections to the database at *path*; none is open yet."""
        self._path = path
        self._patience = patience
        self._idle: list[Database] = []

    def lend(self) -> Database:
        """Return a connection that nobody else has: the one given back last, whose cache is the warmest."""
        try:
            return self._idle.pop()
        except IndexError:
            return connect(self._path, self._patience)

    def take_back(self, db: Database) -> None:
        """Keep a connection for the next request; one that is in the middle of something is closed instead."""
        if db.conn.in_transaction or len(self._idle) >= IDLE:
            db.close()
        else:
            self._idle.append(db)
