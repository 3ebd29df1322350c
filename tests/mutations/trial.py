"""A mutant on trial: in a copy of the checkout, never in the checkout itself."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutations.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("schemas", "sync", "field_client", "server", "tests", "docs", "setup.cfg", "pyproject.toml")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: the tests that did not notice, and the first seed that did."""

    name: str
    unnoticed_by: tuple[str, ...] = ()
    seed: int | None = None
    seconds: float = 0.0
    said: str = field(default="", repr=False)

    def row(self, mutant: Mutant) -> dict[str, object]:
        """Return the verdict as a line of the table."""
        return {
            "mutant": mutant.name, "breaks": mutant.breaks, "caught": self.caught(mutant), "tests": len(mutant.tests),
            "unnoticed_by": list(self.unnoticed_by), "seed": self.seed, "seconds": round(self.seconds, 1),
        }  # fmt: skip

    def caught(self, mutant: Mutant) -> bool:
        """Say whether every named test noticed, and a seed wherever one can."""
        return not self.unnoticed_by and (self.seed is not None or not mutant.seeds)


def copy_to(folder: Path) -> Path:
    """Copy the checkout below *folder*, and make sure that what runs there is the copy."""
    copy = folder / "checkout"
    skip = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=skip)
        elif source.exists():
            copy.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)
    where = _run(copy, "-c", "import server, sync, field_client, schemas; print(server.__file__)").stdout
    if not Path(where.strip()).is_relative_to(copy):
        raise RuntimeError(f"The copy does not run itself, but {where.strip()}.")
    return copy


def _run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # A mutant and its original may have one length and one second: no compiled file is kept of either.
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *arguments], cwd=copy, env=environ, capture_output=True, text=True,
                          check=False)  # fmt: skip


def failing(copy: Path, tests: Iterable[str]) -> tuple[set[str], str]:
    """Run *tests* in the copy and return those that fail, in whole or in a part, and what was said."""
    tests = tuple(dict.fromkeys(tests))
    done = _run(copy, "-m", "pytest", "-q", "--tb=line", "-rfE", "-p", "no:cacheprovider", *tests)
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"pytest could not run {tests}:\n{done.stdout}{done.stderr}")
    found = re.findall(r"^(?:FAILED|ERROR) (\S+?)(?:\[.*?)?(?: - .*)?$", done.stdout, re.MULTILINE)
    return {test for test in tests if test in found}, done.stdout + done.stderr


def first_seed(copy: Path, seeds: int) -> tuple[int | None, str]:
    """Run schedules in the copy until one breaks, and return its seed, None when none of *seeds* does."""
    done = _run(copy, "-m", "tests.simulator.soak", "--seeds", str(seeds), "--jobs", "1", "--until-broken")
    if done.returncode == 0:
        return None, done.stdout
    found = re.search(r"^seed (\d+):", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"The simulator could not run:\n{done.stdout}{done.stderr}")
    return int(found[1]), done.stdout


def try_mutant(mutant: Mutant, folder: Path) -> Verdict:
    """Break the copy as *mutant* says, and return who noticed."""
    began = time.monotonic()
    copy = copy_to(folder / mutant.name)
    for edit in mutant.edits:
        edit.apply(copy)
    noticed, said = failing(copy, mutant.tests)
    seed, told = first_seed(copy, mutant.seeds) if mutant.seeds else (None, "")
    shutil.rmtree(copy)
    missed = tuple(test for test in mutant.tests if test not in noticed)
    return Verdict(mutant.name, missed, seed, time.monotonic() - began, said + told)


def try_none(mutants: Iterable[Mutant], folder: Path) -> Verdict:
    """Run everything that is named on an unbroken copy: all of it must pass."""
    mutants, began = list(mutants), time.monotonic()
    copy = copy_to(folder / "unbroken")
    fail, said = failing(copy, (test for mutant in mutants for test in mutant.tests))
    seed, told = first_seed(copy, max((mutant.seeds for mutant in mutants), default=0) or 1)
    shutil.rmtree(copy)
    return Verdict("none", tuple(sorted(fail)), seed, time.monotonic() - began, said + told)


def line(row: dict[str, object]) -> str:
    """Write a row of the table."""
    return json.dumps(row, ensure_ascii=False)
