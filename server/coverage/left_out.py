"""What was received and is not counted: visits that wait, conflict or need correcting, or lack a quorum."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.inspections import QUORUM, Outcome
from schemas.items import Unreadable, read
from server.coverage import facts
from server.coverage.question import Question
from server.coverage.steps import standing

INSPECTED = tuple(outcome.value for outcome in Outcome if outcome.counts)


@dataclass(frozen=True)
class LeftOut:
    """One visit that stands beside the figures; *kinds* is None while its establishment has not arrived."""

    unit: str
    kinds: str | None
    team: str


def left_out(conn: sqlite3.Connection, question: Question) -> Iterator[LeftOut]:
    """Yield what was left out of the asked figures, each at its sure unit of the asked map.

    It stands where its place does at the end of the window. A place that has not arrived
    lies somewhere in the area of the laptop, since elsewhere its visit would not be
    accepted; it may be of any kind, so it is left out of every kind asked for.
    """
    for one in _all(conn, question.since, question.until):
        sure = question.where.sure(one.unit)
        if question.where.holds(sure) and (one.kinds is None or question.wants(one.kinds)):
            yield LeftOut(sure, one.kinds, one.team)


def _all(conn: sqlite3.Connection, since: str, until: str) -> list[LeftOut]:
    rows = [*_aside(conn, since, until), *_short(conn, since, until)]
    places = facts.load_many(conn, sorted({root for root, _, _ in rows if root}), since, until)
    found = []
    for root, area, team in rows:
        if root:
            unit, kinds, _ = standing(places[root], since, until)
            found.append(LeftOut(unit, kinds, team))
        else:
            found.append(LeftOut(area, None, team))
    return found


def _aside(conn: sqlite3.Connection, since: str, until: str) -> Iterator[tuple[str | None, str, str]]:
    """Yield root, area of the laptop and team of each item that is not in the truth and not out of it."""
    for root, device, line in conn.execute(
        "SELECT root, state, line FROM aside"
        "  LEFT JOIN establishments ON establishments.id = aside.establishment"
        "  LEFT JOIN things ON things.kind = 'device' AND things.id = aside.device"
        "  LEFT JOIN items ON items.name = aside.item"
        " WHERE aside.kind = 'inspection' AND aside.standing IN ('held', 'conflict', 'quarantined')"
        "   AND date >= ? AND date < ?",
        (since, until),
    ):
        state = json.loads(device) if device else {}
        yield root, f"{state['epoch']}:{state['area']}" if state.get("area") else "", _team_of(line)


def _team_of(line: bytes | None) -> str:
    try:
        team = read(bytes(line or b"")).body.get("team")
    except Unreadable:
        return ""
    return team if isinstance(team, str) else ""


def _short(conn: sqlite3.Connection, since: str, until: str) -> Iterator[tuple[str, str, str]]:
    """Yield the accepted visits without a quorum that nobody has accepted with a reason, or rejected."""
    rows = conn.execute(
        "SELECT root, team FROM visits JOIN establishments ON establishments.id = visits.establishment"
        " WHERE counting = 0 AND void = 0 AND members < ? AND outcome IN (?, ?) AND date >= ? AND date < ?"
        "   AND NOT EXISTS (SELECT 1 FROM reviews WHERE inspection = visits.id AND review = 'rejected')",
        (QUORUM, *INSPECTED, since, until),
    )
    return ((root, "", team) for root, team in rows)
