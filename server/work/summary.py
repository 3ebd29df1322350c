"""How far the rest of the year's work is, for the head of the page: a few counts, read from narrow tables."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from schemas.units import UnitTree
from server.pages.areas import inside, whole_communes
from server.work.reviews import windows_of


@dataclass(frozen=True)
class Summary:
    """Counts of a unit and a year: communes inspected of all, what is to be mended, lists confirmed, proposals."""

    communes: int
    inspected: int
    to_mend: int
    overdue: int
    lists: int
    confirmed: int
    waiting: int


def summary(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int, today: date) -> Summary:
    """Count; called within one read transaction."""
    communes, day = tree.communes(unit), today.isoformat()
    rows = conn.execute(
        "SELECT unit, mend_by, mended_on FROM unit_inspections WHERE day >= ? AND day <= ? AND void = 0",
        (f"{year}-01-01", f"{year}-12-31"),
    )
    found = [row for row in rows if inside(tree, unit, row[0])]
    open_ = [mend_by for _, mend_by, mended_on in found if mend_by and not mended_on]
    windows = windows_of(conn, whole_communes(tree, unit), year, today)
    waiting = conn.execute("SELECT unit FROM list_proposals WHERE year = ? AND standing = 'proposed'", (year,))
    return Summary(
        len(communes), len({row[0] for row in found} & set(communes)), len(open_), sum(one < day for one in open_),
        len(windows), sum(bool(one.on) for one in windows.values()),
        sum(inside(tree, unit, commune) for (commune,) in waiting),
    )  # fmt: skip
