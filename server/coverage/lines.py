"""From sums to rows: each with its name, its target, how far the laptops reported, and its confirmed list."""

import sqlite3

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
        self._force = epoch_on(question.as_of)
        self._in_force = self._force == question.where.epoch
        self._area = question.where.unit
        self._area_target = question.target_of(self._area) if target is None else target
        self.reported = Reported(conn, question.where.tree)
        self._complete = self.reported.to(self._area)
        lists = conn.execute("SELECT unit, confirmed_on, confirmed_by FROM list_confirmations")
        self._lists = {unit: (on, by) for unit, on, by in lists}

    def total(self, found: Sum) -> Row:
        """Make the row of the whole area."""
        return self._of_area(found, self._unit_name(self._area))

    def row(self, name: Name, found: Sum) -> Row:
        """Make the row called *name*."""
        group, key = name
        if group == "kind":
            return self._of_area(found, KINDS.get(key, key), kind=key)
        if group == "basis":
            return self._of_area(found, BASES.get(key, key), basis=key)
        if group == "team":
            return self._of_area(found, self._team_name(key), team=key)
        if group == "unknown":
            return self._of_unit(found, key, code="", name=UNKNOWN_COMMUNE)
        return self._of_unit(found, key, code=_code(key), name=self._unit_name(key))

    def _of_area(self, found: Sum, name: str, **of: str) -> Row:
        on, by = self._confirmed(self._area)
        return _row(
            found, unit=_code(self._area or ""), key=self._area or "", name=name, **of,
            target=self._area_target, complete_to=self._complete, exact=self._exact(self._area or ""),
            confirmed_on=on, confirmed_by=by,
        )  # fmt: skip

    def _of_unit(self, found: Sum, key: str, *, code: str, name: str) -> Row:
        on, by = self._confirmed(key) if code else (None, "")
        return _row(
            found, unit=code, key=key, name=name,
            target=self._question.target_of(key) if self._target is None else self._target,
            complete_to=self.reported.to(key), exact=self._exact(key), confirmed_on=on, confirmed_by=by,
        )  # fmt: skip

    def _exact(self, key: str) -> bool:
        if self._in_force or key.startswith(f"{self._force}:"):
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


def _row(found: Sum, **rest: object) -> Row:
    return Row(
        open=found.open,
        inspected=found.inspected,
        visits=found.visits,
        visits_with_violations=found.with_violations,
        places_with_violations=found.violating,
        inspected_not_open=found.inspected_not_open,
        not_counted=found.not_counted,
        **rest,  # type: ignore[arg-type]
    )


def _code(key: str) -> str:
    return key.partition(":")[2]
