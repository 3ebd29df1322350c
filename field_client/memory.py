"""Keeping the running program small: it stays open all day, on laptops that have little."""

import ctypes
import gc
import sqlite3
from contextlib import suppress

_ARENAS = -8  # glibc's M_ARENA_MAX
PAGES = 32_000_000  # bytes that all connections together may hold of the store


def one_pool() -> None:
    """Share one pool of memory among all threads: glibc gives each its own, and what is freed in one stays there.

    Called before there are threads; other C libraries have no such thing, and nothing happens.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENAS, 1)


def let_go() -> None:
    """Give back to the system what is free: without it, what one long page took stays for the day."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def bound(conn: sqlite3.Connection) -> None:
    """Let the pages of the store that this process holds, on all its connections, be no more than PAGES bytes.

    What *conn* holds already, of bringing an older store up to date, goes.
    """
    conn.execute(f"PRAGMA soft_heap_limit={PAGES}")
    conn.execute("PRAGMA shrink_memory")
