"""The start file: it starts what current.txt names, begins again when asked, takes back what never came up."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from field_client import packaging

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the start file of Linux")
START = Path(packaging.__file__).with_name("doi178.sh")


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "Đội 178 của xã"
    folder.mkdir()
    shutil.copy(START, folder / "doi178")
    return folder


def program(home, version, script):
    """Put a stand-in under a version: it writes down that it ran and does what *script* says."""
    folder = home / "programs" / version
    folder.mkdir(parents=True)
    file = folder / "doi178-field"
    file.write_text(f'#!/bin/sh\necho "{version} $*" >> "$DOI178_HOME/ran"\n{script}\n')
    file.chmod(0o755)


def start(home, *arguments):
    done = subprocess.run(["sh", str(home / "doi178"), *arguments], check=False, timeout=30)
    return done.returncode, (home / "ran").read_text().splitlines()


def names(home, current, previous=""):
    (home / "current.txt").write_text(current + "\n")
    if previous:
        (home / "previous.txt").write_text(previous + "\n")


def test_it_starts_the_version_that_is_named(home):
    program(home, "0.1.0", "exit 0")
    names(home, "0.1.0")

    assert start(home, "--port", "0") == (0, ["0.1.0 run --port 0"])


def test_it_begins_again_with_what_is_named_by_then_and_opens_no_second_window(home):
    program(home, "0.1.0", 'echo 0.2.0 > "$DOI178_HOME/current.txt"\nexit 75')
    program(home, "0.2.0", "exit 0")
    names(home, "0.1.0")

    assert start(home) == (0, ["0.1.0 run", "0.2.0 run --no-browser"])


def test_a_version_that_never_came_up_is_taken_back(home):
    program(home, "0.1.0", "exit 0")
    program(home, "0.2.0", "exit 1")
    names(home, "0.2.0", "0.1.0")

    assert start(home) == (0, ["0.2.0 run", "0.1.0 run"])
    assert (home / "current.txt").read_text() == "0.1.0\n"


def test_a_version_that_has_come_up_before_is_not(home):
    program(home, "0.1.0", "exit 0")
    program(home, "0.2.0", "exit 3")
    (home / "programs" / "0.2.0" / "started").touch()
    names(home, "0.2.0", "0.1.0")

    assert start(home) == (3, ["0.2.0 run"])


def test_the_only_version_that_fails_ends_with_its_status(home):
    program(home, "0.1.0", "exit 1")
    names(home, "0.1.0")

    assert start(home) == (1, ["0.1.0 run"])
