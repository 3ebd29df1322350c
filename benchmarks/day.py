"""One record's way, a day's work, and a sync with nothing to do, as the laptop's program does them."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sqlite_utils import Database

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.ends import Office, Workshop, bodies, office_with_register, serving
from benchmarks.figure import Figure, milliseconds_each, percentile, tell, timed
from benchmarks.proxy import counting
from benchmarks.sizes import Size
from benchmarks.syncing import first_sync
from field_client import syncing
from field_client.records import record
from field_client.syncing import BOTH, Half, sync_now
from schemas.ids import new_id
from server.clock import now

FIGURES = ("way", "way_p95", "day", "day_bytes", "nochange")
VISITS_A_DAY = 20
NOCHANGES = 20


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Measure on one laptop of an area whose register it holds."""
    with serving(office_with_register(workshop, size)) as office, baselines(workshop.folder("baselines")) as simple:
        db = office.laptop(workshop.folder("laptop"), size.area)
        first_sync(db)
        yield from _ways(size, db, simple)
        yield from _days(size, db, simple)
        yield _nochange(size, db, simple)
        yield _day_bytes(size, office, workshop.folder("counted"), simple)


def _ways(size: Size, db: Database, simple: Baselines) -> Iterator[Figure]:
    """Take one record at a time from save to stored receipt, and beside each send a bare one."""
    tell(f"  the way of {size.ways} records, one by one")
    ours, theirs, held = [], [], []
    line = syncing.connect(db)
    for body in bodies(db, size.ways):
        ours += milliseconds_each(lambda body=body: _send_one(db, body), 1)  # type: ignore[misc]
        sent = db.conn.execute("SELECT line FROM own ORDER BY local DESC LIMIT 1").fetchone()[0]
        theirs += milliseconds_each(lambda sent=sent: simple.bare_push(sent), 1)  # type: ignore[misc]
    for body in bodies(db, size.ways):
        held += milliseconds_each(lambda body=body: _send_one(db, body, line), 1)  # type: ignore[misc]
    note = f"{size.ways} records; over a connection that is kept, as bare has it: {{:.1f}} ms"
    yield Figure("way", size.name, median(ours), "ms", {"bare": median(theirs)}, note.format(median(held)))
    far = percentile(held, 95)
    yield Figure("way_p95", size.name, percentile(ours, 95), "ms", {"bare": percentile(theirs, 95)}, note.format(far))


def _send_one(db: Database, body: dict[str, object], line: syncing.DeviceLine | None = None) -> None:
    record(db, new_id(), body, at=now())
    outcome = sync_now(db, halves=frozenset({Half.SEND}), line=line)
    assert (outcome.sent == 1 or line) and not outcome.waiting, outcome


def _days(size: Size, db: Database, simple: Baselines) -> Iterator[Figure]:
    tell(f"  {size.days} days of {VISITS_A_DAY} visits")
    ours, theirs = [], []
    for _ in range(size.days):
        work = bodies(db, VISITS_A_DAY)
        ours.append(_a_day(db, work))
        rows = db.conn.execute("SELECT line FROM own ORDER BY local DESC LIMIT ?", (VISITS_A_DAY,)).fetchall()
        with timed() as clock:
            for (line,) in rows:
                simple.bare_push(line)
        theirs.append(clock.seconds)
    note = f"{VISITS_A_DAY} visits saved one by one, then one sync in both directions; median of {size.days}"
    yield Figure("day", size.name, median(ours), "s", {"bare": median(theirs)}, note)


def _a_day(db: Database, work: list[dict[str, object]]) -> float:
    with timed() as clock:
        for body in work:
            record(db, new_id(), body, at=now())
        outcome = sync_now(db, halves=BOTH)
    assert outcome.sent == VISITS_A_DAY and not outcome.trouble, outcome
    return clock.seconds


def _nochange(size: Size, db: Database, simple: Baselines) -> Figure:
    """Sync with nothing to send and nothing to fetch."""
    sync_now(db)
    sent = db.conn.execute("SELECT id FROM own ORDER BY local DESC LIMIT 1").fetchone()[0]
    requests: list[str] = []
    line = syncing.connect(db)
    line.session.hooks["response"].append(lambda answer, **_: requests.append(answer.request.method))
    sync_now(db, line=line)
    ours = median(milliseconds_each(lambda: sync_now(db), NOCHANGES))
    theirs = median(milliseconds_each(lambda: simple.bare_pull(sent), NOCHANGES))
    return Figure("nochange", size.name, ours, "ms", {"bare": theirs}, f"requests: {' '.join(requests)}")


def _day_bytes(size: Size, office: Office, folder: Path, simple: Baselines) -> Figure:
    with counting(office.address) as line, counting(simple.address) as bare:
        db = office.laptop(folder, size.area, line.address)
        first_sync(db)
        line.start_over()
        _a_day(db, bodies(db, VISITS_A_DAY))
        ours = line.up + line.down
        through = Baselines(bare.address)
        for (sent,) in db.conn.execute("SELECT line FROM own").fetchall():
            through.bare_push(sent)
    note = f"both directions with all headers, at a proxy; {line.connections} connections"
    return Figure("day_bytes", size.name, ours, "bytes", {"bare": bare.up + bare.down}, note)
