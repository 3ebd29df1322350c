"""Where figures are read: cells of unit and kinds at the end of the window, as sums of day deltas or as a count."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from server.coverage.deltas import FIGURES
from server.coverage.question import Question, places_of
from server.coverage.steps import WHOLE, Counts, PlaceFacts, Visit, counted, parts, visits_within

ASKED = "asked"  # the part of the visits that the filters of the question leave
BASES = ("planned", "unscheduled", "recheck")
LAST = "~"  # sorts after every part
MOST_TOTALS = 4096  # known at once, some 300 bytes each
Whole = tuple[str, str, Sequence[int]]  # unit, kinds and counts
_COLUMNS = ", ".join(FIGURES)
_SUMS = ", ".join(f"sum({name})" for name in FIGURES)


class Cell(NamedTuple):
    """What places of one unit and one set of kinds count: by all their visits (WHOLE), or by those of one part.

    A part is ASKED, a basis, or the id of a team; when places were open the whole alone tells.
    """

    part: str
    unit: str
    kinds: str
    counts: Counts


def whole(conn: sqlite3.Connection, question: Question, by: str) -> Iterator[Whole]:
    """Yield unit, kinds and counts of the whole; kinds may be "" where neither rows *by* kind nor a filter ask."""
    if not _is_counted(conn, question):
        for place in places_of(conn, question):
            unit, kinds, counts = question.stands(place)
            if any(counts):
                yield unit, kinds, counts
    elif not question.kinds and by != "kind":
        yield from ((row[0], "", row[1:]) for row in _of_units(conn, question))
    else:
        yield from ((row[1], row[2], row[3:]) for row in _sums(conn, question, by, ("part = ?", (WHOLE,))))


def total(conn: sqlite3.Connection, question: Question) -> Sequence[int] | None:
    """Add up the whole of the area; None where only its cells one by one can tell.

    What was added up of a year as it stands is known until a change writes to the year: the years that are over
    are asked by every first page, and seldom change.
    """
    units, version = question.where.held(), _version(conn, question)
    if units is None or question.filters or version is None:
        return None
    where = question.where
    key = version, question.year, where.tree, where.epoch, where.unit, question.kinds, question.end
    found = _totals.get(key)
    if found is None:
        found = tuple(map(sum, zip(*_added(conn, question, units), strict=True)))
        if len(_totals) >= MOST_TOTALS:
            _totals.clear()
        if version:
            _totals[key] = found
    return found


_totals: dict[tuple[Any, ...], tuple[int, ...]] = {}


def _added(conn: sqlite3.Connection, question: Question, units: Sequence[str]) -> Iterator[Sequence[int]]:
    """Yield what together is the whole of *units*."""
    yield Counts()
    if not question.kinds:
        for asked in _asked_of_units(question, _SUMS, units):
            yield [count or 0 for count in conn.execute(*asked).fetchone()]
        return
    rows = conn.execute(
        f"SELECT kinds, {_SUMS} FROM coverage_deltas"
        f" WHERE year = ? AND part = ? AND day < ? AND unit IN ({', '.join('?' * len(units))}) GROUP BY kinds",
        (question.year, WHOLE, question.until, *units),
    )
    yield from (counts for kinds, *counts in rows if question.wants(kinds))


def cells(conn: sqlite3.Connection, question: Question, by: str) -> Iterator[Cell]:
    """Yield the cells of the whole, of what the filters leave where there are any, and of each team or basis.

    Teams and bases are told apart only for rows *by* them.
    """
    if _is_kept(question, by) and _is_counted(conn, question):
        return _summed(conn, question, by)
    return (cell for place in places_of(conn, question) for cell in cells_of(place, question, by))


def _is_counted(conn: sqlite3.Connection, question: Question) -> bool:
    """Say whether day deltas answer the question: those of a year, of the places open on any day of it."""
    return _version(conn, question) is not None


def _version(conn: sqlite3.Connection, question: Question) -> str | None:
    """Return what names the day deltas of the asked year as they stand; None where they do not answer the question.

    Each change gives a name that no other has, kept or rolled back; "" where none was given yet.
    """
    if question.period is not None or question.counted_on:
        return None
    row = conn.execute("SELECT version FROM coverage_years WHERE year = ?", (question.year,)).fetchone()
    return row and str(row[0])


def is_summed(conn: sqlite3.Connection, question: Question, by: str) -> bool:
    """Say whether `whole` alone tells what is asked, as sums of day deltas."""
    return not question.filters and by not in ("team", "basis") and _is_counted(conn, question)


def cells_of(place: PlaceFacts, question: Question, by: str) -> Iterator[Cell]:
    """Yield the cells of one place: none where it counts nothing."""
    unit, kinds, counts = question.stands(place)
    if not any(counts):
        return
    yield Cell(WHOLE, unit, kinds, counts)
    if not (question.filters or by in ("team", "basis")):
        return
    chosen = [visit for visit in visits_within(place, question.since, question.until) if question.chosen(visit)]
    for part, visits in _parted(question, by, chosen):
        yield Cell(part, unit, kinds, counted(visits, counts.open)._replace(open=0))


def _parted(question: Question, by: str, visits: list[Visit]) -> Iterator[tuple[str, Sequence[Visit]]]:
    if question.filters and visits:
        yield ASKED, visits
    if by in ("team", "basis"):
        yield from ((part, some) for part, some in parts(visits) if (part in BASES) == (by == "basis"))


def _is_kept(question: Question, by: str) -> bool:
    """Say whether deltas tell all that is asked: visits of a team, or of a basis; not of both at once."""
    of_teams = bool(question.team) or by == "team"
    of_bases = bool(question.basis) or by == "basis"
    return not (of_teams and of_bases)


def _summed(conn: sqlite3.Connection, question: Question, by: str) -> Iterator[Cell]:
    for unit, kinds, counts in whole(conn, question, by):
        yield Cell(WHOLE, unit, kinds, Counts(*counts))
    for name, which, values in _parts(question, by):
        for part, unit, kinds, *counts in _sums(conn, question, by, (which, values)):
            yield Cell(name or part, unit, kinds, Counts(*counts))


def _of_units(conn: sqlite3.Connection, question: Question) -> Iterator[tuple[Any, ...]]:
    """Yield the sums of every unit: to the end of the last month that is over, and of the days since then."""
    asked = _asked_of_units(question, f"unit, {_COLUMNS}", question.where.keys())
    return chain.from_iterable(conn.execute(*one) for one in asked)


def _asked_of_units(question: Question, what: str, units: Sequence[str] | None) -> Iterator[tuple[str, list[Any]]]:
    """Yield the two statements, with their values, that together read *what* of *units* (None: all)."""
    first = question.end.replace(day=1)
    month = 12 if question.end.year > question.year else first.month - 1
    among = f" AND unit IN ({', '.join('?' * len(units))})" if units is not None else ""
    own = [*(units or ())]
    yield f"SELECT {what} FROM coverage_months WHERE year = ? AND month = ?{among}", [question.year, month, *own]
    since = f"SELECT {what} FROM coverage_days WHERE year = ? AND day >= ? AND day < ?{among}"
    yield since, [question.year, str(first), question.until, *own]


def _sums(conn: sqlite3.Connection, question: Question, by: str, parts: tuple[str, Sequence[str]]) -> sqlite3.Cursor:
    """Add up the days to the end of the window by part, unit and kinds, of the *parts* that a condition names."""
    which, values = parts
    keys = question.where.keys()
    within = f" AND unit IN ({', '.join('?' * len(keys))})" if keys is not None else ""
    kinds = "kinds" if question.kinds or by == "kind" else "''"
    return conn.execute(
        f"SELECT part, unit, {kinds} AS of_kinds, {_SUMS} FROM coverage_deltas"
        f" WHERE year = ? AND {which} AND day < ?{within} GROUP BY part, unit, of_kinds",
        (question.year, *values, question.until, *(keys or ())),
    )


def _parts(question: Question, by: str) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield which parts are wanted beside the whole: a name ("": their own), and the condition that finds them.

    The parts of all teams are what lies between those of the bases.
    """
    asked = question.team or question.basis
    if asked:
        yield ASKED, "part = ?", (asked,)
    if by in ("team", "basis") and asked:
        yield asked, "part = ?", (asked,)
    elif by == "basis":
        yield from ((basis, "part = ?", (basis,)) for basis in BASES)
    elif by == "team":
        for low, high in pairwise((WHOLE, *sorted(BASES), LAST)):
            yield "", "part > ? AND part < ?", (low, high)
