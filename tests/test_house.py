"""The checkout itself: what lies in it, what is pinned, and what its text may not name."""

import os
import re
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")

TOP_LEVEL = {
    *("server", "field_client", "schemas", "sync", "tests", "benchmarks", "docs", ".ci"),
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "NOTICE"),
    *("setup.cfg", "pyproject.toml", "Makefile", *LOCKS),
    *(".gitignore", ".gitattributes", ".editorconfig"),
}
LEFT_BEHIND = re.compile(
    r"\.git|\.venv|__pycache__|\..*_cache|.*\.egg-info|build|dist|htmlcov|\.coverage.*|\.hypothesis"
)

# Written so that this file does not name them either.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|farm|root)/|(?<![\w.])/tmp/[a-z]"
    r"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian"
    r"|--(?:extra-)?index[-]url|--find[-]links|--trusted[-]host"
)


def files() -> list[Path]:
    """List what is, or would be, committed; without git, everything but what the tools leave behind."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if listed.returncode == 0:
            names = listed.stdout.decode().split("\0")
            return [path for name in names if (path := ROOT / name).is_file()]
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not LEFT_BEHIND.fullmatch(name)]
        found += [Path(folder, name) for name in names if not LEFT_BEHIND.fullmatch(name)]
    return found


def texts() -> dict[str, str]:
    """Read every file that is text, under its name in the checkout."""
    read = {}
    for path in files():
        try:
            read[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return read


def setup_cfg() -> ConfigParser:
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def requirements() -> list[str]:
    """Name every requirement of setup.cfg, with its pin: those of the program, its build and its tests."""
    config = setup_cfg()
    lists = [config["options"]["install_requires"], *config["options.extras_require"].values()]
    return [line.split(";")[0].strip().lower() for lines in lists for line in lines.splitlines() if line]


def locked(name: str) -> dict[str, list[str]]:
    """Read a lock: its hashes under each `name==version`."""
    text = (ROOT / name).read_text(encoding="utf-8")
    held: dict[str, list[str]] = {}
    for line in text.splitlines():
        if pin := re.match(r"[\w.-]+==[\w.]+", line):
            hashes = held.setdefault(pin[0], [])
        elif digest := re.match(r" +--hash=sha256:([0-9a-f]{64})\b", line):
            hashes.append(digest[1])
        else:
            assert not line.strip() or line.lstrip().startswith("#"), f"neither pin nor hash: {line}"
    return held


def test_the_top_level_holds_what_was_agreed_and_nothing_else():
    assert {path.relative_to(ROOT).parts[0] for path in files()} <= TOP_LEVEL


def test_no_text_names_the_machine_it_was_written_on():
    lines = ((name, n, line) for name, text in texts().items() for n, line in enumerate(text.splitlines(), 1))

    assert [f"{name}:{n}: {line.strip()}" for name, n, line in lines if OF_ONE_MACHINE.search(line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes(name):
    pins = locked(name)

    assert pins
    assert [pin for pin, hashes in pins.items() if not hashes] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host(name):
    assert not re.search(r"https?://|--index|-url\b|-links\b", (ROOT / name).read_text(encoding="utf-8"))


def test_the_locks_hold_what_setup_cfg_asks_for():
    for_the_program, for_the_tests = (set(locked(name)) for name in LOCKS)

    assert set(requirements()) <= for_the_tests
    assert for_the_program <= for_the_tests


@pytest.mark.parametrize("requirement", requirements())
def test_every_requirement_is_pinned_and_its_page_says_why(requirement):
    name, pin = requirement.split("==")
    rows = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()

    assert f"| {name} | {pin} |" in rows


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_shows_how_to_begin(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")
