"""The annex of a return: the inspections behind its figures, one line each; no names of persons."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.units import UnitTree


@dataclass(frozen=True)
class Line:
    """One counted inspection. *violations* are the acts in words, *decisions* the numbers of what was decided on it."""

    id: str
    date: str
    establishment: str
    name: str
    code: str
    address: str
    unit: str
    unit_name: str
    kinds: tuple[str, ...]
    basis: str
    team: str
    team_name: str
    outcome: str
    number: str
    violations: tuple[str, ...]
    decisions: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """One visit that was received and is not counted, with why (held, conflict, quarantined, short)."""

    item: str
    date: str
    name: str
    unit_name: str
    team_name: str
    why: str


@dataclass(frozen=True)
class Annex:
    """As many *lines* as the table has visits, the earliest first; *beside*: what it does not count."""

    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as it is frozen: sorted and stable."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Annex":
        """Read what `as_json` wrote, exactly as it was."""
        raise NotImplementedError


def annex(
    conn: sqlite3.Connection, tree: UnitTree, unit: str, first: date, last: date, *, plan: str | None = None
) -> Annex:
    """List the inspections that `figures` counts, asked the same. Called within one read transaction."""
    raise NotImplementedError
