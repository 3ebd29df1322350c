"""The catalogue of violations: what an operator may be found to have done, dated and sourced.

It holds acts of operators and managers only, never those of a private person. What a
row may be used for depends on its marks; docs/catalogues.md says who sets them.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

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


@cache
def catalogue() -> tuple[CatalogueRow, ...]:
    """Read every row that comes with the program, in the order of the file."""
    return tuple(_row(cells) for cells in files.rows("violations.csv"))


def in_force(day: date, kinds: Collection[str] = ()) -> tuple[CatalogueRow, ...]:
    """List the rows in force on *day* for any of *kinds*, or for all kinds when none is given."""
    return tuple(row for row in catalogue() if row.in_force_on(day) and row.applies_to(kinds))


def find(code: str, day: date) -> CatalogueRow | None:
    """Find the row of *code* that is in force on *day*, None when the act has none that day."""
    return next((row for row in _by_code().get(code, ()) if row.in_force_on(day)), None)


def words(code: str) -> str:
    """Return what the newest row of *code* calls the act, the code itself when the catalogue never had it."""
    rows = _by_code().get(code)
    return rows[-1].name_vi if rows else code


def group_of(code: str, day: str) -> str:
    """Return the act group of *code*: of the row in force on *day*, else of its newest that has one; empty: none yet.

    A group outlives decrees, so that an act sanctioned under an earlier one is the same act.
    """
    rows = _by_code().get(code, ())
    in_force_then = [row for row in rows if row.act_group and row.in_force_on(date.fromisoformat(day))]
    decided = in_force_then or [row for row in rows if row.act_group]
    return decided[-1].act_group if decided else ""


def citation(code: str, day: str = "") -> str:
    """Return the article of *code* as it was in force on *day*, else its newest; empty when the catalogue has none."""
    row = find(code, date.fromisoformat(day)) if day else None
    rows = _by_code().get(code)
    return (row or rows[-1]).citation if rows else ""


def find_code(written: str) -> str:
    """Return the code that somebody wrote in any case, empty when the catalogue never had it."""
    return _by_folded_code().get(written.casefold(), "")


@cache
def act_groups() -> tuple[ActGroup, ...]:
    """List the groups that have been decided, by their first code in the file."""
    members: dict[str, list[CatalogueRow]] = defaultdict(list)
    for row in catalogue():
        if row.act_group:
            members[row.act_group].append(row)
    return tuple(
        ActGroup(
            id=group,
            confirmed=all(row.act_group_confirmed for row in found),
            codes=tuple(dict.fromkeys(row.code for row in found)),
        )
        for group, found in members.items()
    )


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


@cache
def _by_folded_code() -> dict[str, str]:
    return {code.casefold(): code for code in _by_code()}


@cache
def _by_code() -> dict[str, tuple[CatalogueRow, ...]]:
    versions: dict[str, list[CatalogueRow]] = defaultdict(list)
    for row in catalogue():
        versions[row.code].append(row)
    return {code: tuple(found) for code, found in versions.items()}


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
    )
