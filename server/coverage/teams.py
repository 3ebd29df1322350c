"""The share inspected by team: of the places in its area, and of those it inspected elsewhere."""

import json
import sqlite3
from collections.abc import Iterable

from schemas.units import Epoch, UnitTree
from server.coverage.figures import Sum, Sums
from server.coverage.left_out import left_out
from server.coverage.question import Question
from server.coverage.steps import Counts, PlaceFacts, Visit, standing, visits_within
from server.coverage.where import sure_unit


def by_team(conn: sqlite3.Connection, question: Question, places: Iterable[PlaceFacts]) -> tuple[Sum, Sums]:
    """Add up the area, in total and for each team.

    A team answers for the places that surely lie in its area, and for those it inspected
    elsewhere; only its own visits count for it. So a place stands with several teams,
    and once in the total.
    """
    teams = _Teams(conn, question.where.tree)
    total, sums = Sum(), Sums()
    for place in places:
        unit, kinds, counts = standing(place, question.since, question.until)
        if not any(counts) or not question.wants(kinds) or not question.where.holds(question.where.sure(unit)):
            continue
        total.add(counts)
        visits = visits_within(place, question.since, question.until)
        for team in teams.of(unit) | {visit.team for visit in visits}:
            sums.setdefault(("team", team), Sum()).add(_of_team(counts, team, visits))
    for one in left_out(conn, question):
        total.not_counted += 1
        if one.team:
            sums.setdefault(("team", one.team), Sum()).not_counted += 1
    return total, sums


def _of_team(counts: Counts, team: str, visits: tuple[Visit, ...]) -> Counts:
    own = [visit for visit in visits if visit.team == team]
    seen = int(bool(own))
    bad = sum(1 for visit in own if visit.violations)
    return Counts(counts.open, seen & counts.open, seen & counts.inspected_not_open, len(own), bad)


class _Teams:
    """Which teams answer for a unit of the register."""

    def __init__(self, conn: sqlite3.Connection, tree: UnitTree) -> None:
        self._tree = tree
        self._by_area: dict[str, set[str]] = {}
        self._known: dict[str, set[str]] = {}
        for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'team'"):
            state = json.loads(text)
            self._by_area.setdefault(f"{state.get('epoch')}:{state.get('area')}", set()).add(id)

    def of(self, unit: str) -> set[str]:
        found = self._known.get(unit)
        if found is None:
            sure = [sure_unit(self._tree, unit, epoch) for epoch in Epoch]
            areas = {area for key in sure if key for area in (key, *self._tree.ancestors(key))}
            found = self._known[unit] = {team for area in areas for team in self._by_area.get(area, ())}
        return found
