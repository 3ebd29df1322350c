"""A laptop's first sync: of a whole country's register, and of an area out of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.baselines.line import Baselines, baselines
from benchmarks.ends import SEED, Office, Workshop, serving
from benchmarks.figure import Figure, tell
from benchmarks.invented import Inventor, communes
from benchmarks.laptop import sync_apart
from benchmarks.sizes import COMMUNE, PROVINCE, Size
from field_client.syncing import Half
from schemas.ids import new_id
from schemas.register import State
from server.arrivals.world import STAMP
from server.clock import local_day, now
from server.settings import Settings
from server.store import connect, writing

FIGURES = ("first_sync", "first_sync_area")
ROUNDS = 3  # of the area; the whole is fetched once


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Fetch into new stores, in processes of their own."""
    folder = workshop.office(f"country-{size.name}", lambda made: _enter(made, size))
    with serving(folder) as office, baselines(workshop.folder("baselines")) as simple:
        for name, area, places, rounds in (
            ("first_sync", PROVINCE, size.all_places, 1),
            ("first_sync_area", COMMUNE, size.area_places, ROUNDS),
        ):
            tell(f"  the first sync of {places} places")
            took = [_fetch(office, workshop.folder(name), area, places) for _ in range(rounds)]
            raw = _raw(simple, folder, workshop.folder("raw"), 2 * places)
            note = (
                f"{places} places, each with its operator, of {size.all_places}; median of {rounds}; the server's rows"
                f" written straight into its tables; the laptop held {max(peak for _, peak in took):.0f} MB at most"
            )
            yield Figure(name, size.name, median(seconds for seconds, _ in took), "s", {"raw": raw}, note)


def _fetch(office: Office, folder: Path, area: str, places: int) -> tuple[float, float]:
    """Return the seconds of a first sync into a new store, and the memory of its process in MB."""
    office.laptop(folder, area).close()
    said = sync_apart(Half.GET, folder)
    assert said["received"] >= 2 * places, said
    return said["seconds"], said["peak"]


def _raw(simple: Baselines, folder: Path, into: Path, count: int) -> float:
    """Return the seconds of as many of the same states in one answer."""
    db = connect(Settings(folder).database)
    rows = db.conn.execute("SELECT state FROM things WHERE kind IN ('establishment', 'operator') LIMIT ?", (count,))
    states = [row[0].encode() for row in rows]
    db.close()
    simple.raw_push(states)
    return simple.raw_pull(into / "lines.db")


def _enter(folder: Path, size: Size) -> None:
    """Write the register into the tables that a page is made from: through the door it would take minutes."""
    tell(f"  entering {size.all_places} places")
    db = connect(Settings(folder).database)
    (pos,) = db.conn.execute("SELECT coalesce(max(pos), 0) FROM feed").fetchone()
    things = list(_things(size))
    with writing(db) as conn:
        conn.executemany(
            "INSERT INTO things (kind, id, seq, state) VALUES (?, ?, 0, ?)",
            ((kind, id, json.dumps(state, ensure_ascii=False, separators=(",", ":"))) for _, kind, id, state in things),
        )
        conn.executemany(STAMP, ((where, kind, id, n, 0) for n, (where, kind, id, _) in enumerate(things, pos + 1)))
    db.close()


def _things(size: Size) -> Iterator[tuple[str, str, str, State]]:
    """Invent operators and places, so many of them in one commune and the others all over its province."""
    inventor = Inventor(SEED, local_day(now()))
    others = [unit for unit in communes(PROVINCE) if unit != COMMUNE]
    every = size.all_places // size.area_places
    for n in range(size.all_places):
        where = inventor.dice.choice(others) if n % every else COMMUNE
        operator = new_id()
        yield where, "operator", operator, inventor.operator()
        yield where, "establishment", new_id(), inventor.place(f"D178-{n:06d}", where, operator)
