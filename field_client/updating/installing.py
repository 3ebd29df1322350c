"""Putting a newer program beside the old one, and going back: which one starts is said by one small file.

The folder of the installation, as the start file sees it: current.txt names a version, previous.txt
the one before, programs/<version>/ holds each. The start file begins again after status AGAIN.
"""

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.items import SCHEMA
from schemas.parsing import parse
from sync.release import Release, order

AGAIN = 75  # the status with which the program asks its start file to start what current.txt names now
CURRENT, PREVIOUS, STARTED = "current.txt", "previous.txt", "started"


class NotNow(Exception):
    """It cannot be installed now; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Home:
    """The folder of an installation."""

    path: Path

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> "Home | None":
        """Return the folder from which the start file started this program; None where it was started otherwise."""
        given = environ.get("DOI178_HOME", "")
        return cls(Path(given)) if given and (Path(given) / CURRENT).exists() else None

    def program(self, version: str) -> Path:
        """Return the folder of one version."""
        return self.path / "programs" / version

    @property
    def current(self) -> str:
        """The version that starts."""
        return _read(self.path / CURRENT)

    @property
    def previous(self) -> str:
        """The version before it, where that is still here."""
        version = _read(self.path / PREVIOUS)
        return version if version and self.program(version).is_dir() else ""

    def note_started(self) -> None:
        """Note that the version that runs has come as far as showing its pages: it need not be taken back."""
        folder = self.program(self.current)
        if folder.is_dir():
            (folder / STARTED).touch()


def why_not(conn: sqlite3.Connection, release: Release) -> str:
    """Say why a release must not be installed now, in one sentence; empty when it may.

    What waits here must stay readable: a program that reads other versions of records would leave it lying.
    """
    if release.schema < SCHEMA:
        return "Bản này cũ hơn dữ liệu trên máy; chờ bản mới hơn."
    rows = conn.execute("SELECT line FROM own WHERE waiting = 1 AND length(line) > 0")
    unread = sum(parse(line)["schema"] < release.reads_from for (line,) in rows)
    if unread:
        return f"Còn {unread} hồ sơ chờ gửi mà bản mới không đọc được; bấm Gửi ngay, gửi xong rồi cài."
    return ""


def install(conn: sqlite3.Connection, home: Home, release: Release, archive: Path) -> None:
    """Unpack a release beside the others and let it start the next time; the one that runs now is kept.

    It is unpacked under another name first, so that a version's folder is whole wherever it stands.
    """
    wrong = why_not(conn, release)
    if wrong:
        raise NotNow(wrong)
    final = home.program(release.version)
    if not final.is_dir():
        _unpack(archive, final)
    before = home.current
    _write(home.path / PREVIOUS, before)
    _write(home.path / CURRENT, release.version)
    _keep_two(home, {before, release.version})


def back(home: Home) -> str:
    """Let the version before start the next time, and return it; NotNow where it is not here any more."""
    before, now = home.previous, home.current
    if not before or before == now:
        raise NotNow("Bản trước không còn trên máy này.")
    _write(home.path / PREVIOUS, now)
    _write(home.path / CURRENT, before)
    return before


def schema_of(folder: Path) -> int:
    """Return which version of the schemas a program in *folder* writes, 0 where it does not say."""
    try:
        return int(json.loads((folder / "release.json").read_text(encoding="utf-8"))["schema"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _unpack(archive: Path, final: Path) -> None:
    aside = final.with_name(f"{final.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            path = Path(packed.extract(info, aside))
            mode = info.external_attr >> 16 & 0o777
            if mode and not info.is_dir():
                path.chmod(mode)
    aside.replace(final)


def _keep_two(home: Home, wanted: set[str]) -> None:
    for folder in (home.path / "programs").iterdir():
        if folder.name not in wanted and order(folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _write(path: Path, version: str) -> None:
    aside = path.with_name(f"{path.name}.new")
    aside.write_text(version + "\n", encoding="utf-8")
    aside.replace(path)
