"""The yearly review of the register, commune by commune: what was found between two confirmations of the list."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas.fields import instant_text
from schemas.items import read
from schemas.register import Status
from server.clock import VIETNAM
from server.store import in_parts, marks
from server.work.model import Review

_FOUND = ("new", "merged", "closed", "changed")  # a place is counted as the first of these that it is
_NOT_WORKING = (Status.PAUSED, Status.CLOSED)


@dataclass(frozen=True)
class Window:
    """Between which days a commune's list is looked at: after *since* (that of the confirmation before), to *on*."""

    since: str  # of the confirmation before, empty where there is none: then the window begins with the year
    on: str
    by: str
    year: int
    today: date

    @property
    def moments(self) -> tuple[str, str]:
        """The instants in UTC between which an arrival belongs to it."""
        last = self.on or min(date(self.year, 12, 31), self.today).isoformat()
        return _after(self.since or f"{self.year - 1}-12-31"), _after(last)


def reviews(conn: sqlite3.Connection, communes: Sequence[str], year: int, today: date) -> tuple[Review, ...]:
    """Return the reviews of *communes* in their order; called within one read transaction."""
    windows = windows_of(conn, communes, year, today)
    found, flaws = _found(conn, windows), _flaws(conn, communes, today)
    places, said = places_in(conn, communes), _said(conn, year)
    return tuple(
        Review(
            commune, places[commune], window.since, window.on, window.by, found[commune, "new"],
            found[commune, "closed"], found[commune, "merged"], found[commune, "changed"], flaws[commune],
            found[commune, "later"], said[commune, "all"], said[commune, "proposed"],
        )
        for commune, window in windows.items()
    )  # fmt: skip


def _after(day: str) -> str:
    """Return the instant at which a day in Vietnam ends."""
    return instant_text(datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), VIETNAM))


def windows_of(conn: sqlite3.Connection, communes: Sequence[str], year: int, today: date) -> dict[str, Window]:
    """Return each commune's window; a confirmation of a later year changes nothing of it."""
    first = f"{year}-01-01"
    said: dict[str, list[tuple[str, str]]] = {}
    for id, body in _confirmations(conn, communes):
        said.setdefault(id, []).append((body["on"], body.get("by") or ""))
    found = {}
    for commune in communes:
        days = sorted(said.get(commune, ()))
        before = max((on for on, _ in days if on < first), default="")
        on, by = max((one for one in days if first <= one[0] <= f"{year}-12-31"), default=("", ""))
        found[commune] = Window(before, on, by, year, today)
    return found


def _confirmations(conn: sqlite3.Connection, communes: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    for some in in_parts(communes):
        rows = conn.execute(
            "SELECT id, line FROM items WHERE kind = 'confirm_list' AND standing = 'accepted'"
            f" AND id IN ({marks(some)}) ORDER BY seq",
            some,
        )
        yield from ((id, read(bytes(line)).body) for id, line in rows if line)


def _found(conn: sqlite3.Connection, windows: dict[str, Window]) -> Counter[tuple[str, str]]:
    """Count the places of each commune by what was found of them in its window, and those changed after it."""
    kinds: dict[tuple[str, str], set[str]] = {}
    moments = {commune: window.moments for commune, window in windows.items()}
    first = min((since for since, _ in moments.values()), default="0")
    for some in in_parts(list(windows)):
        for commune, place, at, line in conn.execute(_EDITS.format(marks(some)), (*some, first)):
            since, last = moments[commune]
            if at >= last:
                if windows[commune].on:
                    kinds.setdefault((commune, place), set()).add("later")
            elif at >= since and line:
                kinds.setdefault((commune, place), set()).add(_kind(read(bytes(line)).body))
    counts: Counter[tuple[str, str]] = Counter()
    for (commune, _), said in kinds.items():
        counts[commune, next((one for one in _FOUND if one in said), "")] += 1
        counts[commune, "later"] += "later" in said
    return counts


_EDITS = (
    "SELECT placements.commune, establishment, arrivals.at, items.line FROM placements"
    " JOIN items ON items.id = establishment AND items.kind = 'establishment'"
    " AND items.standing IN ('accepted', 'conflict') JOIN arrivals ON arrivals.seq = items.seq"
    " WHERE placements.commune IN ({}) AND arrivals.at >= ?"
)


def _kind(body: dict[str, dict[str, object]]) -> str:
    """Say what one edit of a place is: it came, became one with another, stopped, or something else changed."""
    after, was = body["set"], body["was"]
    if after.get("name") and not was.get("name"):
        return "new"
    if after.get("merged_into"):
        return "merged"
    stopped = any(
        path.startswith("status/") and isinstance(value, dict) and value.get("status") in _NOT_WORKING
        for path, value in after.items()
    )
    return "closed" if stopped else "changed"


def _flaws(conn: sqlite3.Connection, communes: Sequence[str], today: date) -> Counter[str]:
    """Count the places without a kind, as the list of what needs a look has them."""
    counts: Counter[str] = Counter()
    for some in in_parts(communes):
        rows = conn.execute(
            "SELECT placements.commune, count(DISTINCT flaws.id) FROM placements"
            " CROSS JOIN flaws ON flaws.establishment = placements.establishment"
            f" WHERE placements.commune IN ({marks(some)}) AND flaws.problem = 'no_kind' AND flaws.day <= ?"
            " GROUP BY placements.commune",
            (*some, today.isoformat()),
        )
        counts.update(dict(rows.fetchall()))
    return counts


def places_in(conn: sqlite3.Connection, communes: Sequence[str]) -> Counter[str]:
    """Count the places that stand in each commune today."""
    counts: Counter[str] = Counter()
    for some in in_parts(communes):
        rows = conn.execute(
            "SELECT commune, count(*) FROM placements JOIN register_rows ON register_rows.id = establishment"
            f" WHERE commune IN ({marks(some)}) GROUP BY commune",
            some,
        )
        counts.update(dict(rows.fetchall()))
    return counts


def _said(conn: sqlite3.Connection, year: int) -> Counter[tuple[str, str]]:
    """Count the proposals of each commune: all, and those that wait for a decision."""
    counts: Counter[tuple[str, str]] = Counter()
    rows = conn.execute("SELECT unit, standing, count(*) FROM list_proposals WHERE year = ? GROUP BY 1, 2", (year,))
    for unit, standing, count in rows:
        counts[unit, "all"] += count
        counts[unit, standing] += count
    return counts
