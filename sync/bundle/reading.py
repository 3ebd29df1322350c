"""Reading a bundle: first whole, to see that it is whole, for us and signed; then piece by piece."""

import hashlib
import json
import os
import tarfile
import threading
from base64 import b64decode
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.bundle import keys
from sync.bundle.form import CUT, END, FORMAT, HEAD, MAGIC, NEWER, NO_BUNDLE, SIGNATURE, VERSION, Direction, Manifest
from sync.errors import BadBundle

MEMBER_LIMIT = 64_000_000  # of a piece that is held in memory
_HEADER_LIMIT = 16_384
_CHUNK = 1 << 20
Entry = tuple[str, int, IO[bytes]]


@dataclass(frozen=True)
class Checked:
    """A bundle that is whole, for us, and signed by whom it says."""

    head: dict[str, Any]
    end: dict[str, Any]


def marks_of(file: BinaryIO) -> frozenset[str]:
    """Return for which keys *file* is closed, as keys.mark writes them; BadBundle when it is no bundle."""
    file.seek(0)
    start = file.read(_HEADER_LIMIT)
    if not start.startswith(MAGIC):
        raise BadBundle(CUT if MAGIC.startswith(start) else NO_BUNDLE)
    header, found, _ = start.partition(b"\n--- ")
    if not found:
        raise BadBundle(CUT)
    lines = [line.split() for line in header.split(b"\n") if line.startswith(b"-> ssh-ed25519 ")]
    return frozenset(line[2].decode("ascii", "replace") for line in lines if len(line) > 2)


def check(
    file: BinaryIO, key: Ed25519PrivateKey, direction: Direction,
    signer: Callable[[dict[str, Any]], Ed25519PublicKey], *, forged: str,
) -> Checked:  # fmt: skip
    """Read *file* to its end and return what it says of itself, or raise BadBundle; nothing is done with it yet.

    *signer* is given the head and says who must have signed, or refuses the head. *forged* is what is
    said when somebody else did.
    """
    manifest, short = Manifest(), dict[str, bytes]()
    head: dict[str, Any] = {}
    by: Ed25519PublicKey | None = None
    with _unfolded(file, key) as entries:
        for name, size, stream in entries:
            if SIGNATURE in short or (by is None) is not (name == HEAD):
                raise BadBundle(NO_BUNDLE)
            if name in {HEAD, END, SIGNATURE}:
                short[name] = stream.read(_CHUNK)
            if name == HEAD:
                head = _head(short[HEAD], direction)
                by = signer(head)
            if name != SIGNATURE:
                manifest.note(name, size, _digest(stream, short.get(name, b"")))
    if by is None or short.keys() != {HEAD, END, SIGNATURE}:
        raise BadBundle(NO_BUNDLE)
    try:
        by.verify(b64decode(short[SIGNATURE], validate=True), manifest.text())
    except (InvalidSignature, ValueError):
        raise BadBundle(forged) from None
    return Checked(head, _object(short[END]))


def members(file: BinaryIO, key: Ed25519PrivateKey) -> Generator[tuple[str, bytes], None, None]:
    """Yield the pieces of a checked bundle in order: name and body. What is too long to hold is left out."""
    with _unfolded(file, key) as entries:
        for name, size, stream in entries:
            if name not in {HEAD, END, SIGNATURE} and size <= MEMBER_LIMIT:
                yield name, stream.read()


def _head(text: bytes, direction: Direction) -> dict[str, Any]:
    head = _object(text)
    if head.get("format") != FORMAT:
        raise BadBundle(NO_BUNDLE)
    if head.get("version") != VERSION:
        raise BadBundle(NEWER)
    if head.get("direction") != direction or not isinstance(head.get("device"), str):
        raise BadBundle(NO_BUNDLE)
    return head


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadBundle(NO_BUNDLE)
    return found


def _digest(stream: IO[bytes], before: bytes) -> str:
    """Read a member to its end and return its hash; *before* was read of it already."""
    digest = hashlib.sha256(before)
    while piece := stream.read(_CHUNK):
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _unfolded(file: BinaryIO, key: Ed25519PrivateKey) -> Iterator[Iterator[Entry]]:
    """Give name, size and stream of each member of *file*, in order."""
    with _opened(file, key) as plain:
        try:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                yield _entries(tar)
        except tarfile.TarError:
            raise BadBundle(NO_BUNDLE) from None
        while plain.read(_CHUNK):
            pass  # to the end: only there it shows that nothing is missing


def _entries(tar: tarfile.TarFile) -> Iterator[Entry]:
    for info in tar:
        stream = tar.extractfile(info) if info.isreg() else None
        if stream is None:
            raise BadBundle(NO_BUNDLE)
        yield info.name, info.size, stream


@contextmanager
def _opened(file: BinaryIO, key: Ed25519PrivateKey) -> Iterator[BinaryIO]:
    """Open the age file for reading, without ever writing its content to a disk.

    Age pushes and we pull: it runs in a thread of its own, with a pipe between. What it says of the
    file weighs more than what was made of the bytes before it said so.
    """
    near, far = os.pipe()
    wrong: list[BaseException] = []

    def loosen() -> None:
        try:
            with os.fdopen(far, "wb") as sink:
                pyrage.decrypt_io(file, sink, [keys.identity(key)])
        except BrokenPipeError:
            pass  # who reads has had enough
        except BaseException as error:
            wrong.append(error)

    file.seek(0)
    thread = threading.Thread(target=loosen, daemon=True)
    thread.start()
    try:
        with os.fdopen(near, "rb") as plain:
            yield plain
    except GeneratorExit:
        wrong.clear()
        raise
    finally:
        thread.join()
        if wrong:
            _translate(wrong[0])


def _translate(error: BaseException) -> None:
    """Raise what age said as one sentence; a disk that cannot be read stays what it is."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error
    if isinstance(error, pyrage.DecryptError | OSError):
        raise BadBundle(CUT) from None
    raise error
