"""Counting what visits and tips say beside the share: acts, people informed, files handed over, repeats, tips."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from schemas.items import read
from schemas.repeat import Answer
from server.arrivals.columns import ALARM
from server.history.repeated import repeated_places
from server.returns.figures.columns import field_of
from server.returns.figures.places import Period, Visit, says_crime
from server.store import in_parts, marks
from server.tips.lists import tips
from server.tips.times import Period as Days
from server.tips.times import Timing

HAND_OVER = "hand-over-file"  # the duty that signs of crime make (data/duties.toml)


def count_acts(conn: sqlite3.Connection, periods: Sequence[Period], visits: Iterable[Visit]) -> None:
    """Count the acts that visits found, by field of law; one coded since by a legal officer stands under that code."""
    found = {visit.id: visit for visit in visits if visit.violations}
    for part in in_parts(sorted(found)):
        for inspection, violation, code in conn.execute(
            "SELECT found_acts.inspection, found_acts.violation,"
            "       CASE WHEN found_acts.code <> '' THEN found_acts.code ELSE coalesce(codings.code, '') END"
            "  FROM found_acts LEFT JOIN codings ON codings.violation = found_acts.violation"
            f" WHERE found_acts.inspection IN ({marks(part)})",
            part,
        ):
            visit, id = found[inspection], f"{inspection}/{violation}"
            for period in periods:
                where = period.standing.get(visit.root) if period.holds(visit.date) else None
                if where:
                    period.tally.put(where, "violations", id)
                    period.tally.put(where, f"violations_{field_of(code)}", id)


def count_informed(conn: sqlite3.Connection, periods: Sequence[Period], visits: Iterable[Visit]) -> None:
    """Count the people informed at visits, as their minutes say."""
    of_items = {visit.item: visit for visit in visits}
    for part in in_parts(sorted(of_items)):
        for name, line in conn.execute(f"SELECT name, line FROM items WHERE name IN ({marks(part)})", part):
            visit, informed = of_items[name], read(bytes(line)).body.get("informed") or 0 if line else 0
            for period in periods if informed else ():
                where = period.standing.get(visit.root) if period.holds(visit.date) else None
                if where:
                    period.tally.put(where, "informed", visit.id, informed)


def count_handed_over(conn: sqlite3.Connection, periods: Sequence[Period]) -> None:
    """Count the visits with signs of crime whose file was handed over in a period, whenever the visit was."""
    roots = sorted({root for period in periods for root in period.standing})
    alarming: dict[str, str] = {}
    for part in in_parts(roots):
        for id, root, duties in conn.execute(
            "SELECT visits.id, root, duties FROM establishments CROSS JOIN visits"
            f" WHERE root IN ({marks(part)}) AND visits.establishment = establishments.id AND risk >= {ALARM}"
            "   AND counting = 1",
            part,
        ):
            if says_crime(duties):
                alarming[id] = root
    for inspection, day in _handed_over(conn, sorted(alarming)).items():
        for period in periods:
            where = period.standing.get(alarming[inspection]) if period.holds(day) else None
            if where:
                period.tally.put(where, "transferred", inspection)


def _handed_over(conn: sqlite3.Connection, inspections: Sequence[str]) -> dict[str, str]:
    """Return on which day the file of each was handed over, by the last word on it."""
    found: dict[str, str] = {}
    for part in in_parts(inspections):
        for inspection, text in conn.execute(
            f"SELECT inspection, said FROM said_of_visits WHERE inspection IN ({marks(part)}) AND kind = 'duty'"
            " ORDER BY id",
            part,
        ):
            said = json.loads(text)
            if said.get("duty") == HAND_OVER:
                found[inspection] = said["on"] if said.get("done", True) is not False else ""
    return found


def count_repeated(conn: sqlite3.Connection, period: Period) -> None:
    """Count the places whose operator repeated a sanctioned act, as the list of them stands on the last day."""
    communes = _communes(conn, sorted(period.standing))
    for one in repeated_places(conn, period.last, communes):
        where = period.standing.get(one.place)
        if where and one.answer == Answer.REPEAT:
            period.tally.put(where, "repeat_places", one.place)
            period.tally.put(where, "repeat_operators", one.operator)
        elif where:
            period.tally.put(where, "repeat_unsure", one.place)


def _communes(conn: sqlite3.Connection, roots: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for part in in_parts(roots):
        rows = conn.execute(
            f"SELECT DISTINCT commune FROM placements WHERE establishment IN ({marks(part)})", part
        )
        found.update(row[0] for row in rows)
    return frozenset(found)


def _root(conn: sqlite3.Connection, place: str | None) -> str:
    row = conn.execute("SELECT root FROM establishments WHERE id = ?", (place,)).fetchone() if place else None
    return row[0] if row else ""


def count_tips(conn: sqlite3.Connection, period: Period) -> None:
    """Count the tips received in a period, and which of them were handled by its last day."""
    question = period.question
    days = Days(question.first, question.as_of, question.as_of)
    for tip in tips(conn, question.where.tree, None, days):
        where = period.where(tip.unit, None)
        if where is None:
            continue
        at_place = period.standing.get(_root(conn, tip.establishment))
        if at_place and (at_place[0] == where[0] or where[0][0] == "unknown"):
            where = at_place
        period.tally.put(where, "tips_received", tip.id)
        if tip.timing in (Timing.IN_TIME, Timing.LATE):
            period.tally.put(where, "tips_handled", tip.id)
        if tip.timing is Timing.IN_TIME:
            period.tally.put(where, "tips_in_time", tip.id)

