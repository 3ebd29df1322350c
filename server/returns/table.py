"""The table of a return as it is kept: columns, rows by commune and kind, and under each number the ids of its things.

Plain values only, and canonical JSON both ways, so that what was frozen is shown exactly as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column. *unit* is what is counted: place, visit, violation, decision, tip, person, dong, month, tenths.

    *group* stands over it in the head of the table. *tenths*: of a percent, and nothing is added up.
    """

    code: str
    heading: str
    unit: str
    group: str = ""


@dataclass(frozen=True)
class Cell:
    """One number, that of the same days of the year before, the difference, and the ids of the things under both.

    Of a share *value* is in tenths of a percent, None where there is no place ("Không có cơ sở").
    *before* and *difference* are None where nothing is compared.
    """

    value: int | None
    before: int | None = None
    difference: int | None = None
    ids: tuple[str, ...] = ()
    ids_before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line: of a commune and a kind, of a commune in all (*kind* empty), of a kind in all, or of everything.

    *unit* is a key of the asked map; where *sure* is false that of the smallest unit that surely holds what stands
    there, and its name is "Chưa xác định xã". A *kind* "unknown" has what stands under no kind.
    """

    unit: str
    name: str
    kind: str
    kind_name: str
    sure: bool
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Figures:
    """The table of a return: *rows* by commune and kind; *of_units*, *of_kinds* and *total* once each place.

    A place of two kinds stands in each of them and once in the total. *kinds* are those that count, empty: all.
    """

    unit: str
    name: str
    first: str
    last: str
    before: tuple[str, str] | None  # the same days of the year before
    kinds: tuple[str, ...]
    plan: str | None  # the plan whose kinds and target hold
    target: int | None  # percent, of the year or of the whole period
    exact: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    of_units: tuple[Row, ...]
    of_kinds: tuple[Row, ...]
    total: Row

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen: sorted and stable."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Figures":
        """Read what `as_json` wrote, exactly as it was."""
        raise NotImplementedError
