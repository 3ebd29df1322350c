"""The figures of a return: the table of the register's own numbers for an area and days, with the year before."""

import sqlite3
from datetime import date

from schemas.units import UnitTree
from server.returns.table import Figures


def figures(
    conn: sqlite3.Connection, tree: UnitTree, unit: str, first: date, last: date, *, plan: str | None = None
) -> Figures:
    """Count what stands in *unit* (a key of either map) from *first* to *last*, both in it, with all known now.

    *plan* is the id of the plan whose kinds count; without it that of the unit in that year, as coverage has it.
    Called within one read transaction; raises UnknownUnit.
    """
    raise NotImplementedError
