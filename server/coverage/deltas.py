"""Day deltas: kept in the transaction that changes a place, so that any as-of day is a sum over days."""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from server.coverage import facts
from server.coverage.steps import WHOLE, Counts, Step, Visit, added_steps, steps

Key = tuple[int, str, str, str, str]  # year, part, unit, kinds, day
MARK = "coverage_year:"  # in meta, with a year behind it: the last root that add_year has counted for it


class Deltas:
    """The differences that one transaction makes to coverage.

    `before` is called before anything that a place's figures rest on is changed, and
    `flush` once, after the last change: it counts the remembered places again and writes
    what differs. What was rolled back in between differs in nothing.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        """Begin; the years that have deltas, whole or in the making, are read here."""
        self._conn = conn
        self._years = {row[0] for row in conn.execute("SELECT year FROM coverage_years")}
        self._marks = marks(conn)
        self._before: dict[tuple[str, int], facts.PlaceFacts | None] = {}
        self._places: dict[str, facts.PlaceFacts | None] = {}
        self._edited: set[str] = set()  # what the register says of them may change
        self._again: set[str] = set()  # any of their visits may change: read again in the end
        self._added: dict[str, list[Visit]] = {}

    def before(self, root: str, year: int | None = None) -> None:
        """Remember what the place *root* adds to *year*, or to every year that has deltas.

        With a *year* the caller says that only visits of that year will change; what the
        register says of the place is then not read again. Remembered once for each place
        and year; a year without deltas is ignored, and a place that does not exist yet
        adds nothing.
        """
        self._again.add(root)
        if year is None:
            self._edited.add(root)
        self._remember(root, year)

    def _remember(self, root: str, year: int | None) -> None:
        asked = (year,) if year is not None else (*self._years, *self._marks)
        years = [y for y in asked if (root, y) not in self._before and self._keeps(root, y)]
        if years:
            place = facts.load(self._conn, root, first_day(min(years)), first_day(max(years) + 1))
            self._places[root] = place
            self._before.update(((root, y), place) for y in years)

    def before_visits(self, wanted: Iterable[tuple[str, int]]) -> None:
        """Remember many places at once, each for the year to which visits will be added, told of by `added`."""
        pairs = [pair for pair in set(wanted) if pair not in self._before and self._keeps(*pair)]
        if not pairs:
            return
        years = [year for _, year in pairs]
        roots = {root for root, _ in pairs} - self._places.keys()
        found = facts.load_many(self._conn, roots, first_day(min(years)), first_day(max(years) + 1))
        for root, year in pairs:
            if root in roots:
                self._places[root] = self._before[root, year] = found.get(root)
            else:
                self.before(root, year)

    def added(self, root: str, visit: Visit) -> None:
        """Take in a new counting visit to a place that `before_visits` remembered: it need not be read again."""
        self._added.setdefault(root, []).append(visit)

    def _keeps(self, root: str, year: int) -> bool:
        return year in self._years or root <= self._marks.get(year, "")

    def flush(self) -> None:
        """Write the differences, and forget what was remembered."""
        if not self._before:
            return
        places = self._read_again()
        sums: dict[Key, list[int]] = {}
        for (root, year), before in self._before.items():
            if root in self._again:
                _gather_difference(sums, year, before, places.get(root))
            elif before and root in self._added:
                _gather_added(sums, year, before, self._added[root])
        write(self._conn, sums)
        for kept in (self._before, self._places, self._edited, self._again, self._added):
            kept.clear()

    def _read_again(self) -> dict[str, facts.PlaceFacts]:
        """Return those of the remembered places that may be other than they were, read again."""
        years = {year for _, year in self._before}
        since, until = first_day(min(years)), first_day(max(years) + 1)
        edited, visited = [], []
        for root, place in self._places.items():
            if root in self._edited or (place is None and root in self._again):
                edited.append(root)
            elif place and root in self._again:
                visited.append(place)
        found = facts.load_many(self._conn, edited, since, until)
        return found | facts.visits_again(self._conn, visited, since, until)


def _gather_difference(
    sums: dict[Key, list[int]], year: int, before: facts.PlaceFacts | None, place: facts.PlaceFacts | None
) -> None:
    was, now = _steps_of(before, year), _steps_of(place, year)
    if now != was:
        gather(sums, year, was, -1)
        gather(sums, year, now, 1)


def _gather_added(sums: dict[Key, list[int]], year: int, before: facts.PlaceFacts, more: list[Visit]) -> None:
    found = added_steps(before, more, first_day(year), first_day(year + 1))
    if found is None:
        _gather_difference(sums, year, before, facts.with_visits(before, more))
    else:
        gather(sums, year, found, 1)


def _steps_of(place: facts.PlaceFacts | None, year: int) -> list[Step]:
    return steps(place, first_day(year), first_day(year + 1)) if place else []


def first_day(year: int) -> str:
    """Return 1 January of *year*."""
    return f"{year:04d}-01-01"


def marks(conn: sqlite3.Connection) -> dict[int, str]:
    """Return the years in the making, and the last root counted for each."""
    rows = conn.execute("SELECT key, value FROM meta WHERE key >= ? AND key < ?", (MARK, MARK + "~"))
    return {int(key.removeprefix(MARK)): value for key, value in rows}


def gather(sums: dict[Key, list[int]], year: int, found: Iterable[Step], sign: int) -> None:
    """Add *found* to the running sums of a year, or with *sign* -1 take them away."""
    for part, unit, kinds, day, counts in found:
        key = (year, part, unit, kinds, day)
        row = sums.get(key)
        if row is None:
            row = sums[key] = [0, 0, 0, 0, 0, 0]
        for place, count in enumerate(counts):
            if count:
                row[place] += sign * count


FIGURES = Counts._fields  # the table has a column for each
_COLUMNS = ", ".join(FIGURES)
_ADD = (
    f"INSERT INTO coverage_deltas (year, part, unit, kinds, day, {_COLUMNS})"
    f" VALUES (?, ?, ?, ?, ?{', ?' * len(FIGURES)}) ON CONFLICT (year, part, unit, kinds, day) DO UPDATE SET "
    + ", ".join(f"{name} = coverage_deltas.{name} + excluded.{name}" for name in FIGURES)
)
_TAKE_OUT = (
    "DELETE FROM coverage_deltas WHERE year = ? AND part = ? AND unit = ? AND kinds = ? AND day = ? AND "
    + " AND ".join(f"{name} = 0" for name in FIGURES)
)


_ADD_TO_UNITS = {
    table: f"INSERT INTO {table} (year, {moment}, unit, {_COLUMNS}) VALUES (?, ?, ?{', ?' * len(FIGURES)})"
    f" ON CONFLICT (year, {moment}, unit) DO UPDATE SET "
    + ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in FIGURES)
    for table, moment in (("coverage_days", "day"), ("coverage_months", "month"))
}
_TAKE_OUT_OF_UNITS = {
    table: f"DELETE FROM {table} WHERE year = ? AND {moment} = ? AND unit = ? AND "
    + " AND ".join(f"{name} = 0" for name in FIGURES)
    for table, moment in (("coverage_days", "day"), ("coverage_months", "month"))
}
Units = dict[tuple[int, str | int, str], list[int]]  # by year, day or month, and unit


def write(conn: sqlite3.Connection, sums: dict[Key, list[int]]) -> None:
    """Add *sums* to the deltas, and to the sums of each unit; a row that comes to nothing is taken out.

    What is known of a year that changed is known no more: the year has another version.
    """
    changed = {key: counts for key, counts in sums.items() if any(counts)}
    conn.executemany(_ADD, [(*key, *counts) for key, counts in changed.items()])
    conn.executemany(_TAKE_OUT, changed)
    days = by_day(changed)
    for table, found in (("coverage_days", days), ("coverage_months", by_month(days))):
        conn.executemany(_ADD_TO_UNITS[table], [(*key, *counts) for key, counts in found.items()])
        conn.executemany(_TAKE_OUT_OF_UNITS[table], found)
    named = [(new_version(), year) for year in {key[0] for key in changed}]
    conn.executemany("UPDATE coverage_years SET version = ? WHERE year = ?", named)


def new_version() -> str:
    """Return a name for the deltas of a year as they stand from now on; no change ever has the name of another."""
    return secrets.token_hex(8)


def by_day(sums: Mapping[Key, Sequence[int]]) -> Units:
    """Add up the whole of each unit by day, whatever the kinds."""
    found: Units = {}
    for (year, part, unit, _, day), counts in sums.items():
        if part == WHOLE:
            known = found.get((year, day, unit))
            found[year, day, unit] = list(counts) if known is None else _plus(known, counts)
    return {key: counts for key, counts in found.items() if any(counts)}


def by_month(days: Units) -> Units:
    """Add up the days of each unit from the first of the year to the end of each month."""
    found: Units = {}
    for (year, day, unit), counts in days.items():
        for month in range(int(str(day)[5:7]), 13):
            known = found.get((year, month, unit))
            found[year, month, unit] = counts if known is None else _plus(known, counts)
    return {key: counts for key, counts in found.items() if any(counts)}


def _plus(some: Sequence[int], more: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(some, more, strict=True)]


def stored(conn: sqlite3.Connection, year: int) -> Iterator[tuple[Key, Counts]]:
    """Yield the rows of a year as they stand."""
    rows = conn.execute(
        f"SELECT part, unit, kinds, day, {_COLUMNS} FROM coverage_deltas WHERE year = ?",
        (year,),
    )
    return (((year, part, unit, kinds, day), Counts(*counts)) for part, unit, kinds, day, *counts in rows)
