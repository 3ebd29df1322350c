"""Many files in one that only a passphrase opens: a backup. Streamed both ways, so memory stays flat at any size.

The form, so that anybody can open it with public tools: a line `doi178-sealed-1`, a line with
the length of the first part, then two age files one behind the other. The first opens with the
passphrase and holds an age identity; the second opens with that identity and is a tar archive,
whose last member, `manifest.json`, names the size and SHA-256 of every other. A laptop locks the
first part with its own data key instead, which needs no passphrase at hand (`Closing`).
"""

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

import pyrage

from sync.age_lock import lock, tidy
from sync.locks import Taken, alone

MAGIC = b"doi178-sealed-1\n"
MANIFEST = "manifest.json"
PIECE = 1 << 20
SHORTEST = 8
Member = tuple[str, Path]


class NotSealed(Exception):
    """The file could not be written or opened; the text says in one sentence what to do."""


def passphrase_from(file: Path | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the passphrase in *file*, or in DOI178_PASSPHRASE; empty where there is neither."""
    if file is None:
        return environ.get("DOI178_PASSPHRASE", "")
    try:
        found = tidy(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise NotSealed(f"Không đọc được mật khẩu trong tệp {file}.") from None
    if not found:
        raise NotSealed(f"Tệp mật khẩu {file} trống; ghi mật khẩu vào đó.")
    return found


@dataclass(frozen=True)
class Closing:
    """How the first part is locked, and opened again; NotSealed where it is not to be opened so."""

    lock: Callable[[bytes], bytes]
    unlock: Callable[[bytes], bytes]


def by_passphrase(passphrase: str) -> Closing:
    """Lock with a passphrase, as an age file."""

    def unlock(locked: bytes) -> bytes:
        try:
            return bytes(pyrage.passphrase.decrypt(locked, tidy(passphrase)))
        except pyrage.DecryptError:
            raise NotSealed("Mật khẩu không đúng với bản lưu này; nhập lại.") from None

    return Closing(lambda secret: lock(secret, passphrase), unlock)


def write(path: Path, passphrase: str, members: Iterable[Member], about: dict[str, Any]) -> None:
    """Seal *members* by a passphrase; see `write_closed`."""
    if len(tidy(passphrase)) < SHORTEST:
        raise NotSealed(f"Mật khẩu của bản lưu cần ít nhất {SHORTEST} ký tự; chọn mật khẩu dài hơn.")
    write_closed(path, by_passphrase(passphrase), members, about)


def write_closed(path: Path, closing: Closing, members: Iterable[Member], about: dict[str, Any]) -> None:
    """Seal *members* (name and file) into the new file *path*, whole or not at all, and read it back.

    It stands under its name only once it is on the disk and every byte of it was opened
    again. A member that is gone when its turn comes is left out.
    """
    if path.exists():
        raise NotSealed(f"Đã có tệp {path}; chọn tên khác, bản lưu không ghi đè tệp nào.")
    part = path.with_name(path.name + ".part")
    try:
        with alone(part):
            try:
                _write(part, closing, members, about)
                check_closed(part, closing)
                _put_in_place(part, path)
            finally:
                part.unlink(missing_ok=True)
    except Taken:
        raise NotSealed(f"Một bản lưu khác đang ghi vào {path}; chờ xong rồi chạy lại.") from None


def _write(part: Path, closing: Closing, members: Iterable[Member], about: dict[str, Any]) -> None:
    identity = pyrage.x25519.Identity.generate()
    locked = closing.lock(str(identity).encode())
    with part.open("r+b") as file:
        file.truncate(0)
        file.write(MAGIC + f"{len(locked)}\n".encode() + locked)
        source, sink = _Pieces(_tar(members, about)), _Sink(file)
        try:
            pyrage.encrypt_io(source, sink, [identity.to_public()])
        except pyrage.EncryptError:  # it hides what the disk said
            raise (source.failure or sink.failure or NotSealed("Không ghi được bản lưu; chạy lại.")) from None
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # so that what is read back comes from the disk, where the system does so
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _put_in_place(part: Path, path: Path) -> None:
    """Give *part* its name, never over another file: a link where the disk knows them, else a rename."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise NotSealed(f"Đã có tệp {path}; chọn tên khác, bản lưu không ghi đè tệp nào.") from None
    except OSError:
        part.rename(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """See that the names in *folder* are on the disk, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _tar(members: Iterable[Member], about: dict[str, Any]) -> Iterator[bytes]:
    known: dict[str, list[Any]] = {}
    for name, path in members:
        try:
            file = path.open("rb")
        except FileNotFoundError:  # removed since it was listed
            continue
        with file:
            size = os.fstat(file.fileno()).st_size
            yield _head(name, size)
            digest, left = hashlib.sha256(), size
            while left:
                piece = file.read(min(PIECE, left))
                if not piece:
                    raise NotSealed(f"Tệp {path} bị thay đổi trong khi lưu; chạy lại.")
                digest.update(piece)
                left -= len(piece)
                yield piece
        yield b"\0" * (-size % 512)
        known[name] = [size, digest.hexdigest()]
    text = json.dumps({"about": about, "files": known}, ensure_ascii=False, sort_keys=True).encode()
    yield _head(MANIFEST, len(text)) + text + b"\0" * (-len(text) % 512 + 1024)


def _head(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


class _Pieces(io.RawIOBase):
    """What is read from it are the pieces, one behind the other; it remembers why there are no more."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest, self.failure = pieces, b"", None  # type: tuple[Iterator[bytes], bytes, Any]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self.rest:
                self.rest = next(self.pieces)
        except StopIteration:
            return 0
        except Exception as error:
            self.failure = error
            raise
        length = min(len(buffer), len(self.rest))
        buffer[:length], self.rest = self.rest[:length], self.rest[length:]
        return length


class _Sink:
    """Writes on, and remembers what the disk said."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.failure = file, None  # type: tuple[IO[bytes], Any]

    def write(self, piece: bytes) -> int:
        try:
            return self.file.write(piece)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self.file.flush()


def check(path: Path, passphrase: str) -> dict[str, Any]:
    """Open every byte of *path*, keep none of it, and return what it says about itself, or raise NotSealed."""
    return check_closed(path, by_passphrase(passphrase))


def check_closed(path: Path, closing: Closing) -> dict[str, Any]:
    """Do as `check`, however the first part is locked."""
    return _read(path, closing, lambda name, source: _hashed(source, None))


def unpack(path: Path, passphrase: str, folder: Path) -> dict[str, Any]:
    """Put the files of *path* below *folder*, on the disk and checked; return what it says about itself."""
    return unpack_closed(path, by_passphrase(passphrase), folder)


def unpack_closed(path: Path, closing: Closing, folder: Path) -> dict[str, Any]:
    """Do as `unpack`, however the first part is locked."""

    def keep(name: str, source: IO[bytes]) -> tuple[int, str]:
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            found = _hashed(source, file)
            file.flush()
            os.fsync(file.fileno())
        return found

    return _read(path, closing, keep)


def _read(path: Path, closing: Closing, keep: Callable[[str, IO[bytes]], tuple[int, str]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    manifest: dict[str, Any] = {}
    with _opened(path, closing) as archive:
        for info in archive:
            source = archive.extractfile(info)
            if source is None or not _is_below(info.name):
                raise NotSealed(f"Tệp {path} không phải bản lưu của chương trình này.")
            if info.name == MANIFEST:
                manifest = json.loads(source.read())
            else:
                found[info.name] = list(keep(info.name, source))
    if not manifest or manifest["files"] != found:
        raise _cut(path)
    return dict(manifest["about"])


def _is_below(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name and ":" not in name


def _hashed(source: IO[bytes], sink: IO[bytes] | None) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if sink is not None:
            sink.write(piece)
    return size, digest.hexdigest()


@contextmanager
def _opened(path: Path, closing: Closing) -> Iterator[tarfile.TarFile]:
    """Open the archive in *path*: a thread undoes the encryption, a pipe carries what comes out of it."""
    with path.open("rb") as file:
        identity = _unlock(path, file, closing)
        near, far = os.pipe()
        failures: list[BaseException] = []
        thread = threading.Thread(target=_pour, args=(file, far, identity, failures), daemon=True)
        thread.start()
        try:
            with os.fdopen(near, "rb") as source:
                with tarfile.open(fileobj=source, mode="r|") as archive:
                    yield archive
                while source.read(PIECE):  # to the last byte, for the last one proves the others
                    pass
        except (tarfile.TarError, EOFError):
            raise _cut(path) from None
        finally:
            thread.join()
        if failures:
            raise _cut(path)


def _pour(file: BinaryIO, far: int, identity: pyrage.x25519.Identity, failures: list[BaseException]) -> None:
    try:
        with os.fdopen(far, "wb") as sink:
            pyrage.decrypt_io(file, sink, [identity])
    except (OSError, pyrage.DecryptError) as error:
        failures.append(error)


def first_part(path: Path) -> bytes:
    """Return the locked first part of *path*, or raise NotSealed: it says how the file is opened."""
    with path.open("rb") as file:
        return _first(path, file)


def _first(path: Path, file: BinaryIO) -> bytes:
    if file.read(len(MAGIC)) != MAGIC:
        raise NotSealed(f"Tệp {path} không phải bản lưu của chương trình này.")
    try:
        length = int(file.readline(12))
    except ValueError:
        raise _cut(path) from None
    locked = file.read(length)
    if len(locked) < length:
        raise _cut(path)
    return locked


def _unlock(path: Path, file: BinaryIO, closing: Closing) -> pyrage.x25519.Identity:
    locked = _first(path, file)
    try:
        return pyrage.x25519.Identity.from_str(closing.unlock(locked).decode())
    except (ValueError, pyrage.IdentityError):
        raise _cut(path) from None


def _cut(path: Path) -> NotSealed:
    return NotSealed(f"Tệp {path} bị cắt hoặc bị hỏng; dùng bản lưu khác.")
