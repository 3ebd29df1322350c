"""The lists of the communes: which have gone through theirs this year, and where a place stands today."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from schemas.text import sort_key
from schemas.units import UnitTree
from server.coverage.across import across
from server.pages.areas import name
from server.pages.words import day
from server.store import in_parts, marks


@dataclass(frozen=True)
class Lists:
    """The confirmed lists of an area: of how many communes, which are still open, and the last word of a single one."""

    year: int
    communes: int
    waiting: tuple[str, ...]  # names
    on: str | None = None
    by: str = ""

    @property
    def words(self) -> str:
        """Say it in a sentence, for the head of a page."""
        if self.communes == 1:
            return ", ".join(filter(None, (day(self.on), self.by))) or _("Chưa rà soát, chốt danh sách")
        done = self.communes - len(self.waiting)
        return _("%(done)s/%(all)s xã trong năm %(year)s", done=done, all=self.communes, year=str(self.year))


def lists_of(conn: sqlite3.Connection, tree: UnitTree, unit: str, *, year: int, in_force: str) -> Lists:
    """Return how the lists of *unit* stand; communes of a map that ended are asked for on the one in force."""
    known = {row[0]: row[1:] for row in conn.execute("SELECT unit, confirmed_on, confirmed_by FROM list_confirmations")}
    communes = _present(tree, unit, in_force)
    waiting = [name(tree, key) for key in communes if known.get(key, ("",))[0] < f"{year}-01-01"]
    on, by = known.get(communes[0], (None, "")) if len(communes) == 1 else (None, "")
    return Lists(year, len(communes), tuple(sorted(waiting, key=sort_key)), on, by)


def _present(tree: UnitTree, unit: str, in_force: str) -> list[str]:
    own = tree.communes(unit)
    if unit.startswith(f"{in_force}:"):
        return list(own)
    return sorted({other for commune in own for other in across(tree, commune)})


def present_communes(conn: sqlite3.Connection, places: Sequence[str]) -> dict[str, str]:
    """Return the commune in which each of *places* stands today, where that is one."""
    found: dict[str, str] = {}
    for some in in_parts(places):
        rows = conn.execute(
            "SELECT establishment, min(commune) FROM placements"
            f" WHERE establishment IN ({marks(some)}) GROUP BY establishment HAVING count(*) = 1",
            some,
        )
        found.update(rows.fetchall())
    return found
