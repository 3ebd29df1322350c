"""The years that have deltas: adding one without standing in anybody's way, and proving them right."""

import sqlite3
from itertools import islice

from sqlite_utils import Database

from server.coverage import facts
from server.coverage.deltas import (
    FIGURES,
    MARK,
    Key,
    by_day,
    by_month,
    first_day,
    gather,
    marks,
    new_version,
    stored,
    write,
)
from server.coverage.steps import Counts, steps
from server.store import put_meta, writing

PLACES = facts.CHUNK  # of one transaction: some 30 ms
UNITS = {"coverage_days": "day", "coverage_months": "month"}
PROBLEMS = 20  # listed a year; what is wrong is seldom one row


def add_year(db: Database, year: int) -> None:
    """Give *year* its day deltas, in short transactions; begun again after a stop, it goes on.

    Places are counted in the order of their roots, and the last one counted is kept in
    the same transaction. Until the year is whole, a change elsewhere keeps the deltas of
    the places up to that mark (`Deltas` does), and leaves those beyond it to be counted
    here, as they are when their turn comes. So every place is in once, whatever is
    written in between. The year counts as having deltas only when all are in.
    """
    while _add_some(db, year):
        pass


def _add_some(db: Database, year: int) -> bool:
    with writing(db) as conn:
        if conn.execute("SELECT 1 FROM coverage_years WHERE year = ?", (year,)).fetchone():
            return False
        mark = marks(conn).get(year)
        if mark is None:
            conn.execute("DELETE FROM coverage_deltas WHERE year = ?", (year,))
            for table in UNITS:
                conn.execute(f"DELETE FROM {table} WHERE year = ?", (year,))
        places = facts.stream(conn, first_day(year), first_day(year + 1), after=mark or "")
        sums: dict[Key, list[int]] = {}
        last = ""
        for place in islice(places, PLACES):
            gather(sums, year, steps(place, first_day(year), first_day(year + 1)), 1)
            last = place.root
        write(conn, sums)
        if last:
            put_meta(conn, f"{MARK}{year}", last)
        else:
            conn.execute("DELETE FROM meta WHERE key = ?", (f"{MARK}{year}",))
            conn.execute("INSERT INTO coverage_years (year, version) VALUES (?, ?)", (year, new_version()))
        return bool(last)


def recount(conn: sqlite3.Connection, year: int) -> dict[Key, Counts]:
    """Count the day deltas of *year* from nothing."""
    return _recount(conn, {year: None})


def _recount(conn: sqlite3.Connection, years: dict[int, str | None]) -> dict[Key, Counts]:
    """Count *years* in one pass over all places, each up to its mark if it has one."""
    sums: dict[Key, list[int]] = {}
    for place in facts.stream(conn, first_day(min(years)), first_day(max(years) + 1)):
        for year, mark in years.items():
            if mark is None or place.root <= mark:
                gather(sums, year, steps(place, first_day(year), first_day(year + 1)), 1)
    return {key: Counts(*counts) for key, counts in sums.items() if any(counts)}


def check(conn: sqlite3.Connection) -> list[str]:
    """Compare all day deltas with the recount and return what differs, in words; empty when nothing does.

    Called within one read transaction. A year in the making is compared as far as it is counted.
    """
    years: dict[int, str | None] = dict(marks(conn))
    years |= {row[0]: None for row in conn.execute("SELECT year FROM coverage_years")}
    rows = conn.execute("SELECT DISTINCT year FROM coverage_deltas ORDER BY year").fetchall()
    strays = [year for (year,) in rows if year not in years]
    problems = [f"Tỷ lệ năm {year}: có số theo ngày của một năm không được đếm." for year in strays]
    counted = _recount(conn, years) if years else {}
    for year in sorted(years):
        kept = dict(stored(conn, year))
        right = {key: counts for key, counts in counted.items() if key[0] == year}
        problems += _differences(year, kept, right) or _of_units(conn, year, right)
    return problems


def _of_units(conn: sqlite3.Connection, year: int, right: dict[Key, Counts]) -> list[str]:
    """Compare the sums of each unit, by day and to the end of each month, with the deltas."""
    days = by_day(right)
    problems = []
    for (table, moment), summed in zip(UNITS.items(), (days, by_month(days)), strict=True):
        rows = conn.execute(f"SELECT {moment}, unit, {', '.join(FIGURES)} FROM {table} WHERE year = ?", (year,))
        kept = {(year, when, unit): counts for when, unit, *counts in rows if any(counts)}
        wrong = sorted(key for key in kept | summed if kept.get(key) != summed.get(key))
        problems += [
            f"Tỷ lệ năm {year}: đơn vị {unit}: số cộng của {when} khác với số theo ngày."
            for _, when, unit in wrong[:PROBLEMS]
        ]
    return problems


def _differences(year: int, kept: dict[Key, Counts], right: dict[Key, Counts]) -> list[str]:
    wrong = sorted(key for key in kept | right if kept.get(key) != right.get(key))
    found = [_difference(key, _words(kept.get(key)), _words(right.get(key))) for key in wrong[:PROBLEMS]]
    more = len(wrong) - PROBLEMS
    return found + ([f"Tỷ lệ năm {year}: còn {more} dòng nữa không khớp."] if more > 0 else [])


def _difference(key: Key, kept: str, right: str) -> str:
    year, part, unit, kinds, day = key
    unit, kinds = unit or "không rõ", kinds or "không rõ"
    if part:
        return (
            f"Tỷ lệ năm {year}, riêng {part}: đơn vị {unit}, loại hình {kinds}, ngày {day}:"
            f" đang giữ {kept}, đếm lại được {right}."
        )
    return (
        f"Tỷ lệ năm {year}: đơn vị {unit}, loại hình {kinds}, ngày {day}: đang giữ {kept}, đếm lại được {right}."
    )


def _words(counts: Counts | None) -> str:
    return " ".join(f"{name} {n:+d}" for name, n in (counts or Counts())._asdict().items() if n) or "không có gì"
