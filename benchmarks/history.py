"""Years of visits under coverage, written straight into the projections, and the same beside them in two flat tables.

Through the door a country's million visits would take minutes; the tables come out the same. Everything that
coverage reads is written by the server's own functions or read back by them: the day deltas are its own recount.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

from sqlite_utils import Database

from benchmarks.ends import SEED
from benchmarks.figure import tell
from benchmarks.invented import KINDS, communes
from benchmarks.sizes import Size
from schemas.ids import new_id
from schemas.units import Epoch, Level, packaged_units
from server.clock import now
from server.coverage.deltas import write
from server.coverage.years import recount
from server.office import edit, make
from server.register.keep import keep_all_again
from server.store import connect, writing

YEARS = 5
AT_ONCE = 20_000
AREA_OF_PLAN = ("new", "38")
DUTIES = ('[["inspected","not_unscheduled"],""]', '[["inspected","not_unscheduled","violations"],""]')


@dataclass(frozen=True)
class Place:
    """A place as both sides know it: open from its first day to the day before *closed*."""

    id: str
    unit: str
    kind: str
    opened: str
    closed: str | None


@dataclass(frozen=True)
class Seen:
    """A visit as both sides know it."""

    place: Place
    day: date
    team: str
    basis: str


def enter(folder: Path, size: Size, at_year: int) -> None:
    """Enter places, visits and day deltas of the last years into the server of *folder*, and the flat tables."""
    dice = Random(SEED)
    places = list(_places(dice, size, at_year))
    days = calendar(at_year)
    teams = _teams(size)
    seen = [_visit(dice, places, days, teams) for _ in range(size.counted_visits)]
    db = connect(folder / "doi178.db")
    db.conn.execute("PRAGMA synchronous=OFF")  # to be built, not to be measured
    _enter_places(db, places)
    _enter_teams(db, teams)
    _enter_visits(db, ((f"{n:012d}", one, dice.random() < 0.2) for n, one in enumerate(seen)))
    with writing(db) as conn:
        keep_all_again(conn)
    _flat(folder / "flat.db", places, seen)
    for year in range(at_year - YEARS + 1, at_year + 1):
        with writing(db) as conn:
            write(conn, {key: list(counts) for key, counts in recount(conn, year).items()})
    _plan(db, at_year)
    db.close()


def _places(dice: Random, size: Size, at_year: int) -> Iterator[Place]:
    """Invent places: most have been open for years, some opened or closed within them."""
    where = communes(size.country)
    days = [day.isoformat() for day in calendar(at_year)]
    for n in range(size.counted_places):
        opened = dice.choice(days) if dice.random() < 0.1 else f"{dice.randint(2012, at_year - YEARS)}-03-01"
        later = [day for day in (dice.choice(days),) if day > opened]
        closed = later[0] if later and dice.random() < 0.15 else None
        yield Place(f"{n:08d}", dice.choice(where), dice.choice(KINDS), opened, closed)


def _teams(size: Size) -> dict[str, str]:
    """Name a team for each commune, and one for each province, which goes everywhere in it."""
    provinces = {unit.key for unit in packaged_units() if unit.level is Level.PROVINCE and unit.epoch is Epoch.NEW}
    areas = [*communes(size.country), *sorted(provinces)]
    return {area: f"team-{n:05d}" for n, area in enumerate(areas)}


def _visit(dice: Random, places: list[Place], days: list[date], teams: dict[str, str]) -> Seen:
    place, day = dice.choice(places), dice.choice(days)
    area = _province(place.unit) if dice.random() < 0.05 else place.unit
    return Seen(place, day, teams[area], "unscheduled" if dice.random() < 0.1 else "planned")


@cache
def _province(unit: str) -> str:
    return next(one.parent_key for one in packaged_units() if one.key == unit)


def calendar(at_year: int) -> list[date]:
    """List every day of the years that are entered."""
    first = date(at_year - YEARS + 1, 1, 1)
    return [first + timedelta(days=n) for n in range((date(at_year + 1, 1, 1) - first).days)]


def _state(place: Place) -> str:
    epoch, _, code = place.unit.partition(":")
    state = {
        "name": f"Cơ sở {place.id}",
        "place/1": {"from": place.opened, "epoch": epoch, "unit": code, "address": "Phố Giắt"},
        "kind/1": {"from": place.opened, "kind": place.kind},
        "status/1": {"from": place.opened, "status": "open"},
    }
    closed = {"status/2": {"from": place.closed, "status": "closed"}} if place.closed else {}
    return json.dumps(state | closed, ensure_ascii=False, separators=(",", ":"))


def _enter_places(db: Database, places: list[Place]) -> None:
    tell(f"  entering {len(places)} places")
    with writing(db) as conn:
        conn.executemany(
            "INSERT INTO things (kind, id, seq, state) VALUES ('establishment', ?, 0, ?)",
            ((place.id, _state(place)) for place in places),
        )
        conn.executemany(
            "INSERT INTO establishments (id, root, code, name, search) VALUES (?, ?, ?, ?, ?)",
            ((place.id, place.id, place.id, f"Cơ sở {place.id}", f"co so {place.id}") for place in places),
        )
        conn.executemany(
            "INSERT INTO placements (establishment, commune) VALUES (?, ?)", ((p.id, p.unit) for p in places)
        )


def _enter_teams(db: Database, teams: dict[str, str]) -> None:
    rows = []
    for area, id in teams.items():
        epoch, _, code = area.partition(":")
        state = {"name": f"Đội 178 số {id[-5:]}", "level": "commune", "epoch": epoch, "area": code}
        rows.append((id, json.dumps(state)))
    with writing(db) as conn:
        conn.executemany("INSERT INTO things (kind, id, seq, state) VALUES ('team', ?, 0, ?)", rows)


def _enter_visits(db: Database, visits: Iterator[tuple[str, Seen, bool]]) -> None:
    tell("  entering their visits")
    while some := list(islice(visits, AT_ONCE)):
        with writing(db) as conn:
            conn.executemany(
                "INSERT INTO visits (id, item, establishment, team, date, basis, outcome, revision, members,"
                " violations, void, counting, device, risk, duties)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 1, 3, ?, 0, 1, '', ?, ?)",
                (
                    (
                        id, id, one.place.id, one.team, one.day.isoformat(), one.basis,
                        "violations" if bad else "no_violation", int(bad), 2 * bad, DUTIES[bad],
                    )
                    for id, one, bad in some
                ),
            )


def _flat(file: Path, places: list[Place], seen: list[Seen]) -> None:
    """Write the tables of the plain recount, with the index that serves it."""
    conn = sqlite3.connect(file)
    conn.execute("CREATE TABLE places (id TEXT PRIMARY KEY, unit TEXT, opened TEXT, closed TEXT)")
    conn.execute("CREATE TABLE visits (place TEXT, date TEXT, team TEXT, basis TEXT)")
    conn.executemany("INSERT INTO places VALUES (?, ?, ?, ?)", ((p.id, p.unit, p.opened, p.closed) for p in places))
    conn.executemany(
        "INSERT INTO visits VALUES (?, ?, ?, ?)", ((one.place.id, str(one.day), one.team, one.basis) for one in seen)
    )
    conn.execute("CREATE INDEX visits_by_date ON visits (date, place)")
    conn.execute("CREATE INDEX visits_of_a_basis ON visits (basis, date, place)")
    conn.execute("ANALYZE")
    conn.commit()
    conn.close()


def _plan(db: Database, year: int) -> None:
    epoch, area = AREA_OF_PLAN
    state = {
        "name": "Kế hoạch giả định", "epoch": epoch, "area": area, "from": f"{year}-01-01", "to": f"{year}-12-31",
        "targets": [{"year": year, "percent": 25}],
    }  # fmt: skip
    make(db, [edit("plan", new_id(), state, {})], author="bench", at=now())
