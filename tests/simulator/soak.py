"""`make soak SEEDS=N FROM=seed REAL=1`: many schedules, on every core; prints what broke and how to run it again."""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.simulator.engine import run_many
from tests.simulator.real.schedule import RealSchedule
from tests.simulator.templates import make_templates


def main() -> int:
    """Run the seeds that were asked for; 1 when one of them broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.soak", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--laptops", type=int, default=4)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--real", action="store_true", help="with real processes, a cutting proxy and kill -9")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--until-broken", action="store_true", help="stop at the first seed that breaks")
    asked = parser.parse_args()
    ends = range(asked.first, asked.first + asked.seeds)
    size = 1 if asked.until_broken else 10
    chunks = [ends[start : start + size] for start in range(0, len(ends), size)]
    total: Counter[str] = Counter()
    failures = 0
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="doi178-soak-", dir=memory if memory.is_dir() else None) as folder:
        templates = make_templates(Path(folder) / "templates")
        shape = {"most": asked.laptops, **({"length": asked.steps} if asked.steps else {})}
        work = partial(run_many, templates=templates, folder=Path(folder), **shape)
        if asked.real:
            work = partial(work, world=RealSchedule)
        with ProcessPoolExecutor(min(asked.jobs, len(chunks))) as pool:
            for counted, broken in pool.map(work, chunks):
                total += counted
                failures += len(broken)
                for said in broken:
                    print(said, end="\n\n", flush=True)
                if failures and asked.until_broken:
                    pool.shutdown(cancel_futures=True)
                    break
    print(json.dumps({"seeds": asked.seeds, "broken": failures, **dict(sorted(total.items()))}, ensure_ascii=False))
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
