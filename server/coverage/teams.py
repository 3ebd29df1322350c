"""Which teams answer for which units: a team for all that surely lies in its area."""

import json
import sqlite3

from schemas.units import Epoch, UnitTree
from server.coverage.where import sure_unit


class Teams:
    """The teams, by the units of the register that they answer for, in a period (half open).

    One that had ended before the period, or begins after it, answers for nothing.
    """

    def __init__(self, conn: sqlite3.Connection, tree: UnitTree, since: str, until: str) -> None:
        """Read the teams as they are now."""
        self._tree = tree
        self._by_area: dict[str, set[str]] = {}
        self._known: dict[str, frozenset[str]] = {}
        self.names: dict[str, str] = {}
        for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'team'"):
            state = json.loads(text)
            self.names[id] = state["name"]
            if (state.get("valid_to") or until) < since or (state.get("valid_from") or since) >= until > since:
                continue
            self._by_area.setdefault(f"{state.get('epoch')}:{state.get('area')}", set()).add(id)

    def of(self, unit: str) -> frozenset[str]:
        """Return the teams that answer for *unit*, a key that the register has."""
        found = self._known.get(unit)
        if found is None:
            sure = [sure_unit(self._tree, unit, epoch) for epoch in Epoch]
            areas = {area for key in sure if key for area in (key, *self._tree.ancestors(key))}
            teams = (team for area in areas for team in self._by_area.get(area, ()))
            found = self._known[unit] = frozenset(teams)
        return found
