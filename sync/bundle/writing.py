"""Writing a bundle: a tar stream of members, signed, closed in the age format, cut into parts."""

import hashlib
import json
import os
import tarfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.bundle import keys
from sync.bundle.form import END, FORMAT, HEAD, SIGNATURE, VERSION, Manifest
from sync.errors import BadBundle

PART_LIMIT = 2 * 1024**3  # what every file system on a stick takes
_BLOCK = 512  # of tar
Opener = Callable[[int], AbstractContextManager[BinaryIO]]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Member:
    """One piece of the conversation. *mark* is for whoever made it, and is not written."""

    name: str
    body: bytes
    mark: Any = None


@dataclass(frozen=True)
class Closing:
    """For whom a bundle is closed, and who signs it."""

    reader: Ed25519PublicKey
    signer: Ed25519PrivateKey


class _Ahead(Generic[Kind]):
    """An iterator that shows its next piece before it is taken."""

    def __init__(self, pieces: Iterable[Kind]) -> None:
        self._rest = iter(pieces)
        self.next = next(self._rest, None)

    def take(self) -> Kind:
        piece = self.next
        assert piece is not None, "nothing is taken past the end"
        self.next = next(self._rest, None)
        return piece


def write_parts(
    open_part: Opener, closing: Closing, head: dict[str, Any], pieces: Iterable[Member],
    end: Callable[[list[Any]], dict[str, Any]], *, limit: int = PART_LIMIT,
) -> int:  # fmt: skip
    """Write *pieces* in order into as many parts as they need, at least one, and return how many.

    Each part is a bundle of its own under the same *head* and at most *limit* bytes long, if no
    single piece is longer. *end* is given the marks of a part's pieces and returns what closes it.
    Nothing but one piece is held in memory.
    """
    rest, number = _Ahead(pieces), 1
    while True:
        said = {"format": FORMAT, "version": VERSION, **head, "part": number}
        with open_part(number) as sink:
            _close_in(sink, _part(closing.signer, said, rest, end, limit), closing.reader)
        if rest.next is None:
            return number
        number += 1


def _part(
    signer: Ed25519PrivateKey, head: dict[str, Any], rest: _Ahead[Member],
    end: Callable[[list[Any]], dict[str, Any]], limit: int,
) -> Iterator[bytes]:  # fmt: skip
    """Yield the tar of one part, taking from *rest* what fits."""
    manifest = Manifest()
    marks: list[Any] = []
    room = limit - 16 * _BLOCK - limit // 4096  # the end, the closing blocks; what age adds to every 65,536 bytes
    first = _entry(HEAD, _json(head), manifest)
    yield first
    size = len(first)
    while rest.next is not None and (not marks or size + len(rest.next.body) + 2 * _BLOCK <= room):
        piece = rest.take()
        packed = _entry(piece.name, piece.body, manifest)
        size += len(packed)
        marks.append(piece.mark)
        yield packed
    yield _entry(END, _json({**end(marks), "more": rest.next is not None}), manifest)
    yield _entry(SIGNATURE, b64encode(signer.sign(manifest.text())), Manifest())
    yield bytes(2 * _BLOCK)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _entry(name: str, body: bytes, manifest: Manifest) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(body), 0o600
    manifest.note(name, len(body), hashlib.sha256(body).hexdigest())
    return info.tobuf(tarfile.USTAR_FORMAT) + body + bytes(-len(body) % _BLOCK)


class _Wrapped:
    """A file for age, which hides what went wrong in it: kept here, to be raised as it was."""

    def __init__(self, sink: BinaryIO, pieces: Iterator[bytes]) -> None:
        self.sink, self.pieces, self.rest = sink, pieces, memoryview(b"")
        self.wrong: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes of the stream; none at its end."""
        try:
            while not self.rest:
                self.rest = memoryview(next(self.pieces))
        except StopIteration:
            return b""
        except BaseException as error:
            self.wrong = error
            raise
        given, self.rest = self.rest[:size], self.rest[size:]
        return bytes(given)

    def write(self, text: bytes) -> int:
        """Pass closed bytes on."""
        try:
            return self.sink.write(text)
        except BaseException as error:
            self.wrong = error
            raise

    def flush(self) -> None:
        """Nothing waits here."""


def _close_in(sink: BinaryIO, pieces: Iterator[bytes], reader: Ed25519PublicKey) -> None:
    wrapped = _Wrapped(sink, pieces)
    try:
        pyrage.encrypt_io(wrapped, wrapped, [keys.recipient(reader)])
    except pyrage.EncryptError:
        if wrapped.wrong is None:
            raise
    if wrapped.wrong is not None:
        raise wrapped.wrong


@contextmanager
def new_files(path: Path) -> Iterator[Opener]:
    """Let parts be written to *path*, path.2, path.3 …, which get their names when all are whole and on the disk.

    A file that is there already is never written over: BadBundle.
    """
    made: list[tuple[Path, Path]] = []

    @contextmanager
    def open_part(number: int) -> Iterator[BinaryIO]:
        final = part_name(path, number)
        _refuse_existing(final)
        unfinished = final.with_name(f".{final.name}.new")
        made.append((unfinished, final))
        with _opened(unfinished) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    _refuse_existing(path)
    if not path.parent.is_dir():
        raise BadBundle(f"Không có thư mục {path.parent}; cắm USB hoặc chọn nơi khác rồi làm lại.")
    try:
        yield open_part
        for unfinished, final in made:
            _refuse_existing(final)
            unfinished.rename(final)
    finally:
        for unfinished, _ in made:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)


def part_name(path: Path, number: int) -> Path:
    """Return where part *number* of the bundle at *path* is written."""
    return path if number == 1 else path.with_name(f"{path.name}.{number}")


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise BadBundle(f"Đã có tệp {path}; chọn tên khác rồi làm lại.")


def _opened(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb")
