"""Which rows an import may make: those about places and operators of the person's own area."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from server.imports.columns import Problem
from server.imports.planning import Fate, Planned
from server.office import Change

OUTSIDE = "Ngoài địa bàn của tài khoản; nhờ người phụ trách địa bàn đó nhập."
_COLUMNS = {"establishment": "unit_code", "operator": "operator"}


class Within:
    """The present communes of an area, and the units on either map that lead to them."""

    def __init__(self, conn: sqlite3.Connection, communes: Iterable[str], units: Iterable[str]) -> None:
        """Begin; *units* are all keys that a place of the area may have."""
        self._conn, self._communes, self._units = conn, frozenset(communes), frozenset(units)

    def only(self, planned: Iterable[Planned]) -> list[Planned]:
        """Refuse the rows of *planned* that say something of another area; nothing of them is made."""
        return [self._judged(one) for one in planned]

    def _judged(self, planned: Planned) -> Planned:
        column = next((_COLUMNS.get(one.kind, "establishment") for one in planned.changes if not self._may(one)), "")
        if not column:
            return planned
        value = planned.row.cells.get(column, "")
        return Planned(planned.row, Fate.BAD, [*planned.problems, Problem(column, value, OUTSIDE)])

    def _may(self, change: Change) -> bool:
        match change.kind:
            case "establishment":
                return self._of_place(change.id, change.body.get("set", {}))
            case "operator":
                return self._near(_OF_OPERATOR, change.id)
            case "decision":
                said = change.body.get("set", {})
                place = said.get("establishment")
                if place:
                    return self._near(_OF_PLACE, place)
                return self._near(_OF_OPERATOR, said["operator"]) if said.get("operator") else True
            case "inspection":
                return self._near(_OF_PLACE, change.body["establishment"])
        return True

    def _of_place(self, id: str, said: dict[str, Any]) -> bool:
        places = [value for path, value in said.items() if path.startswith("place/") and value]
        units = {f"{value['epoch']}:{value['unit']}" for value in places}
        return units <= self._units and self._near(_OF_PLACE, id)

    def _near(self, query: str, id: str) -> bool:
        """Say whether a thing stands in the area; one that stands nowhere yet is new."""
        found = {commune for (commune,) in self._conn.execute(query, (id,)).fetchall()}
        return not self._communes.isdisjoint(found) or not found


_OF_PLACE = "SELECT commune FROM placements WHERE establishment = ?"
_OF_OPERATOR = "SELECT commune FROM operator_places JOIN placements USING (establishment) WHERE operator = ?"
