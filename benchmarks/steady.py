"""Sixty requests a second for minutes, whatever becomes of the ones before: an office on a busy night."""

import time
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from benchmarks.crowd import enrol_many
from benchmarks.ends import Office, Workshop, fill_outbox, memory, office_with_register, serving
from benchmarks.figure import Figure, percentile, tell
from benchmarks.sizes import PROVINCE, Size
from benchmarks.syncing import first_sync
from field_client.store import connect, get_meta
from field_client.syncing import DeviceLine
from sync.engine import check

FIGURES = ("steady_p95",)
EACH_SECOND = 60
WHOLE, SHORT, SHORTEST = 300, 20, 2  # seconds: by name or at size L, else, and at a size that measures nothing
LAPTOPS = 30
AT_ONCE = 64  # requests of ours that may wait for an answer
WORKERS = 2


@dataclass
class Laptop:
    """A laptop's credential, where it is in the feed, and visits that it has not sent."""

    meta: list[str]
    cursor: str
    lines: list[bytes]
    key: Ed25519PublicKey


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Ask in turn for a visit to be taken and for what is new; each request counts from when it was due."""
    seconds = WHOLE if size.name == "L" or "steady_p95" in workshop.named else SHORT
    count = EACH_SECOND * (SHORTEST if size.name == "toy" else seconds)
    known = replace(size, area=PROVINCE, name=f"{size.name}-steady", places=max(min(size.places, 3_500), LAPTOPS))
    with serving(office_with_register(workshop, known), workers=WORKERS) as office:
        folders = enrol_many(office, workshop.folder("steady"), LAPTOPS)
        laptops = [_prepared(folder, -(-count // (2 * LAPTOPS))) for folder in folders]
        tell(f"  {count} requests, {EACH_SECOND} a second")
        found, again = _keep_on(laptops, count)
        held = max(memory(pid)[0] for pid in office.workers())
        _all_there(office, laptops, count)
    note = (
        f"{count} requests in {count / EACH_SECOND:.0f} s, {EACH_SECOND} a second whatever came before, half of them"
        f" batches of one visit and half pages; all answered, {again} after a 429; the slowest {max(found):.0f} ms,"
        f" the median {percentile(found, 50):.0f} ms; {WORKERS} workers, {held:.0f} MB at most in one"
    )
    yield Figure("steady_p95", size.name, percentile(found, 95), "ms", note=note)


def _prepared(folder: Path, count: int) -> Laptop:
    db = connect(folder / "field.db")
    first_sync(db)
    fill_outbox(db, count)
    meta = [get_meta(db.conn, name) for name in ("address", "fingerprint", "credential")]
    lines = [bytes(row[0]) for row in db.conn.execute("SELECT line FROM own ORDER BY local")]
    key = Ed25519PublicKey.from_public_bytes(b64decode(get_meta(db.conn, "server_key")))
    laptop = Laptop(meta, get_meta(db.conn, "cursor"), lines, key)
    db.close()
    return laptop


def _keep_on(laptops: list[Laptop], count: int) -> tuple[list[float], int]:
    """Ask *count* times; return how long each took from when it was due, in ms, and how many were sent away first."""
    begun = time.monotonic() + 0.5
    asked: list[Future[tuple[float, bool]]] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for n in range(count):
            due = begun + n / EACH_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            asked.append(pool.submit(partial(_ask, laptops, n, due)))
        wait(asked)
    found = [one.result() for one in asked]
    return [milliseconds for milliseconds, _ in found], sum(again for _, again in found)


def _ask(laptops: list[Laptop], n: int, due: float) -> tuple[float, bool]:
    """Send a visit, or fetch a page, over a connection of its own, as each sync has one."""
    laptop = laptops[n // 2 % LAPTOPS]
    line = DeviceLine(*laptop.meta)
    if n % 2:
        laptop.cursor = line.since(laptop.cursor).cursor
    else:
        check(line.send([laptop.lines[n // 2 // LAPTOPS]]), laptop.key)
    took = (time.monotonic() - due) * 1000
    line.session.close()
    return took, line.patience.waited > 0


def _all_there(office: Office, laptops: list[Laptop], count: int) -> None:
    """Make sure that every visit that was sent is on the server, once."""
    db = connect(office.folder / "doi178.db")
    (kept,) = db.conn.execute("SELECT count(*) FROM items WHERE kind = 'inspection'").fetchone()
    db.close()
    assert kept == -(-count // 2), f"{kept} of {-(-count // 2)} visits are on the server"
