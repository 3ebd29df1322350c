"""Pushing and pulling many visits: records a second, bytes on the wire, memory of both ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from sqlite_utils import Database

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.ends import Office, Workshop, fill_outbox, memory, office_with_register, serving
from benchmarks.figure import Figure, tell, timed
from benchmarks.laptop import sync_apart
from benchmarks.proxy import Counter, counting
from benchmarks.sizes import Size
from field_client.syncing import Half, sync_now
from schemas.items import name_of

FIGURES = ("push", "pull", "pull_visits", "wire", "memory_server", "memory_sync")
ON_THE_WIRE = 2_000  # visits whose bytes are counted
Get = Callable[[], dict[str, Any]]


@dataclass
class Runs:
    """What each round took: seconds, or what a laptop said of its sync."""

    push: list[dict[str, Any]] = field(default_factory=list)
    fresh: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    raw_push: list[float] = field(default_factory=list)
    raw_pull: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    bare_push: float = 0.0
    bare_pull: float = 0.0


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Push from one laptop and pull into two others, each round with a server and stores of its own."""
    runs = Runs()
    with baselines(workshop.folder("baselines")) as simple:
        for n in range(size.rounds):
            tell(f"  push and pull of {size.visits} visits, round {n + 1} of {size.rounds}")
            with serving(office_with_register(workshop, size)) as office:
                lines = _round(size, office, workshop, runs)
            runs.raw_push.append(simple.raw_push(lines))
            runs.raw_pull.append(simple.raw_pull(workshop.folder("raw") / "lines.db"))
        runs.bare_push, runs.bare_pull = _bare(simple, lines[: size.bare])
        yield from _rates(size, runs)
        yield from _wire(size, workshop, simple, lines)


def _round(size: Size, office: Office, workshop: Workshop, runs: Runs) -> list[bytes]:
    """Push and pull once; return the lines that were pushed."""
    sender, follower, fresh = (workshop.folder(name) for name in ("sender", "follower", "fresh"))
    for folder in (sender, follower):
        db = office.laptop(folder, size.area)
        first_sync(db)
        if folder == sender:
            fill_outbox(db, size.visits)
            lines = [bytes(row[0]) for row in db.conn.execute("SELECT line FROM own ORDER BY local")]
        db.close()
    runs.push.append(sync_apart(Half.SEND, sender))
    runs.memory.append(memory(office.pid)[0])
    all_arrived(sender, lines)
    office.laptop(fresh, size.area).close()
    runs.fresh.append(sync_apart(Half.GET, fresh))
    runs.visits.append(sync_apart(Half.GET, follower))
    assert runs.visits[-1]["received"] == size.visits, runs.visits[-1]
    return lines


def first_sync(db: Database) -> None:
    """Fetch the register, so that the laptop knows its places."""
    outcome = sync_now(db, halves=frozenset({Half.GET}))
    assert not outcome.trouble, outcome.words


def all_arrived(folder: Path, lines: list[bytes]) -> None:
    """Make sure that every line has its receipt, and stands in the truth: a fast push that loses is no push."""
    db = Database(folder / "field.db")
    rows = db.conn.execute("SELECT name FROM own WHERE waiting = 0 AND seq IS NOT NULL AND standing = 'accepted'")
    assert {row[0] for row in rows} == {name_of(line) for line in lines}, "not every visit was accepted"
    db.close()


def _bare(simple: Baselines, lines: list[bytes]) -> tuple[float, float]:
    """Return the seconds a record of one request each, up and down."""
    with timed() as up:
        for line in lines:
            simple.bare_push(line)
    ids = [_id_of(line) for line in lines]
    with timed() as down:
        for id in ids:
            simple.bare_pull(id)
    return up.seconds / len(lines), down.seconds / len(lines)


def _id_of(line: bytes) -> str:
    return line.split(b'"id":"', 1)[1].split(b'"', 1)[0].decode()


def _rates(size: Size, runs: Runs) -> Iterator[Figure]:
    n, many = size.visits, f"{size.visits} visits, median of {size.rounds}"
    up = {"raw": n / median(runs.raw_push), "bare": 1 / runs.bare_push}
    down = {"raw": n / median(runs.raw_pull), "bare": 1 / runs.bare_pull}
    yield Figure("push", size.name, n / _middle(runs.push), "records/s", up, f"{many}; receipts stored")
    things = runs.fresh[0]["received"]
    fresh = _middle(runs.fresh)
    note = f"{many}; a new store takes {things} things in {fresh:.2f} s, only the visits are counted"
    yield Figure("pull", size.name, n / fresh, "records/s", down, note)
    note = f"{many}; the store had the register before, as raw has"
    yield Figure("pull_visits", size.name, n / _middle(runs.visits), "records/s", down, note)
    yield Figure("memory_server", size.name, max(runs.memory), "MB", note="peak RSS after the push")
    laptops = [run["peak"] for run in (*runs.push, *runs.fresh)]
    yield Figure("memory_sync", size.name, max(laptops), "MB", note="peak RSS of a push, or of a first pull")


def _middle(found: list[dict[str, Any]]) -> float:
    return median(run["seconds"] for run in found)


def _wire(size: Size, workshop: Workshop, simple: Baselines, lines: list[bytes]) -> Iterator[Figure]:
    """Count every byte of a push, and of the same lines in one request, through a proxy."""
    count = min(size.visits, ON_THE_WIRE)
    tell(f"  bytes on the wire of {count} visits")
    with serving(office_with_register(workshop, size)) as office, counting(office.address) as line:
        sender, reader = workshop.folder("sender"), workshop.folder("reader")
        stores = [office.laptop(folder, size.area, line.address) for folder in (sender, reader)]
        for db in stores:
            first_sync(db)
        fill_outbox(stores[0], count)
        up = _counted(line, lambda: sync_now(stores[0], halves=frozenset({Half.SEND})))
        down = _counted(line, lambda: sync_now(stores[1], halves=frozenset({Half.GET})))
    raw = _counted_raw(simple, list(islice(lines, count)), workshop.folder("raw"))
    note = f"{count} visits, pushed ({up / count:.0f}) and pulled ({down / count:.0f}); all bytes at a proxy"
    yield Figure("wire", size.name, (up + down) / count, "bytes/record", {"raw": raw / count}, note)


def _counted(line: Counter, act: Callable[[], object]) -> int:
    line.start_over()
    act()
    return line.up + line.down


def _counted_raw(simple: Baselines, lines: list[bytes], folder: Path) -> int:
    with counting(simple.address) as line:
        through = Baselines(line.address)
        through.raw_push(lines)
        through.raw_pull(folder / "lines.db")
        return line.up + line.down
