"""From sums to rows: each with its name, its target, how far the laptops reported, and its confirmed list."""

import sqlite3
from typing import Any

from schemas import labels
from schemas.units import epoch_on
from server.coverage.complete import Reported
from server.coverage.figures import Name, Row, Sum
from server.coverage.question import Question
from server.coverage.teams import Teams

UNKNOWN_COMMUNE = "Chưa xác định xã"
UNKNOWN_KIND = "Chưa rõ loại hình"
EVERYTHING = "Tất cả"
BASES = {basis.value: vietnamese for basis, (vietnamese, _) in labels.BASIS.items()}
KINDS = {"": UNKNOWN_KIND, **{kind.value: vietnamese for kind, (vietnamese, _) in labels.KINDS.items()}}


class Lines:
    """Makes the rows of one answer. *target* stands at every row; without it each has its plan's."""

    def __init__(
        self, conn: sqlite3.Connection, question: Question, target: int | None, teams: Teams | None = None
    ) -> None:
        """Read what stands beside the figures; *teams* where rows are by team."""
        self._question, self._where = question, question.where
        self._target, self._teams = target, teams
        self._planned = question.plans.cover(question.year, question.period)
        self._force = epoch_on(question.as_of)
        self._in_force = self._force == question.where.epoch
        self._area = question.where.unit
        self._area_target = question.target_of(self._area) if target is None else target
        self.reported = Reported(conn, question.where.tree)
        self._complete = self.reported.to(self._area)
        lists = conn.execute("SELECT unit, confirmed_on, confirmed_by FROM list_confirmations")
        self._lists = {unit: (on, by) for unit, on, by in lists}
        self._area_list = self._confirmed(self._area)

    def total(self, found: Sum) -> Row:
        """Make the row of the whole area."""
        return self._of_area(found, self._unit_name(self._area))

    def row(self, name: Name, found: Sum) -> Row:
        """Make the row called *name*."""
        group, key = name
        if group == "unit":
            unit = self._where.tree.get(key)
            return self._of_unit(found, key, _code(key), unit.name if unit else EVERYTHING)
        if group == "kind":
            return self._of_area(found, KINDS.get(key, key), kind=key)
        if group == "basis":
            return self._of_area(found, BASES.get(key, key), basis=key)
        if group == "team":
            return self._of_area(found, self._team_name(key), team=key)
        return self._of_unit(found, key, "", UNKNOWN_COMMUNE)

    def _of_area(self, found: Sum, name: str, **of: Any) -> Row:
        on, by = self._area_list
        return Row(
            _code(self._area or ""), self._area or "", name, *found.figures(), **of,
            target=self._area_target, complete_to=self._complete, exact=self._in_force or self._exact(self._area or ""),
            confirmed_on=on, confirmed_by=by,
        )  # fmt: skip

    def _of_unit(self, found: Sum, key: str, code: str, name: str) -> Row:
        """Make a row of a unit; by place, for there may be thousands."""
        on, by = self._confirmed(key) if code and self._lists else (None, "")
        target = self._target_of(key) if self._planned else self._target
        to, exact = self.reported.to(key), self._in_force or self._exact(key)
        return Row(code, key, name, *found.figures(), target, to, None, None, None, exact, on, by)

    def _target_of(self, key: str) -> int | None:
        if self._target is not None:
            return self._target
        return self._question.target_of(key)

    def _exact(self, key: str) -> bool:
        if key.startswith(f"{self._force}:"):
            return True
        return self._where.exact(key, self._question.as_of)

    def _confirmed(self, key: str | None) -> tuple[str | None, str]:
        """Return when and by whom the list was confirmed; of a larger area the earliest, once all communes have."""
        if key in self._lists:
            return self._lists[key]
        communes = self._where.tree.communes(key) if key else self._where.communes()
        if not self._lists or communes == (key,):
            return None, ""
        found = [self._lists.get(commune) for commune in communes]
        known = [one for one in found if one is not None]
        if not known or len(known) < len(found):
            return None, ""
        on, by = min(known)
        return on, by if len(known) == 1 else ""

    def _unit_name(self, key: str | None) -> str:
        unit = self._where.tree.get(key) if key else None
        return unit.name if unit else EVERYTHING

    def _team_name(self, id: str) -> str:
        return self._teams.names.get(id, id) if self._teams else id


def _code(key: str) -> str:
    return key.partition(":")[2]
