"""`python -m tests.mutations`: break one promise at a time in a copy, and show that the tests named for it fail."""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutations import of_the_laptop, of_the_law, of_the_rules, of_the_server, of_the_vault
from tests.mutations.mutant import Mutant
from tests.mutations.trial import line, try_mutant, try_none

MUTANTS: tuple[Mutant, ...] = (
    *of_the_rules.MUTANTS, *of_the_server.MUTANTS, *of_the_laptop.MUTANTS, *of_the_law.MUTANTS, *of_the_vault.MUTANTS,
)  # fmt: skip


def main() -> int:
    """Print a line a mutant; 0 only when each was caught and the unbroken copy passes the same tests."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to try; all of them when none is named")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="name them and try none")
    parser.add_argument("--verbose", action="store_true", help="say on stderr what the tests said")
    asked = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if not asked.names or mutant.name in asked.names]
    if unknown := set(asked.names) - {mutant.name for mutant in chosen}:
        parser.error(f"no such mutant: {', '.join(sorted(unknown))}")
    if asked.list:
        for mutant in chosen:
            print(line({"mutant": mutant.name, "breaks": mutant.breaks, "tests": mutant.tests}))
        return 0
    return _try_all(chosen, asked.jobs, sys.stderr if asked.verbose else None)


def _try_all(chosen: list[Mutant], jobs: int, tell: object) -> int:
    caught = 0
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="doi178-mutations-", dir=place) as name:
        folder = Path(name)
        with ThreadPoolExecutor(jobs) as pool:
            sound = pool.submit(try_none, chosen, folder)
            for mutant, verdict in zip(chosen, pool.map(lambda one: try_mutant(one, folder), chosen), strict=True):
                print(line(verdict.row(mutant)), flush=True)
                caught += verdict.caught(mutant)
                if tell:
                    print(verdict.said, file=sys.stderr)
            unbroken = sound.result()
    passes = not unbroken.unnoticed_by and unbroken.seed is None
    print(line({"mutants": len(chosen), "caught": caught, "unbroken_passes": passes,
                "failing_unbroken": list(unbroken.unnoticed_by), "seed": unbroken.seed}))  # fmt: skip
    return int(not passes or caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main())
