"""A file on the disk that only the store's key opens: written whole or not at all, read anywhere without a plain copy.

The form: a line `doi178-box-1`, 16 bytes of salt, then pieces of 65,536 bytes, each closed with AES-256-GCM under a
key that is derived from the store's key and the salt. The number of a piece is in its nonce, and whether it is the
last one, so that pieces neither change places nor go missing at the end.
"""

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from schemas.ids import new_id
from sync.sealed import flush_folder

MAGIC = b"doi178-box-1\n"
SALT = 16
HEAD = len(MAGIC) + SALT
PIECE = 65_536
_CLOSED = PIECE + 16  # with its tag
PLAIN = b""  # the key of a store that its user wanted plain


class Broken(OSError):
    """The file was changed or cut, or another key closed it."""


def is_closed(path: Path) -> bool:
    """Say whether the file at *path* is one of these."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def write(path: Path, content: bytes, key: bytes) -> None:
    """Keep *content* at *path*, on the disk and for this user only; what was there stays until all of it is written."""
    aside = path.with_name(f"{path.name}.{new_id()}.tmp")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(close(content, key) if key else content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    flush_folder(path.parent)


def close(content: bytes, key: bytes) -> bytes:
    """Return *content* closed under *key*."""
    salt = os.urandom(SALT)
    pieces, lock = max(1, -(-len(content) // PIECE)), _lock(key, salt)
    closed = (
        lock.encrypt(_nonce(n, pieces), content[n * PIECE : (n + 1) * PIECE], None) for n in range(pieces)
    )
    return b"".join((MAGIC, salt, *closed))


def opened(closed: bytes, key: bytes) -> bytes:
    """Return what `close` closed, or raise Broken."""
    with io.BufferedReader(_Opened(io.BytesIO(closed), key), PIECE) as file:
        return file.read()


def read(path: Path, key: bytes) -> bytes:
    """Return what is in the file at *path*."""
    with open_file(path, key) as file:
        return file.read()


def open_file(path: Path, key: bytes) -> BinaryIO:
    """Open *path* to be read and sought as if it were plain. Broken, at the latest when read, if it is not whole.

    A file from before the store was encrypted is read as it is.
    """
    file = path.open("rb")
    try:
        if file.read(len(MAGIC)) != MAGIC:
            file.seek(0)
            return file
        if not key:
            raise Broken(f"{path.name} is closed and there is no key.")
        return io.BufferedReader(_Opened(file, key), PIECE)
    except BaseException:
        file.close()
        raise


class _Opened(io.RawIOBase):
    """The plain bytes of a closed file; one piece of them is in memory."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        whole = file.seek(0, os.SEEK_END)
        file.seek(len(MAGIC))
        self._file, self._lock = file, _lock(key, file.read(SALT))
        closed = whole - HEAD
        self._pieces = -(-closed // _CLOSED)
        self._size = closed - 16 * self._pieces
        self._at, self._number, self._piece = 0, -1, b""
        if self._pieces < 1 or self._size < 0:
            raise Broken("The file is cut.")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, PIECE)
        found = self._open(number)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(HEAD + number * _CLOSED)
            try:
                self._piece = self._lock.decrypt(_nonce(number, self._pieces), self._file.read(_CLOSED), None)
            except InvalidTag:
                raise Broken("The file was changed or cut.") from None
            self._number = number
        return self._piece

    def close(self) -> None:
        with suppress(AttributeError):
            self._file.close()
        super().close()


def _lock(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"doi178 box").derive(key))


def _nonce(number: int, pieces: int) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if number == pieces - 1 else b"\0")
