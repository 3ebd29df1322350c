"""The bytes of a newer program: piece by piece, in any order, by line or from a stick, whole or not at all."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from field_client.updating.offers import OFFERED_AT
from schemas.ids import new_id
from sync.errors import BadReply
from sync.http import HttpLine
from sync.release import PIECE, Release


def archive_of(folder: Path, release: Release) -> Path:
    """Return where the whole archive of a release lies."""
    return folder / f"{release.sha256}.zip"


def is_here(folder: Path, release: Release) -> bool:
    """Say whether the archive is here, whole."""
    return archive_of(folder, release).exists()


def here(folder: Path, release: Release) -> int:
    """Return how many bytes of a release are here."""
    if is_here(folder, release):
        return release.size
    pieces = folder / release.sha256
    return sum(one.stat().st_size for one in pieces.iterdir() if one.name.isdecimal()) if pieces.is_dir() else 0


def put(folder: Path, release: Release, number: int, piece: bytes) -> None:
    """Keep one piece; with the last one that was missing the archive is put together and its hash checked."""
    last = number == release.pieces - 1
    if number >= release.pieces or len(piece) != (release.size - number * PIECE if last else PIECE):
        raise BadReply("A piece of the program is not as long as it should be.")
    if is_here(folder, release):
        return
    pieces = folder / release.sha256
    pieces.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = pieces / f"{new_id()}.tmp"
    aside.write_bytes(piece)
    aside.replace(pieces / str(number))
    if here(folder, release) == release.size:
        _join(folder, release)


def fetch(folder: Path, release: Release, line: HttpLine, told: Callable[[int], None] = lambda done: None) -> None:
    """Fetch the pieces that are missing, and tell after each how many bytes are here; after a LineError it goes on."""
    for number in range(release.pieces):
        if is_here(folder, release):
            break
        if not (folder / release.sha256 / str(number)).exists():
            answer = line.ask("GET", f"{OFFERED_AT}/{release.sha256}", params={"piece": str(number)})
            put(folder, release, number, answer.content)
            told(here(folder, release))


def forget_others(folder: Path, release: Release | None) -> None:
    """Remove what is left of other releases."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if release is None or not path.name.startswith(release.sha256):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _join(folder: Path, release: Release) -> None:
    digest, pieces = hashlib.sha256(), folder / release.sha256
    aside = folder / f"{release.sha256}.joining"
    with aside.open("wb") as sink:
        for number in range(release.pieces):
            piece = (pieces / str(number)).read_bytes()
            digest.update(piece)
            sink.write(piece)
        sink.flush()
        os.fsync(sink.fileno())
    shutil.rmtree(pieces)
    if digest.hexdigest() != release.sha256:
        aside.unlink()
        raise BadReply("The program's bytes are not those that were signed.")
    aside.replace(archive_of(folder, release))
