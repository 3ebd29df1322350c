"""What was received and is not counted: visits that wait, conflict or need correcting, or lack a quorum."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from schemas.inspections import QUORUM, Outcome
from schemas.items import Unreadable, read
from server.coverage import facts
from server.coverage.question import Question
from server.coverage.steps import standing

INSPECTED = tuple(outcome.value for outcome in Outcome if outcome.counts)


@dataclass(frozen=True)
class LeftOut:
    """One visit that stands beside the figures, at *unit* of the register.

    *kinds* is None while its establishment has not arrived.
    *why* is held, conflict or quarantined, or "short": too few members, accepted by nobody.
    """

    unit: str
    kinds: str | None
    team: str
    basis: str
    date: str
    place: str | None  # the record that stands for the establishment
    why: str
    item: str
    members: int = 0
    sure: str = ""  # the smallest sure unit of the asked map


def left_out(conn: sqlite3.Connection, question: Question) -> Iterator[LeftOut]:
    """Yield what was left out of the asked figures, each at its sure unit of the asked map.

    It stands where its place does at the end of the window. A place that has not arrived
    lies somewhere in the area of the laptop, since elsewhere its visit would not be
    accepted; it may be of any kind, so it is left out of every kind asked for.
    """
    for one in _all(conn, question):
        sure = question.where.sure(one.unit)
        if question.where.holds(sure) and (one.kinds is None or question.wants(one.kinds)):
            yield replace(one, sure=sure)


def _all(conn: sqlite3.Connection, question: Question) -> Iterator[LeftOut]:
    rows = [*_aside(conn, question.since, question.until), *_short(conn, question.since, question.until)]
    rows = [one for one in rows if question.team in ("", one.team) and question.basis in ("", one.basis)]
    roots = sorted({one.place for one in rows if one.place})
    places = facts.load_many(conn, roots, question.since, question.until)
    for one in rows:
        if one.place:
            unit, kinds, _ = standing(places[one.place], question.since, question.until)
            one = replace(one, unit=unit, kinds=kinds)
        yield one


def _aside(conn: sqlite3.Connection, since: str, until: str) -> Iterator[LeftOut]:
    """Yield the items that are not in the truth and not out of it, at first in the area of their laptop."""
    for root, device, line, item, standing_, day in conn.execute(
        "SELECT root, state, line, aside.item, aside.standing, date FROM aside"
        "  LEFT JOIN establishments ON establishments.id = aside.establishment"
        "  LEFT JOIN things ON things.kind = 'device' AND things.id = aside.device"
        "  LEFT JOIN items ON items.name = aside.item"
        " WHERE aside.kind = 'inspection' AND aside.standing IN ('held', 'conflict', 'quarantined')"
        "   AND date >= ? AND date < ?",
        (since, until),
    ):
        state = json.loads(device) if device else {}
        area = f"{state['epoch']}:{state['area']}" if state.get("area") else ""
        body = _body(line)
        yield LeftOut(area, None, _text(body, "team"), _text(body, "basis"), day, root, standing_, item)


def _body(line: bytes | None) -> dict[str, Any]:
    try:
        return read(bytes(line or b"")).body
    except Unreadable:
        return {}


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _short(conn: sqlite3.Connection, since: str, until: str) -> Iterator[LeftOut]:
    """Yield the accepted visits without a quorum that nobody has accepted with a reason, or rejected."""
    rows = conn.execute(
        "SELECT team, basis, date, root, item, members"
        "  FROM visits JOIN establishments ON establishments.id = visits.establishment"
        " WHERE counting = 0 AND void = 0 AND members < ? AND outcome IN (?, ?) AND date >= ? AND date < ?"
        "   AND NOT EXISTS (SELECT 1 FROM reviews WHERE inspection = visits.id AND review = 'rejected')",
        (QUORUM, *INSPECTED, since, until),
    )
    for team, basis, day, root, item, members in rows:
        yield LeftOut("", "", team, basis, day, root, "short", item, members)
