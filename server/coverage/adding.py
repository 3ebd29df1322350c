"""Adding up: which rows of an answer a place stands in, and as what it counts there."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import add

from schemas.register import Kind
from schemas.units import Epoch, UnitTree
from server.coverage.across import units_across
from server.coverage.cells import ASKED, BASES, Cell, cells, whole
from server.coverage.cells import total as cells_total
from server.coverage.figures import Name, Sum, Sums
from server.coverage.left_out import LeftOut, left_out
from server.coverage.question import Question
from server.coverage.steps import WHOLE, Counts
from server.coverage.teams import Teams
from server.coverage.where import sure_unit

NOTHING = Counts()
Part = tuple[Name, Counts]  # of a row


class Adding:
    """The rows of one question, *by* unit, commune, kind, basis or team, or *across*: by units of the other map.

    The sums of an answer and the lists under each of its numbers are made from what
    stands here, so that they cannot differ.
    """

    def __init__(self, conn: sqlite3.Connection, question: Question, by: str) -> None:
        """Read the areas of the teams where they matter."""
        self.question, self.by = question, by
        of_teams = by == "team" or bool(question.team)
        self.teams = Teams(conn, question.where.tree, question.since, question.until) if of_teams else None
        self.names_of = _across(question) if by == "across" else _namer(question, by)
        self._sure: dict[tuple[str, str], str | None] = {}
        where = question.where
        self._known = _known_names(where.tree, where.epoch, where.unit, by)
        self.expected = self._expected()  # the rows that stand there even with nothing in them, in their order

    def _expected(self) -> list[Name]:
        question = self.question
        if self.by == "kind":
            return [("kind", kind.value) for kind in Kind if question.wants(kind.value)]
        if self.by in ("team", "basis"):
            bases = [basis for basis in BASES if question.basis in ("", basis)]
            return [("basis", basis) for basis in bases] if self.by == "basis" else []
        if self.by == "across" and question.where.unit:
            units = tuple(units_across(question.where.tree, question.where.unit))
        else:
            units = question.where.communes() if self.by == "commune" else question.where.children()
        return [("unit", key) for key in units]

    def sure(self, cell: Cell) -> str | None:
        """Return the smallest sure unit of a cell that is asked for, None where it is not."""
        which = cell.unit, cell.kinds
        if which not in self._sure:
            sure = self.question.where.sure(cell.unit)
            asked = self.question.where.holds(sure) and self.question.wants(cell.kinds)
            self._sure[which] = sure if asked else None
        return self._sure[which]

    def names(self, which: tuple[str, str]) -> Sequence[Name] | None:
        """Name the rows in which a unit and kinds stand, None where they are not asked for."""
        unit, kinds = which
        if self.by == "kind" or self.question.kinds:
            return self._names(unit, kinds)
        if unit not in self._known:
            names = self._names(unit, kinds)
            self._known[unit] = None if names is None else tuple(names)
        return self._known[unit]

    def _names(self, unit: str, kinds: str) -> list[Name] | None:
        sure = self.sure(Cell(WHOLE, unit, kinds, NOTHING))
        return None if sure is None else self.names_of(unit if self.by == "across" else sure, kinds)

    def total(self, cell: Cell) -> Counts:
        """Return what a cell counts in the total, under the filters of the question."""
        if not self.question.filters:
            return cell.counts if cell.part == WHOLE else NOTHING
        if cell.part == WHOLE:
            return self._open(self.question.team, cell)
        return self._seen(self.question.team, cell) if cell.part == ASKED else NOTHING

    def rows(self, cell: Cell, sure: str) -> Iterable[Part]:
        """Return the rows that a cell stands in, with what it counts in each."""
        if self.by == "across":
            sure = cell.unit
        if self.by == "team":
            return self._of_teams(cell)
        if self.by == "basis":
            return self._of_bases(cell)
        counts = self.total(cell)
        return [(name, counts) for name in self.names_of(sure, cell.kinds)]

    def names_of_left_out(self, one: LeftOut) -> list[Name]:
        """Name the rows beside which a visit stands that is not counted."""
        if self.by in ("team", "basis"):
            value = one.team if self.by == "team" else one.basis
            return [(self.by, value)] if value else []
        return self.names_of(one.unit if self.by == "across" else one.sure, one.kinds or "")

    def _of_teams(self, cell: Cell) -> Iterator[Part]:
        assert self.teams is not None, "they are read for rows by team"
        if cell.part == WHOLE:
            for team in self.teams.of(cell.unit):
                if self.question.team in ("", team):
                    yield ("team", team), Counts(open=cell.counts.open)
        elif cell.part != ASKED:
            yield ("team", cell.part), self._seen(cell.part, cell)

    def _of_bases(self, cell: Cell) -> Iterator[Part]:
        if cell.part == WHOLE:
            yield from ((name, self._open(self.question.team, cell)) for name in self.expected)
        elif cell.part != ASKED:
            yield ("basis", cell.part), self._seen(self.question.team, cell)

    def _open(self, team: str, cell: Cell) -> Counts:
        """Return what is open for a *team*: what it answers for; for no team in particular, all."""
        return Counts(open=cell.counts.open) if not team or self._answers(team, cell) else NOTHING

    def _seen(self, team: str, cell: Cell) -> Counts:
        """Return what a part counts; what a *team* inspected outside its area is open for it too."""
        if team and not self._answers(team, cell):
            return cell.counts._replace(open=cell.counts.inspected)
        return cell.counts

    def _answers(self, team: str, cell: Cell) -> bool:
        assert self.teams is not None, "they are read for questions about a team"
        return team in self.teams.of(cell.unit)


def add_up(conn: sqlite3.Connection, adding: Adding) -> tuple[Sum, Sums]:
    """Add up what stands in the area, in total and under each row's name, and what is left out of it."""
    total, sums = add_counted(conn, adding)
    for one in left_out(conn, adding.question):
        total.not_counted += 1
        for name in adding.names_of_left_out(one):
            sums.setdefault(name, Sum()).not_counted += 1
    return total, sums


def add_counted(conn: sqlite3.Connection, adding: Adding) -> tuple[Sum, Sums]:
    """Add up what is counted in the area, in total and under each row's name."""
    total, sums = Sum(), {name: Sum() for name in adding.expected}
    plain = not adding.question.filters and adding.by not in ("team", "basis")
    (_add_whole if plain else _add_parts)(conn, adding, total, sums)
    return total, sums


def add_all(conn: sqlite3.Connection, question: Question) -> Sum:
    """Add up what is counted in the whole area, without its rows: the same total in less time."""
    counts = cells_total(conn, question)
    if counts is None:
        return add_counted(conn, Adding(conn, question, "unit"))[0]
    total = Sum()
    total.add(counts)
    return total


def _add_parts(conn: sqlite3.Connection, adding: Adding, total: Sum, sums: Sums) -> None:
    for cell in cells(conn, adding.question, adding.by):
        sure = adding.sure(cell)
        if sure is None:
            continue
        total.add(adding.total(cell))
        for name, counts in adding.rows(cell, sure):
            found = sums.get(name)
            if found is None:
                found = sums[name] = Sum()
            found.add(counts)


def _add_whole(conn: sqlite3.Connection, adding: Adding, total: Sum, sums: Sums) -> None:
    """Add up where only the whole is asked for: first by unit and kinds, so that each finds its rows once."""
    found: dict[tuple[str, str], Sequence[int]] = {}
    for unit, kinds, counts in whole(conn, adding.question, adding.by):
        known = found.get((unit, kinds))
        found[unit, kinds] = counts if known is None else tuple(map(add, known, counts))
    held = []
    for which, counts in found.items():
        names = adding.names(which)
        if names is not None:
            held.append(counts)
            for name in names:
                row = sums.get(name)
                if row is None:
                    row = sums[name] = Sum()
                row.add(counts)
    if held:
        total.add([sum(column) for column in zip(*held, strict=True)])


@lru_cache(maxsize=64)
def _known_names(tree: UnitTree, epoch: Epoch, area: str | None, by: str) -> dict[str, tuple[Name, ...] | None]:
    """Return what is known already of the rows of an area in which units of the register stand, whatever the kinds."""
    return {}


def _namer(question: Question, by: str) -> Callable[[str, str], list[Name]]:
    """Return what names the rows in which a place stands, by its sure unit and its kinds."""
    where = question.where

    def kinds_of(sure: str, kinds: str) -> list[Name]:
        return [("kind", kind) for kind in kinds.split() if question.wants(kind)] or [("kind", "")]

    known: dict[str, list[Name]] = {}

    def unit_of(sure: str, kinds: str) -> list[Name]:
        found = known.get(sure)
        if found is None:
            key = where.commune_of(sure) if by == "commune" else where.child_of(sure)
            found = known[sure] = [("unit", key) if key else ("unknown", sure)]
        return found

    return kinds_of if by == "kind" else unit_of


def _across(question: Question) -> Callable[[str, str], list[Name]]:
    """Return what names the unit of the other map in which a place of the register surely stands."""
    tree, area = question.where.tree, question.where.unit or ""
    other = Epoch.NEW if question.where.epoch is Epoch.OLD else Epoch.OLD
    shown = set(units_across(tree, area)) if area else set()

    def unit_of(unit: str, kinds: str) -> list[Name]:
        sure = sure_unit(tree, unit, other)
        found = shown.intersection((sure, *tree.ancestors(sure)))
        return [("unit", next(iter(found)))] if found else [("unknown", area)]

    return unit_of
