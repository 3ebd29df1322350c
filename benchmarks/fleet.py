"""Many laptops that come home at once: each with a day's visits, all against one server of two workers."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from benchmarks.crowd import enrol_many
from benchmarks.ends import Office, Workshop, fill_outbox, memory, office_with_register, process, serving
from benchmarks.figure import Figure, tell
from benchmarks.laptop import sync_apart
from benchmarks.sizes import PROVINCE, Size
from benchmarks.syncing import all_arrived, first_sync
from field_client.syncing import Half
from server.store import connect

FIGURES = ("fleet", "fleet_worst_wait", "fleet_lost")
VISITS = 20  # on each laptop
WORKERS = 2  # of the server
MEMORY = Path("/dev/shm")
PROCESSES = 4  # that the laptops share; each laptop has a thread of its own


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Let all of them sync at one moment, and beside it one laptop with as many visits as all have together."""
    everywhere = replace(size, area=PROVINCE, name=f"{size.name}-fleet", places=max(size.places, size.laptops))
    with serving(office_with_register(workshop, everywhere), workers=WORKERS) as office:
        alone = _one_laptop(office, workshop.folder("sender"), size.laptops * VISITS)
    with serving(office_with_register(workshop, everywhere), workers=WORKERS) as office:
        tell(f"  {size.laptops} laptops are enrolled")
        with tempfile.TemporaryDirectory(prefix="doi178-fleet-", dir=_other_disk()) as root:
            folders = enrol_many(office, Path(root), size.laptops)
            laptops = _all_at_once(folders)
            lost = _lost(office, folders)
        held = [memory(pid)[0] for pid in office.workers()]
    visits, seconds = size.laptops * VISITS, max(one["receipts"] for one in laptops)
    waited, end = (max(one[name] for one in laptops) for name in ("waited", "end"))
    note = (
        f"{size.laptops} laptops, {VISITS} visits each, {WORKERS} workers; the last receipt was stored after"
        f" {seconds:.1f} s, the last laptop had fetched after {end:.1f} s; sent away"
        f" {sum(one['refused'] for one in laptops)} times; a worker held {max(held):.0f} MB at most"
    )
    yield Figure("fleet", size.name, visits / seconds, "records/s", {"push": alone}, note)
    yield Figure("fleet_worst_wait", size.name, waited, "s", note="of one laptop, in all")
    yield Figure("fleet_lost", size.name, lost, "records", note=f"of {visits}, by name against the server's items")


def _other_disk() -> str | None:
    """Return where the laptops' stores do not wait for the server's disk, where there is such a place: in memory."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2_000_000_000 else None


def _one_laptop(office: Office, folder: Path, count: int) -> float:
    """Return how many visits a second one laptop pushes to the same server."""
    tell(f"  one laptop pushes {count} visits")
    db = office.laptop(folder, PROVINCE)
    first_sync(db)
    fill_outbox(db, count)
    lines = [bytes(row[0]) for row in db.conn.execute("SELECT line FROM own ORDER BY local")]
    db.close()
    seconds: float = sync_apart(Half.SEND, folder)["seconds"]
    all_arrived(folder, lines)
    return count / seconds


def _all_at_once(folders: list[Path]) -> list[dict[str, Any]]:
    """Let the laptops of *folders* prepare, and then sync all at once; return what each said of it."""
    with ExitStack() as stack:
        drivers = [
            stack.enter_context(process("-m", "benchmarks.crowd", str(VISITS), *map(str, some), talk=subprocess.PIPE))
            for some in (folders[n::PROCESSES] for n in range(PROCESSES))
            if some
        ]
        for driver in drivers:
            assert _line(driver) == "ready", "a driver of laptops is not ready"
        tell("  all of them sync")
        for driver in drivers:
            print("go", file=driver.stdin, flush=True)
        return [said for driver in drivers for said in json.loads(_line(driver))]


def _line(driver: subprocess.Popen[str]) -> str:
    assert driver.stdout
    return driver.stdout.readline().strip()


def _lost(office: Office, folders: list[Path]) -> int:
    """Count the saved visits that are not in the truth on the server, or have no receipt on their laptop."""
    server = connect(office.folder / "doi178.db")
    known = {row[0] for row in server.conn.execute("SELECT name FROM items WHERE standing = 'accepted'")}
    server.close()
    lost = 0
    for folder in folders:
        db = Database(folder / "field.db")
        saved = db.conn.execute("SELECT name, waiting FROM own").fetchall()
        lost += VISITS - sum(name in known and not waiting for name, waiting in saved)
        db.close()
    return lost
