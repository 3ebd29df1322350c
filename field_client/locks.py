"""A lock that one program at a time holds, and that the system releases when the program dies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _grasp(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _grasp(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Taken(Exception):
    """Somebody else holds the lock."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock at *path* for the block, or raise Taken at once. Threads of one program count as well."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _grasp(handle)
        except (BlockingIOError, PermissionError):
            raise Taken from None
        yield
    finally:
        with suppress(OSError):
            os.close(handle)
