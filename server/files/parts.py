"""Uploads on their way: a file each, whose length is how far it is. Nothing is locked while bytes are waited for."""

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PARTS = "parts"

if sys.platform == "win32":
    _one = threading.Lock()  # there the server is one process

    @contextmanager
    def _alone(handle: int) -> Iterator[None]:
        with _one:
            yield
else:
    import fcntl

    @contextmanager
    def _alone(handle: int) -> Iterator[None]:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


class Moved(Exception):
    """Somebody else has written on meanwhile: what was to be added is not what comes next."""


def part_of(folder: Path, upload: str) -> Path:
    """Return where the bytes of *upload* lie while it is on its way."""
    return folder / PARTS / upload


def make(path: Path) -> None:
    """Make an empty part, so that it is there after a power cut too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    safe_folder(path.parent)


def length(path: Path) -> int:
    """Return how many bytes of a part are safe on the disk; FileNotFoundError when there is none."""
    with path.open("rb") as part:
        size = os.fstat(part.fileno()).st_size
        os.fsync(part.fileno())
    return size


def add(path: Path, offset: int, pieces: Iterable[bytes]) -> int:
    """Append *pieces* after *offset* bytes and return the new length, safe on the disk.

    Whatever ends the pieces early, those before it stay. A request that hung while the laptop
    came back with another may wake up: then the first to write goes on, the other is Moved.
    """
    with path.open("r+b") as part:
        try:
            for piece in pieces:
                with _alone(part.fileno()):
                    if part.seek(0, os.SEEK_END) != offset:
                        raise Moved
                    part.write(piece)
                    part.flush()
                offset += len(piece)
        finally:
            os.fsync(part.fileno())
    return offset


def put(part: Path, final: Path) -> None:
    """Move a whole part to its place, at once and for good."""
    final.parent.mkdir(parents=True, exist_ok=True)
    part.replace(final)
    for folder in (final.parent, final.parent.parent, part.parent):
        safe_folder(folder)


def safe_folder(folder: Path) -> None:
    """Make what stands in *folder* safe on the disk, where the system can do that."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
