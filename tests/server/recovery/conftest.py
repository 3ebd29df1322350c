"""A server with a laptop's visits, a passphrase, and commands as processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.recovery.backup import backup
from server.recovery.restore import restore
from tests.conftest import AT

PASSPHRASE = "mật khẩu của bản lưu"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The work of one guess is for the disk that is stolen; here it only takes time."""
    monkeypatch.setattr("sync.age_lock.WORK", 10)
    monkeypatch.delenv("DOI178_BACKUP_DIR", raising=False)


@pytest.fixture
def usb(tmp_path):
    """A folder that stands for another disk."""
    (tmp_path / "usb").mkdir()
    return tmp_path / "usb"


@pytest.fixture
def saved(central, usb):
    """Return a function that saves the server as it is now, and one that brings it back as another."""

    def save(name="a.backup"):
        return backup(central.db, central.settings, usb / name, PASSPHRASE, AT)

    return save


@pytest.fixture
def brought_back(usb, tmp_path):
    """Return a function that restores a backup into a bare folder."""

    def bring(name="a.backup", into="bare", **how):
        return restore(usb / name, PASSPHRASE, tmp_path / into, AT, **how)

    return bring


def command(*arguments: str, limit: int | None = None, fails: bool = False) -> str:
    """Run a command of the server as a process; *limit* is the longest file it may write."""
    import resource

    def small() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", "from server.cli import main; main()", *arguments], capture_output=True, text=True,
        check=False, preexec_fn=small, env=os.environ | {"DOI178_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    assert bool(done.returncode) is fails, done.stderr
    if fails:
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr if fails else done.stdout


def starts(*arguments: str) -> subprocess.Popen:
    """Begin a command and do not wait."""
    return subprocess.Popen(
        [sys.executable, "-c", "from server.cli import main; main()", *arguments], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=os.environ | {"DOI178_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip


def names(folder: Path) -> list[str]:
    """Name what is in a folder."""
    return sorted(path.name for path in folder.iterdir())
