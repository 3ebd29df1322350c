"""The renewal of the teams in the first quarter, by the register of teams itself."""

import sqlite3
from datetime import date

from schemas.text import sort_key
from schemas.units import UnitTree
from schemas.work import Renewal
from server.teams.listing import Team, teams
from server.work.model import TeamRenewal

_ORDER = (Renewal.NOT_YET, Renewal.LATE, Renewal.RENEWED, Renewal.HOLDS)


def renewals(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int) -> tuple[TeamRenewal, ...]:
    """Return each team of the area once, by its latest decision of the year; those that were not renewed first.

    A team that was closed before the year, or first set up after it, or whose unit was no more, is not among them.
    """
    every = teams(conn, tree, unit, date(year, 12, 31))
    found = {one.id: one for one in every if not _ended(tree, one.unit, date(year, 1, 1))}
    later = {one.renews for one in found.values() if one.renews and one.valid_from <= f"{year}-12-31"}
    mine = [_of(one, year) for one in found.values() if one.id not in later and _is_of(one, year)]
    return tuple(sorted(mine, key=lambda one: (_ORDER.index(one.standing), sort_key(one.name), one.team)))


def _ended(tree: UnitTree, key: str, day: date) -> bool:
    unit = tree.get(key)
    return bool(unit and unit.valid_to and unit.valid_to < day)


def _is_of(one: Team, year: int) -> bool:
    closed = one.closed_on and one.closed_on < f"{year}-01-01"
    return not closed and one.valid_from <= f"{year}-12-31"


def _of(one: Team, year: int) -> TeamRenewal:
    return TeamRenewal(one.id, one.name, one.unit, _standing(one, year), one.decision, one.valid_from, one.valid_to)


def _standing(one: Team, year: int) -> Renewal:
    first, quarter, last = f"{year}-01-01", f"{year}-03-31", f"{year}-12-31"
    if first <= one.valid_from <= quarter:
        return Renewal.RENEWED
    if one.valid_from > quarter:
        return Renewal.LATE
    holds = one.decision and (not one.valid_to or one.valid_to >= last)
    return Renewal.HOLDS if holds else Renewal.NOT_YET
