"""An area of one map, shown unit by unit on the other: what an old district is made of today.

Each row is as the one function of coverage answers it for the unit above; what stands in
the area and in none of these units is a row of its own.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from schemas.units import Epoch, UnitTree, epoch_on
from server.coverage.ask import coverage
from server.coverage.figures import Coverage, Row
from server.pages.areas import across, widest_across

SUMS = ("open", "inspected", "visits", "visits_with_violations", "inspected_not_open", "not_counted")


def units_across(tree: UnitTree, unit: str) -> list[str]:
    """List the units of the other map that *unit* is shown by; a single one gives way to those below it."""
    found = widest_across(tree, unit)
    while len(found) == 1 and tree.children(found[0]):
        found = list(tree.children(found[0]))
    return sorted(found)


def is_past(tree: UnitTree, unit: str, as_of: date) -> bool:
    """Say whether *unit* stands on a map that is not in force on the as-of day, and is known on the one that is."""
    if unit.startswith(f"{epoch_on(as_of).value}:"):
        return False
    return any(across(tree, key) != (key,) for key in tree.communes(unit))


def coverage_across(conn: sqlite3.Connection, *, tree: UnitTree, unit: str, **question: Any) -> Coverage:
    """Answer the coverage of *unit* with a row for each unit of the other map that lies in it."""
    answer = coverage(conn, tree=tree, unit=unit, **question)
    wanted = set(units_across(tree, unit))
    question |= {"kinds": answer.kinds, "tree": tree}
    rows = []
    for parent in sorted({tree.ancestors(key)[0] for key in wanted if tree.ancestors(key)}):
        question |= {"epoch": Epoch(parent.partition(":")[0]), "unit": parent}
        rows += [row for row in coverage(conn, by="unit", **question).rows if row.unit and row.key in wanted]
    rest = _rest(answer.total, rows)
    return replace(answer, rows=(*rows, rest) if rest else tuple(rows))


def _rest(total: Row, rows: Sequence[Row]) -> Row | None:
    left = {name: getattr(total, name) - sum(getattr(row, name) for row in rows) for name in SUMS}
    if not any(left.values()):
        return None
    return replace(total, unit="", name=_("Chưa xác định xã"), confirmed_on=None, confirmed_by="", **left)
