"""The year's assignment list of a province, proposed from nothing: beside plain SQL that ranks by the last visit."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.coverage import office_with_history
from benchmarks.ends import SEED, Workshop
from benchmarks.figure import Figure, milliseconds, tell
from benchmarks.invented import communes
from benchmarks.sizes import Size
from schemas.ids import new_id
from schemas.items import write
from server.arrivals.world import unit_tree
from server.clock import local_day, now
from server.office import edit, make
from server.planning.propose import Proposed, propose
from server.planning.survey import Asked
from server.sample.visits import visit
from server.store import connect, reading, writing

FIGURES = ("plan",)
PERCENT = 25
TIMES = 3
AT_ONCE = 2_000
MEMBERS = tuple({"name": name} for name in ("Nguyễn Văn An", "Lê Thị Bình", "Trần Đức Cường"))
PLAIN = """
    SELECT id, unit
      FROM (SELECT places.id, unit, row_number() OVER (PARTITION BY unit ORDER BY coalesce(last, '')) AS place,
                   count(*) OVER (PARTITION BY unit) AS open
              FROM places LEFT JOIN (SELECT place, max(date) AS last FROM visits GROUP BY place) AS seen
                ON seen.place = places.id
             WHERE unit IN (SELECT value FROM json_each(:units))
               AND opened <= :day AND (closed IS NULL OR closed > :day))
     WHERE place <= (open * :percent + 99) / 100
"""


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Propose next year's list, and make sure that no commune has fewer places on it than the plain query gives."""
    folder = office_with_history(workshop, size)
    flat = sqlite3.connect(folder / "flat.db")
    read = _enter(folder, size)
    db, asked = connect(folder / "doi178.db"), _asked(size)

    def ours() -> Proposed:
        with reading(db) as conn:
            return propose(conn, unit_tree(conn), asked, "seed of the measurement")

    def plain() -> list[tuple[str, str]]:
        units = json.dumps(communes(size.area))
        return flat.execute(PLAIN, {"units": units, "day": asked.as_of.isoformat(), "percent": PERCENT}).fetchall()

    found, wanted = ours(), Counter(unit for _, unit in plain())
    listed = Counter(line.commune for line in found.lines)
    assert all(listed[unit] >= count for unit, count in wanted.items()), "a commune's quota is not met"
    value, ranked = milliseconds(ours, TIMES) / 1000, milliseconds(plain, TIMES) / 1000
    note = (
        f"{found.places} places of {size.area} among {size.counted_places}, {read} visits with their answers read;"
        f" {len(found.lines)} on the list; by_last_visit: ranks by the last visit and fills each commune's number"
    )
    yield Figure("plan", size.name, value, "s", {"by_last_visit": ranked}, note)
    db.close()
    flat.close()


def _asked(size: Size) -> Asked:
    today = local_day(now())
    return Asked(size.area, today.year + 1, today, PERCENT)


def _enter(folder: Path, size: Size) -> int:
    """Enter a team for each commune, and the bodies of the area's visits: findings are read from them."""
    dice, where = Random(SEED), communes(size.area)
    db = connect(folder / "doi178.db")
    teams = [
        edit("team", new_id(), {"name": f"Đội {key}", "level": "commune", "epoch": "new", "area": key[4:]}, {})
        for key in where
    ]
    make(db, teams, author="bench", at=now())
    tell("  entering what the visits found")
    marks = ", ".join("?" * len(where))
    rows = db.conn.execute(
        "SELECT visits.id, establishment, date, violations FROM placements JOIN visits USING (establishment)"
        f" WHERE commune IN ({marks})",
        where,
    ).fetchall()
    lines, count = _lines(dice, rows), 0
    while some := list(islice(lines, AT_ONCE)):
        with writing(db) as conn:
            conn.executemany(
                "INSERT INTO items (seq, name, kind, id, device, standing, line)"
                " VALUES (?, ?, 'inspection', ?, '', 'accepted', ?)",
                [(-seq, id, id, line) for seq, (id, line) in enumerate(some, count + 1)],
            )
        count += len(some)
    db.close()
    return count


def _lines(dice: Random, rows: list[tuple[str, str, str, int]]) -> Iterator[tuple[str, bytes]]:
    for seq, (id, place, day, _) in enumerate(rows):
        body = visit(dice, place, ("karaoke",), "", MEMBERS, date.fromisoformat(day))
        yield id, write(
            kind="inspection", id=id, base=None, device="", run="", device_seq=seq, author="", salt="",
            recorded_at=f"{day}T15:00:00Z", body=body,
        )  # fmt: skip
