"""What a mutant is: a promise of ours broken on purpose, and the tests that must notice."""

from dataclasses import dataclass
from pathlib import Path


class Stale(Exception):
    """The source is no longer what a mutant says it is: bring the mutant up to date."""


@dataclass(frozen=True)
class Edit:
    """One change to a source file: *old* stands in it exactly once."""

    file: str
    old: str
    new: str

    def apply(self, root: Path) -> None:
        """Make the change below *root*, or raise Stale."""
        path = root / self.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        found = text.count(self.old)
        if found != 1:
            raise Stale(f"{self.file} holds {found} times, not once: {self.old!r}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Mutant:
    """One way to break a promise.

    Every one of *tests* (pytest's names) must fail under it, and one of the first *seeds*
    schedules of the simulator; 0 where a second guard stands behind, so that no schedule can tell.
    """

    name: str
    breaks: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    seeds: int = 40
