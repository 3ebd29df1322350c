"""Importing a register from a spreadsheet: rows a second."""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from benchmarks.ends import SEED, Workshop
from benchmarks.figure import Figure, tell, timed
from benchmarks.invented import Inventor, communes
from benchmarks.sizes import Size
from server.clock import local_day, now
from server.imports import import_file
from server.sample import names
from server.store import connect

FIGURES = ("import",)
HEADER = (
    "code", "name", "kinds", "unit_epoch", "unit_code", "address", "phone", "operator", "operator_form", "operator_no",
    "licence_no", "licence_from", "licence_to", "opened_on",
)  # fmt: skip


def measure(size: Size, workshop: Workshop) -> Iterator[Figure]:
    """Import establishments into a new server, then the same file again."""
    tell(f"  importing {size.rows} rows")
    folder = workshop.folder("import")
    file = folder / "register.csv"
    _write(file, size)
    db = connect(workshop.empty_office() / "doi178.db")
    ours = _import(db, file, added=size.rows)
    again = _import(db, file, added=0)
    db.close()
    theirs = _plain(folder, file)
    note = f"{size.rows} rows with operator and licence; the same file again, which changes nothing: {{:.0f}} rows/s"
    value, plain = size.rows / ours, {"executemany": size.rows / theirs}
    yield Figure("import", size.name, value, "rows/s", plain, note.format(size.rows / again))


def _import(db: Database, file: Path, *, added: int) -> float:
    with timed() as clock:
        counts = import_file(db, "establishments", file, author="bench", at=now())
    assert (counts.added, counts.bad) == (added, 0), counts
    return clock.seconds


def _write(file: Path, size: Size) -> None:
    inventor, where = Inventor(SEED, local_day(now())), communes(size.area)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow(HEADER)
        sheet.writerows(_row(inventor, n, inventor.dice.choice(where)) for n in range(size.rows))


def _row(inventor: Inventor, n: int, unit: str) -> tuple[str, ...]:
    state = inventor.place(f"TH-{n:06d}", unit)
    place, number = state["place/1"], f"{inventor.dice.randint(1, 999)}/GP-{n}"
    return (
        state["code"], state["name"], state["kind/1"]["kind"], place["epoch"], place["unit"], place["address"],
        state["phone"], names.person(inventor.dice), "household", f"26D8-{n:06d}", number, place["from"], "2027-12-31",
        place["from"],
    )  # fmt: skip


def _plain(folder: Path, file: Path) -> float:
    """Read the rows and insert them into one table, unchecked."""
    with timed() as clock:
        conn = sqlite3.connect(folder / "plain.db", isolation_level=None)
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        columns = ", ".join(f"{name} TEXT" for name in HEADER)
        conn.execute(f"CREATE TABLE register ({columns}, PRIMARY KEY (code))")
        conn.execute("BEGIN IMMEDIATE")
        with file.open(encoding="utf-8-sig", newline="") as sheet:
            rows = csv.reader(sheet)
            next(rows)
            conn.executemany(f"INSERT INTO register VALUES ({', '.join('?' * len(HEADER))})", rows)
        conn.execute("COMMIT")
        conn.close()
    return clock.seconds
