"""From the start of the server's process to the first answer of /healthz, as its command starts it."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.ends import Workshop, office_with_register, process, wait_for
from benchmarks.figure import Figure, tell
from benchmarks.sizes import Size
from server.demo import free_port

FIGURES = ("start_server",)
TIMES = 5


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Start the server a few times on data that is there; beside it, the simplest program under the same web server."""
    found = start("server.cli", office_with_register(workshop, size))
    beside = {"bare": bare(workshop)}
    yield Figure("start_server", size.name, found, "s", beside, f"median of {TIMES}")


def bare(workshop: Workshop) -> float:
    """Return the seconds to the first answer of the simplest program."""
    return start("", workshop.folder("bare") / "baselines.db")


def start(module: str, data: Path) -> float:
    """Return the seconds from the start of a program, the simplest where it has no name, to its first answer."""
    tell(f"  starting {module or 'the baseline'}")
    found = []
    for _ in range(TIMES):
        port = str(free_port())
        ours = ("-c", f"from {module} import main; main()", "run", "--port", port, "--data", str(data))
        command = ours if module else ("-m", "benchmarks.baselines.app", str(data), port)
        begun = time.perf_counter()
        with process(*command) as running:
            wait_for(f"http://127.0.0.1:{port}/healthz", running)
            found.append(time.perf_counter() - begun)
    return median(found)
