"""`python -m benchmarks [--size S|M|L] [--only FIGURE…]`: JSON lines on stdout, how it goes on stderr."""

import argparse
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from benchmarks import (
    coverage,
    day,
    documents,
    first,
    fleet,
    importing,
    laptop_pages,
    law,
    office,
    office_histories,
    pages,
    photo,
    planning,
    register,
    returns,
    starting,
    steady,
    syncing,
)
from benchmarks.ends import Workshop
from benchmarks.figure import Figure, tell, timed
from benchmarks.sizes import SIZES, USUAL, Size


@dataclass(frozen=True)
class Family:
    """Figures that come out of one run."""

    figures: tuple[str, ...]
    measure: Callable[[Size, Workshop], Iterator[Figure]]


MODULES = (
    syncing,
    day,
    documents,
    first,
    fleet,
    steady,
    photo,
    coverage,
    planning,
    returns,
    register,
    pages,
    office_histories,
    office,
    laptop_pages,
    starting,
    importing,
    law,
)
FAMILIES = tuple(Family(module.FIGURES, module.measure) for module in MODULES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; return 1 when something could not be measured."""
    asked = _read(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the processes begun here end too
    failed = False
    with tempfile.TemporaryDirectory(prefix="doi178-bench-") as folder:
        workshop = Workshop(Path(folder), frozenset(asked.only))
        for size in [SIZES[name] for name in ([asked.size] if asked.size else USUAL)]:
            for family in FAMILIES:
                if any(_wanted(name, asked.only) for name in family.figures):
                    failed |= not _run(family, size, workshop, asked.only)
    return int(failed)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = [name for family in FAMILIES for name in family.figures]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=tuple(SIZES), help=f"one size; without it {' and '.join(USUAL)}")
    parser.add_argument("--only", nargs="+", default=[], metavar="FIGURE", help="* stands for anything")
    parser.epilog = f"Figures: {' '.join(names)}."
    asked = parser.parse_args(arguments)
    for pattern in asked.only:
        if not any(fnmatch(name, pattern) for name in names):
            parser.error(f"there is no figure {pattern}; there are: {' '.join(names)}")
    return asked


def _wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(fnmatch(name, pattern) for pattern in only)


def _run(family: Family, size: Size, workshop: Workshop, only: Sequence[str]) -> bool:
    """Print the figures of a family as they come; a family that falls over does not stop the others."""
    tell(f"{size.name}: {' '.join(family.figures)}")
    try:
        with timed() as clock:
            for figure in family.measure(size, workshop):
                if _wanted(figure.figure, only):
                    print(figure.line(), flush=True)
    except Exception:
        tell(f"{size.name}: could not measure {' '.join(family.figures)}\n{traceback.format_exc()}")
        return False
    tell(f"  {clock.seconds:.0f} s")
    return True


if __name__ == "__main__":
    sys.exit(main())
