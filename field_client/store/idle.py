"""Connections that wait between requests: what one has read and deciphered, the next need not read again."""

from collections import deque
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database

from field_client.store.base import connect

MOST = 2  # that wait: a person looks at one page at a time, and a page may ask for one more meanwhile
CACHE = 10_240  # KB of pages that each may hold; the whole program is to stay small


class Idle:
    """The connections of the running program to its store, each used by one request at a time."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Begin without any; they are opened when they are needed."""
        self.path, self.key = path, key
        self._waiting: deque[Database] = deque()

    def take(self) -> Database:
        """Return the connection that was used last, or a new one where none waits."""
        with suppress(IndexError):
            return self._waiting.pop()
        return connect(self.path, self.key, cache=CACHE)

    def give_back(self, db: Database) -> None:
        """Keep a connection for the next request; one that was left within a transaction is closed, which undoes it."""
        if db.conn.in_transaction or len(self._waiting) >= MOST:
            db.close()
        else:
            self._waiting.append(db)
