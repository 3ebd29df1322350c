"""Which releases of the laptops' program the server holds: files under their hash, and a list beside them."""

import hashlib
import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from schemas.ids import new_id
from sync.release import INSIDE, MOST_BYTES, Release, read

LIST = "releases.json"
_CHUNK = 1 << 20


class BadRelease(Exception):
    """The file is no release that could be handed out; the message says what to do. Nothing was kept."""


def add(folder: Path, file: Path) -> Release:
    """Keep the release at *file*; the same file twice is one. The list names it only once its bytes are safe."""
    release = _inside(file)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    final = folder / release.sha256
    if not final.exists():
        _copy(file, final)
    others = [one for one in all_of(folder) if (one.version, one.platform) != (release.version, release.platform)]
    _write(folder / LIST, [asdict(one) for one in (*others, release)])
    return release


def all_of(folder: Path) -> list[Release]:
    """Return the releases in *folder*, the newest of a platform first."""
    try:
        said = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    found = [release for one in said if (release := read(one)) and (folder / release.sha256).exists()]
    return sorted(found, key=lambda release: (release.platform, release.order), reverse=True)


def newest(folder: Path, platform: str) -> Release | None:
    """Return the newest release for *platform*, None when there is none."""
    return next((release for release in all_of(folder) if release.platform == platform), None)


def piece(folder: Path, release: Release, number: int, size: int) -> bytes:
    """Return the piece *number* of a release, counted from nought."""
    with (folder / release.sha256).open("rb") as file:
        file.seek(number * size)
        return file.read(size)


def _inside(file: Path) -> Release:
    """Return what an archive says of itself, with its hash and size."""
    try:
        size, digest = _hash(file)
        with zipfile.ZipFile(file) as archive:
            said: dict[str, Any] = json.loads(archive.read(INSIDE))
    except OSError as error:
        raise BadRelease(f"Không đọc được tệp {file}: {error.strerror}; kiểm tra lại đường dẫn.") from None
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise BadRelease("Tệp này không phải bản cài của máy đội; dùng tệp .zip do make package tạo ra.") from None
    release = read({**said, "size": size, "sha256": digest}) if isinstance(said, dict) else None
    if release is None:
        raise BadRelease("Bản cài không ghi đủ phiên bản và loại máy; tạo lại bằng make package.")
    return release


def _hash(file: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise BadRelease(f"Bản cài lớn quá {MOST_BYTES // 1_000_000} MB; kiểm tra lại tệp.")
    return size, digest.hexdigest()


def _copy(file: Path, final: Path) -> None:
    aside = final.with_name(f"{new_id()}.tmp")
    try:
        with file.open("rb") as source, aside.open("xb") as sink:
            while chunk := source.read(_CHUNK):
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        aside.replace(final)
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, releases: list[dict[str, Any]]) -> None:
    aside = path.with_name(f"{new_id()}.tmp")
    aside.write_text(json.dumps(releases, indent=1), encoding="utf-8")
    aside.replace(path)
