"""What stands under a number: the places, or the visits, that were added up to it."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.text import sort_key
from server.coverage.adding import Adding
from server.coverage.cells import Cell, cells_of, is_summed, whole
from server.coverage.figures import Name
from server.coverage.left_out import LeftOut, left_out
from server.coverage.listed import NotCounted, Place, Visit, address_on
from server.coverage.question import Question, places_at, places_of
from server.coverage.steps import Counts, PlaceFacts
from server.store import in_parts, marks


class What(StrEnum):
    """Which number of a row is looked under."""

    OPEN = "open"
    INSPECTED = "inspected"
    LEFT = "left"
    VIOLATING = "violating"
    NOT_OPEN = "not_open"
    VISITS = "visits"
    WITH_VIOLATIONS = "with_violations"
    NOT_COUNTED = "not_counted"


PLACES = (What.OPEN, What.INSPECTED, What.LEFT, What.VIOLATING, What.NOT_OPEN)
IS_UNDER: dict[What, Callable[[Counts], int]] = {
    What.OPEN: lambda counts: counts.open,
    What.INSPECTED: lambda counts: counts.inspected,
    What.LEFT: lambda counts: counts.open - counts.inspected,
    What.VIOLATING: lambda counts: counts.violating,
    What.NOT_OPEN: lambda counts: counts.inspected_not_open,
    What.VISITS: lambda counts: counts.visits,
    What.WITH_VIOLATIONS: lambda counts: counts.with_violations,
}


@dataclass(frozen=True)
class Under:
    """A number: *what* of the row called *row*, where rows are *by* something; of the total without a row."""

    what: What
    by: str = "unit"
    row: Name | None = None


@dataclass(frozen=True)
class Found:
    root: str
    unit: str
    kinds: str
    visits: int


class Listing:
    """All that stands under one number: how many, and any page of it with its details.

    It is found by the same cells and rows as the number itself, so that both agree. Where
    the day deltas tell how many places stand in each unit, only those of the units on a
    page are looked at. Called within one read transaction.
    """

    def __init__(self, conn: sqlite3.Connection, question: Question, under: Under) -> None:
        """Find what stands there, without its details."""
        self._conn, self._question, self.under = conn, question, under
        self._adding = Adding(conn, question, under.by)
        self._registered: dict[str, set[str]] = {}  # by sure unit: how the register calls it
        if under.what is What.NOT_COUNTED:
            self._left_out = sorted(self._beside(), key=lambda one: (one.date, one.item))
            self.total = len(self._left_out)
        elif under.what in PLACES:
            counted = self._counted()
            self._places = self._in_order() if counted is None else None
            self._many = counted or {unit: len(places) for unit, places in (self._places or {}).items()}
            self.total = sum(self._many.values())
        else:
            self._visits = self._counting()
            self.total = len(self._visits)

    def places(self, offset: int = 0, limit: int | None = None) -> list[Place]:
        """Return a page of the places: commune by commune, those of no sure commune last, then by name."""
        end = self.total if limit is None else offset + limit
        wanted: list[str] = []
        begin = first = 0
        for unit, many in self._many.items():
            if begin < end and begin + many > offset:
                first = first if wanted else begin
                wanted.append(unit)
            begin += many
        places = self._in_units(wanted) if self._places is None else self._places
        found = [place for unit in wanted for place in self._details(unit, places.get(unit, ()))]
        return found[offset - first : end - first]

    def visits(self, offset: int = 0, limit: int | None = None) -> list[Visit]:
        """Return a page of the visits, the latest first."""
        page = self._visits[offset : None if limit is None else offset + limit]
        names = self._names({place for _, _, place, *_ in page})
        teams = self._team_names({team for *_, team, _, _, _ in page})
        return [
            Visit(
                id, day, place, names.get(place, ""), unit, self._unit_name(unit), team, teams.get(team, ""), basis,
                outcome, violations,
            )
            for id, day, place, unit, team, basis, outcome, violations in page
        ]  # fmt: skip

    def not_counted(self, offset: int = 0, limit: int | None = None) -> list[NotCounted]:
        """Return a page of the visits that were received and are not counted, the earliest first."""
        page = self._left_out[offset : None if limit is None else offset + limit]
        names = self._names({one.place for one in page if one.place})
        teams = self._team_names({one.team for one in page})
        return [
            NotCounted(
                one.item, one.date, one.place, names.get(one.place or "", ""), one.sure, self._unit_name(one.sure),
                teams.get(one.team, ""), one.basis, one.why, one.members,
            )
            for one in page
        ]  # fmt: skip

    def ids(self) -> list[str]:
        """Return the ids of all places under the number, without their details."""
        places = self._in_order() if self._places is None else self._places
        return [one.root for some in places.values() for one in some]

    def _beside(self) -> Iterator[LeftOut]:
        row = self.under.row
        for one in left_out(self._conn, self._question):
            if row is None or row in self._adding.names_of_left_out(one):
                yield one

    def _counted(self) -> dict[str, int] | None:
        """Count from day deltas the places of each sure unit, in the order of the list; None where they do not tell."""
        question, row = self._question, self.under.row
        if not is_summed(self._conn, question, self.under.by):
            return None
        found: dict[str, int] = {}
        for unit, kinds, counts in whole(self._conn, question, self.under.by):
            names = self._adding.names((unit, kinds))
            if names is not None and (row is None or row in names):
                sure = question.where.sure(unit)
                found[sure] = found.get(sure, 0) + IS_UNDER[self.under.what](Counts(*counts))
                self._registered.setdefault(sure, set()).add(unit)
        return {unit: found[unit] for unit in self._ordered(found) if found[unit]}

    def _in_units(self, units: Sequence[str]) -> dict[str, list[Found]]:
        """Find the places of some sure units."""
        question, found = self._question, {unit: list[Found]() for unit in units}
        registered = {at for unit in units for at in self._registered[unit]}
        for one in self._found(places_at(self._conn, question, registered)):
            if one.unit in found:
                found[one.unit].append(one)
        return found

    def _found(self, places: Iterable[PlaceFacts]) -> Iterator[Found]:
        """Yield those of *places* that the number counts, with how many of their visits."""
        row, is_under = self.under.row, IS_UNDER[self.under.what]
        for place in places:
            counts, stands = [0] * len(Counts._fields), ("", "")
            for cell in cells_of(place, self._question, self.under.by):
                sure = self._adding.sure(cell)
                if sure is None:
                    break
                stands = sure, cell.kinds
                for part in [self._adding.total(cell)] if row is None else self._of_row(cell, sure):
                    counts = [one + more for one, more in zip(counts, part, strict=True)]
            summed = Counts(*counts)
            if is_under(summed) > 0:
                yield Found(place.root, *stands, summed.visits)

    def _of_row(self, cell: Cell, sure: str) -> list[Counts]:
        return [counts for name, counts in self._adding.rows(cell, sure) if name == self.under.row]

    def _in_order(self) -> dict[str, list[Found]]:
        by_unit: dict[str, list[Found]] = {}
        for one in self._found(places_of(self._conn, self._question)):
            by_unit.setdefault(one.unit, []).append(one)
        return {unit: by_unit[unit] for unit in self._ordered(by_unit)}

    def _ordered(self, units: Iterable[str]) -> list[str]:
        """Put communes in the order of their keys, what is no sure commune last."""
        return sorted(units, key=lambda key: (not self._question.where.commune_of(key), key))

    def _details(self, unit: str, places: Sequence[Found]) -> list[Place]:
        known = {one.root: one for one in places}
        last = self._last_visits(list(known))
        found = []
        for id, code, name, state in self._records(list(known)):
            address = address_on(json.loads(state), str(self._question.as_of))
            one = known[id]
            kinds = tuple(one.kinds.split())
            found.append(
                Place(id, code, name, unit, self._unit_name(unit), kinds, address, one.visits, last.get(id))
            )
        return sorted(found, key=lambda one: (sort_key(one.name), one.id))

    def _records(self, roots: list[str]) -> Iterator[tuple[str, str, str, str]]:
        for part in in_parts(roots):
            yield from self._conn.execute(
                "SELECT establishments.id, code, name, state FROM establishments CROSS JOIN things"
                f" WHERE establishments.id IN ({marks(part)})"
                "   AND things.kind = 'establishment' AND things.id = establishments.id",
                part,
            )

    def _last_visits(self, roots: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in in_parts(roots):
            rows = self._conn.execute(
                "SELECT root, max(date) FROM establishments CROSS JOIN visits"
                f" WHERE root IN ({marks(part)}) AND visits.establishment = establishments.id"
                "   AND counting = 1 AND date < ? GROUP BY root",
                [*part, self._question.until],
            )
            found.update(rows.fetchall())
        return found

    def _counting(self) -> list[tuple[str, str, str, str, str, str, str, int]]:
        """List id, day, place, sure unit, team, basis, outcome and violations of the visits, the latest first."""
        places = {one.root: one.unit for one in self._found(places_of(self._conn, self._question))}
        question, found = self._question, []
        group, value = self.under.row or ("", "")
        team = value if group == "team" else question.team
        basis = value if group == "basis" else question.basis
        worst = 1 if self.under.what is What.WITH_VIOLATIONS else 0
        for part in in_parts(list(places)):
            rows = self._conn.execute(
                "SELECT visits.id, date, root, team, basis, outcome, violations FROM establishments CROSS JOIN visits"
                f" WHERE root IN ({marks(part)}) AND visits.establishment = establishments.id AND counting = 1"
                "   AND date >= ? AND date < ? AND violations >= ? AND ? IN ('', team) AND ? IN ('', basis)",
                [*part, question.since, question.until, worst, team, basis],
            )
            found += [(id, day, root, places[root], *rest) for id, day, root, *rest in rows]
        return sorted(found, key=lambda one: (one[1], one[0]), reverse=True)

    def _names(self, places: set[str]) -> dict[str, str]:
        return {id: name for id, _, name, _ in self._records(sorted(places))}

    def _team_names(self, teams: set[str]) -> dict[str, str]:
        found = {}
        for part in in_parts(sorted(teams)):
            rows = self._conn.execute(
                f"SELECT id, state FROM things WHERE kind = 'team' AND id IN ({marks(part)})", part
            )
            found.update({id: str(json.loads(state)["name"]) for id, state in rows})
        return found

    def _unit_name(self, key: str) -> str:
        unit = self._question.where.tree.get(key)
        return unit.name if unit else ""
