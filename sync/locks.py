"""Locks between programs that share a folder; the system releases them when a program dies."""

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _PLACES = 1000  # who shares takes one of these bytes, who wants to be alone takes them all

    def _grasp(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, _PLACES)

    def _join(handle: int) -> None:
        for place in random.sample(range(_PLACES), 20):
            os.lseek(handle, place, os.SEEK_SET)
            with suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
                return
        raise PermissionError("nothing is left to share")
else:
    import fcntl

    def _grasp(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _join(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


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


def join(path: Path) -> int:
    """Share the lock at *path* with others until this program ends, or raise Taken while somebody is alone with it.

    The returned handle is inherited by what this program becomes or begins, and the lock with it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _join(handle)
    except (BlockingIOError, PermissionError):
        os.close(handle)
        raise Taken from None
    os.set_inheritable(handle, True)
    return handle
