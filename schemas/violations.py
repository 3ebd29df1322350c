"""The catalogue of violations: what an operator may be found to have done, dated and sourced.

It holds acts of operators and managers only, never those of a private person. What a
row may be used for depends on its marks; docs/catalogues.md says who sets them.
What comes with the program is the base; `schemas/acts.py` lays the legal officer's versions over it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from schemas.data import files


@dataclass(frozen=True)
class CatalogueRow:
    """One act as one decree has it, from its first to its last day in force.

    A date that is not certain is used all the same, and shown with its mark. An
    *act_group* that is empty has not been decided: no repeat can be found through it.
    """

    code: str
    alias: str
    subject: str
    kinds: tuple[str, ...]
    act_group: str
    act_group_confirmed: bool
    name_vi: str
    name_en: str
    ind_min: int | None
    ind_max: int | None
    org_min: int | None
    org_max: int | None
    warning_possible: bool
    additional: str
    effective_from: date | None
    effective_from_certain: bool
    effective_to: date | None
    citation: str
    mark: str
    household_as: str
    confirmed_by: str
    source: str
    key: str = ""  # code@first day, as the row was first made: it stays when a later version corrects the day
    confirmed_on: date | None = None

    def in_force_on(self, day: date) -> bool:
        """Say whether the row is in force on *day*; its first and last day are in it."""
        return files.covers(self.effective_from, self.effective_to, day)

    def applies_to(self, kinds: Collection[str]) -> bool:
        """Say whether the row is for any of *kinds*; a place of no kind is asked about everything."""
        return not kinds or files.ALL_KINDS in self.kinds or not set(self.kinds).isdisjoint(kinds)


@dataclass(frozen=True)
class ActGroup:
    """Codes that are the same act in law; *confirmed* once every one of them is."""

    id: str
    confirmed: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All acts there are, and which of them are the same act in law.

    *groups* are those that a legal officer has decided: a code that stands there has that
    group under every decree, an empty one where it was taken out of its group. Any other
    code has the group of its row. *confirmed* are the groups confirmed by name.
    """

    rows: tuple[CatalogueRow, ...]
    groups: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()

    def in_force(self, day: date, kinds: Collection[str] = ()) -> tuple[CatalogueRow, ...]:
        """List the rows in force on *day* for any of *kinds*, or for all kinds when none is given."""
        return tuple(row for row in self.rows if row.in_force_on(day) and row.applies_to(kinds))

    def find(self, code: str, day: date) -> CatalogueRow | None:
        """Find the row of *code* that is in force on *day*, None when the act has none that day."""
        return next((row for row in self.of_code.get(code, ()) if row.in_force_on(day)), None)

    def words(self, code: str) -> str:
        """Return what the newest row of *code* calls the act, the code itself when the catalogue never had it."""
        rows = self.of_code.get(code)
        return rows[-1].name_vi if rows else code

    def group_of(self, code: str, day: str) -> str:
        """Return the act group of *code*: what was decided of it, else that of the row in force on *day*.

        Else it is that of its newest row that has one; empty: none yet. A group outlives
        decrees, so that an act sanctioned under an earlier one is the same act.
        """
        if code in self.groups:
            return self.groups[code]
        rows = [row for row in self.of_code.get(code, ()) if row.act_group]
        decided = [row for row in rows if row.in_force_on(date.fromisoformat(day))] or rows
        return decided[-1].act_group if decided else ""

    def citation(self, code: str, day: str = "") -> str:
        """Return the article of *code* as it was in force on *day*, else its newest; empty when there is none."""
        row = self.find(code, date.fromisoformat(day)) if day else None
        rows = self.of_code.get(code)
        return (row or rows[-1]).citation if rows else ""

    def find_code(self, written: str) -> str:
        """Return the code that somebody wrote in any case, empty when the catalogue never had it."""
        return self._folded.get(written.casefold(), "")

    @cached_property
    def act_groups(self) -> tuple[ActGroup, ...]:
        """The groups that have been decided, by their first code in the file."""
        members: dict[str, list[CatalogueRow]] = defaultdict(list)
        for row in self.rows:
            group = self.groups.get(row.code, row.act_group)
            if group:
                members[group].append(row)
        return tuple(self._group(id, found) for id, found in members.items())

    def _group(self, id: str, rows: Iterable[CatalogueRow]) -> ActGroup:
        rows = tuple(rows)
        sure = id in self.confirmed or all(row.act_group_confirmed for row in rows)
        return ActGroup(id, sure, tuple(dict.fromkeys(row.code for row in rows)))

    def is_confirmed(self, group: str) -> bool:
        """Say whether a legal officer has confirmed *group*."""
        return any(one.id == group and one.confirmed for one in self.act_groups)

    @cached_property
    def of_code(self) -> dict[str, tuple[CatalogueRow, ...]]:
        """The rows of each code, the earliest in force first."""
        versions: dict[str, list[CatalogueRow]] = defaultdict(list)
        for row in self.rows:
            versions[row.code].append(row)
        return {
            code: tuple(sorted(found, key=lambda row: row.effective_from or date.min))
            for code, found in versions.items()
        }

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code.casefold(): code for code in self.of_code}


@cache
def packaged() -> Catalogue:
    """Return the catalogue that comes with the program, in the order of the file."""
    return Catalogue(tuple(_row(cells) for cells in files.rows("violations.csv")))


_used: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def use(catalogue: Catalogue | None) -> None:
    """Let the functions below answer from *catalogue* for the rest of this request or command; None ends it.

    What decides in law is given its catalogue by name, and does not rest on this.
    """
    _used.set(catalogue)


def used() -> Catalogue:
    """Return the catalogue of this request or command: the packaged one where none was named."""
    return _used.get() or packaged()


def catalogue() -> tuple[CatalogueRow, ...]:
    """Return every row there is."""
    return used().rows


def in_force(day: date, kinds: Collection[str] = ()) -> tuple[CatalogueRow, ...]:
    """List the rows in force on *day* for any of *kinds*, or for all kinds when none is given."""
    return used().in_force(day, kinds)


def find(code: str, day: date) -> CatalogueRow | None:
    """Find the row of *code* that is in force on *day*, None when the act has none that day."""
    return used().find(code, day)


def words(code: str) -> str:
    """Return what the newest row of *code* calls the act, the code itself when the catalogue never had it."""
    return used().words(code)


def group_of(code: str, day: str) -> str:
    """Return the act group of *code* on *day*; empty: none yet."""
    return used().group_of(code, day)


def citation(code: str, day: str = "") -> str:
    """Return the article of *code* as it was in force on *day*, else its newest; empty when there is none."""
    return used().citation(code, day)


def find_code(written: str) -> str:
    """Return the code that somebody wrote in any case, empty when the catalogue never had it."""
    return used().find_code(written)


def act_groups() -> tuple[ActGroup, ...]:
    """List the groups that have been decided, by their first code in the file."""
    return used().act_groups


def amount_range(row: CatalogueRow, legal_form: str) -> tuple[int, int] | None:
    """Say from what to what the fine goes in đồng, None whenever no amount may be printed.

    That is when the row is not confirmed, has no amounts, or its decree's rule for a
    household is not known. *legal_form* is enterprise, household or individual.
    """
    if not row.confirmed_by:
        return None
    match row.household_as if legal_form == "household" else legal_form:
        case "individual":
            low, high = row.ind_min, row.ind_max
        case "enterprise":
            low, high = row.org_min, row.org_max
        case _:
            return None
    return None if low is None or high is None else (low, high)


def _row(cells: dict[str, str]) -> CatalogueRow:
    return CatalogueRow(
        code=cells["code"],
        alias=cells["alias"],
        subject=cells["subject"],
        kinds=files.words(cells["kinds"]),
        act_group=cells["act_group"],
        act_group_confirmed=files.flag(cells["act_group_confirmed"]),
        name_vi=cells["name_vi"],
        name_en=cells["name_en"],
        ind_min=files.number(cells["ind_min"]),
        ind_max=files.number(cells["ind_max"]),
        org_min=files.number(cells["org_min"]),
        org_max=files.number(cells["org_max"]),
        warning_possible=files.flag(cells["warning_possible"]),
        additional=cells["additional"],
        effective_from=files.day(cells["effective_from"]),
        effective_from_certain=files.flag(cells["effective_from_certain"]),
        effective_to=files.day(cells["effective_to"]),
        citation=cells["citation"],
        mark=cells["mark"],
        household_as=cells["household_as"],
        confirmed_by=cells["confirmed_by"],
        source=cells["source"],
        key=f"{cells['code']}@{cells['effective_from']}",
    )
