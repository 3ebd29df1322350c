"""The renewal of the teams in the first quarter, by the register of teams itself."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.text import sort_key
from schemas.units import UnitTree
from schemas.work import Renewal
from server.pages.areas import inside
from server.work.model import TeamRenewal

_ORDER = (Renewal.NOT_YET, Renewal.LATE, Renewal.RENEWED, Renewal.HOLDS)


@dataclass(frozen=True)
class _Team:
    """What the renewal asks of a team; its members are not looked at."""

    id: str
    name: str
    unit: str
    decision: str
    since: str
    until: str
    closed_on: str
    renews: str


def renewals(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int) -> tuple[TeamRenewal, ...]:
    """Return each team of the area once, by its latest decision of the year; those that were not renewed first.

    A team that was closed before the year, or first set up after it, or whose unit was no more, is not among them.
    """
    first, last = f"{year}-01-01", f"{year}-12-31"
    found = [one for one in _teams(conn) if inside(tree, unit, one.unit) and not _ended(tree, one.unit, year)]
    later = {one.renews for one in found if one.renews and one.since <= last}
    mine = [
        TeamRenewal(one.id, one.name, one.unit, _standing(one, year), one.decision, one.since, one.until)
        for one in found if one.id not in later and one.since <= last and not ("" < one.closed_on < first)
    ]  # fmt: skip
    return tuple(sorted(mine, key=lambda one: (_ORDER.index(one.standing), sort_key(one.name), one.team)))


def _teams(conn: sqlite3.Connection) -> Iterator[_Team]:
    for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'team' ORDER BY id"):
        state: dict[str, Any] = json.loads(text)
        words = ("decision", "valid_from", "valid_to", "closed_on", "renews")
        said = (str(state.get(word) or "") for word in words)
        yield _Team(id, state["name"], f"{state['epoch']}:{state['area']}", *said)


def _ended(tree: UnitTree, key: str, year: int) -> bool:
    unit = tree.get(key)
    return bool(unit and unit.valid_to and unit.valid_to < date(year, 1, 1))


def _standing(one: _Team, year: int) -> Renewal:
    first, quarter, last = f"{year}-01-01", f"{year}-03-31", f"{year}-12-31"
    if first <= one.since <= quarter:
        return Renewal.RENEWED
    if one.since > quarter:
        return Renewal.LATE
    holds = one.decision and (not one.until or one.until >= last)
    return Renewal.HOLDS if holds else Renewal.NOT_YET
