"""From the start of a process to the first answer of /healthz, as the commands start them."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.ends import Workshop, office_with_register, process, serving, wait_for
from benchmarks.figure import Figure, tell
from benchmarks.sizes import Size
from benchmarks.syncing import first_sync
from server.demo import free_port

FIGURES = ("start_server", "start_laptop")
TIMES = 5


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Start each end a few times on data that is there; beside it, the simplest program under the same web server."""
    folder, laptop = office_with_register(workshop, size), workshop.folder("laptop")
    with serving(folder) as office:
        db = office.laptop(laptop, size.area)
        first_sync(db)
        db.close()
    bare = {"bare": _start("", workshop.folder("bare") / "baselines.db")}
    note = f"median of {TIMES}"
    yield Figure("start_server", size.name, _start("server.cli", folder), "s", bare, note)
    yield Figure("start_laptop", size.name, _start("field_client.cli", laptop), "s", bare, note)


def _start(module: str, data: Path) -> float:
    tell(f"  starting {module or 'the baseline'}")
    found = []
    for _ in range(TIMES):
        port = str(free_port())
        browser = ("--no-browser",) if module == "field_client.cli" else ()
        ours = ("-c", f"from {module} import main; main()", "run", "--port", port, "--data", str(data), *browser)
        command = ours if module else ("-m", "benchmarks.baselines.app", str(data), port)
        begun = time.perf_counter()
        with process(*command) as running:
            wait_for(f"http://127.0.0.1:{port}/healthz", running)
            found.append(time.perf_counter() - begun)
    return median(found)
