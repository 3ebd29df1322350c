"""Why a figure is another than it was: what came after an arrival about the visits, places, decisions under it."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.office import Review
from server.clock import local_day
from server.returns.figures.beside import HAND_OVER

_MOST_VISITS = 50  # of one place that are looked at


class Why(StrEnum):
    """What happened to a thing after the return was sent."""

    LATE = "late"  # arrived, or accepted, only then
    VOIDED = "voided"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    REVIEWED = "reviewed"
    CODED = "coded"  # an act that had no code
    HANDED_OVER = "handed_over"  # said, or taken back
    MERGED = "merged"
    UNMERGED = "unmerged"
    REGISTER = "register"
    DECISION = "decision"
    TIP = "tip"
    VALUE = "value"  # of an indicator


@dataclass(frozen=True)
class Cause:
    """One thing that changed: why, its kind and id, what it is called, the day that it is about."""

    why: str
    thing: str
    id: str
    name: str
    day: str


def causes(conn: sqlite3.Connection, ids: Iterable[str], seq: int, code: str = "") -> Iterator[Cause]:
    """Say what came after the arrival *seq* about each of the things under the figure *code*; each cause once."""
    told: set[Cause] = set()
    for id in ids:
        for cause in _of_thing(conn, id, seq, code):
            if cause not in told:
                told.add(cause)
                yield cause


def _of_thing(conn: sqlite3.Connection, under: str, seq: int, code: str) -> Iterator[Cause]:
    """Say what came about what stands under a figure: an act is its visit's, a suspension its decision's."""
    id, _, act = under.partition("/")
    row = conn.execute("SELECT id FROM items WHERE name = ?", (id,)).fetchone()
    id = row[0] if row else id
    if conn.execute("SELECT 1 FROM visits WHERE id = ?", (id,)).fetchone():
        said = [*_coded(conn, id, act, seq)] if code.startswith("violations_") else []
        said += _handed_over(conn, id, seq) if code == "transferred" else []
        yield from said
        # What was changed in the register of its place is no reason where the reason is known.
        yield from (cause for cause in _of_visit(conn, id, seq) if not said or cause.thing == "inspection")
    elif conn.execute("SELECT 1 FROM establishments WHERE id = ?", (id,)).fetchone():
        yield from _of_place(conn, id, seq)
    else:
        yield from _of_paper(conn, id, seq)


def _of_visit(conn: sqlite3.Connection, id: str, seq: int) -> Iterator[Cause]:
    item, place, day, void, name = conn.execute(
        "SELECT item, establishment, date, void, coalesce(name, '') FROM visits"
        " LEFT JOIN establishments ON establishments.id = establishment WHERE visits.id = ?",
        (id,),
    ).fetchone()
    why = _why_of_visit(conn, (id, item, bool(void)), seq)
    if why:
        yield Cause(why, "inspection", id, name, day)
        return
    yield from _of_records(conn, _records(conn, place), seq)


def _coded(conn: sqlite3.Connection, id: str, act: str, seq: int) -> Iterator[Cause]:
    """Say that a legal officer said since which act an uncoded one is."""
    row = conn.execute("SELECT item FROM codings WHERE violation = ? AND inspection = ?", (act, id)).fetchone()
    if row and _last(conn, row[0]) > seq:
        yield _about(conn, Why.CODED, id)


def _handed_over(conn: sqlite3.Connection, id: str, seq: int) -> Iterator[Cause]:
    """Say that it was noted since that the file of a visit was handed over, or that it was not after all."""
    rows = conn.execute("SELECT item, said FROM said_of_visits WHERE inspection = ? AND kind = 'duty'", (id,))
    if any(json.loads(said)["duty"] == HAND_OVER and _last(conn, item) > seq for item, said in rows.fetchall()):
        yield _about(conn, Why.HANDED_OVER, id)


def _about(conn: sqlite3.Connection, why: Why, id: str) -> Cause:
    day, name = conn.execute(
        "SELECT date, coalesce(name, '') FROM visits LEFT JOIN establishments ON establishments.id = establishment"
        " WHERE visits.id = ?",
        (id,),
    ).fetchone()
    return Cause(why, "inspection", id, name, day)


def _why_of_visit(conn: sqlite3.Connection, visit: tuple[str, str, bool], seq: int) -> Why | None:
    id, item, void = visit
    first = conn.execute("SELECT min(seq) FROM items WHERE id = ? AND kind = 'inspection'", (id,)).fetchone()[0]
    if first is None or first > seq:
        return Why.LATE
    if _last(conn, item) > seq:
        began = conn.execute("SELECT seq FROM items WHERE name = ?", (item,)).fetchone()[0]
        if began <= seq:
            return Why.LATE  # it was there and did not stand: held, in conflict, to be corrected
        return Why.VOIDED if void else Why.CORRECTED
    row = conn.execute("SELECT item, review FROM reviews WHERE inspection = ?", (id,)).fetchone()
    if row and _last(conn, row[0]) > seq:
        return Why.REJECTED if row[1] == Review.REJECTED else Why.REVIEWED
    return None


def _last(conn: sqlite3.Connection, item: str) -> int:
    """Return when it was last told how an item stands."""
    first = conn.execute("SELECT seq FROM items WHERE name = ?", (item,)).fetchone()
    later = conn.execute("SELECT max(seq) FROM arrivals WHERE item = ? AND first = 0", (item,)).fetchone()
    return max(first[0] if first else 0, later[0] or 0)


def _records(conn: sqlite3.Connection, place: str) -> list[tuple[str, str]]:
    """Return id and name of every record that is one with a place."""
    return conn.execute(
        "SELECT id, name FROM establishments WHERE root = (SELECT root FROM establishments WHERE id = ?) ORDER BY id",
        (place,),
    ).fetchall()


def _of_place(conn: sqlite3.Connection, id: str, seq: int) -> Iterator[Cause]:
    records = _records(conn, id)
    yield from _of_records(conn, records, seq)
    for record, name in records:
        rows = conn.execute(
            "SELECT id, item, date, void FROM visits WHERE establishment = ? ORDER BY date DESC LIMIT ?",
            (record, _MOST_VISITS),
        )
        for visit, item, day, void in rows.fetchall():
            why = _why_of_visit(conn, (visit, item, bool(void)), seq)
            if why:
                yield Cause(why, "inspection", visit, name, day)


def _of_records(conn: sqlite3.Connection, records: list[tuple[str, str]], seq: int) -> Iterator[Cause]:
    """Say what was changed in the register of any of the records that are one place."""
    for id, name in records:
        rows = conn.execute(
            "SELECT line FROM items WHERE id = ? AND kind = 'establishment' AND seq > ? AND standing = 'accepted'"
            " ORDER BY seq",
            (id, seq),
        )
        for (line,) in rows.fetchall():
            said: dict[str, Any] = json.loads(line) if line else {}
            changed = said.get("body", {}).get("set", {})
            yield Cause(_why_of_edit(changed), "establishment", id, name, _day(said.get("recorded_at", "")))


def _day(recorded_at: str) -> str:
    return local_day(recorded_at).isoformat() if recorded_at else ""


def _why_of_edit(said: dict[str, object]) -> Why:
    if "merged_into" not in said:
        return Why.REGISTER
    return Why.MERGED if said["merged_into"] else Why.UNMERGED


def _of_paper(conn: sqlite3.Connection, id: str, seq: int) -> Iterator[Cause]:
    """Say that a decision, a tip or the figure of an indicator was entered or changed."""
    rows = conn.execute(
        "SELECT items.kind, state FROM items JOIN things ON things.kind = items.kind AND things.id = items.id"
        " WHERE items.id = ? AND items.kind IN ('decision', 'tip', 'indicator_value') AND items.seq > ? LIMIT 1",
        (id, seq),
    ).fetchall()
    for kind, text in rows:
        state = json.loads(text)
        why, name, day = _PAPERS[kind]
        yield Cause(why, kind, id, state.get(name) or "", state.get(day) or "")


_PAPERS = {"decision": (Why.DECISION, "number", "decided_on"), "tip": (Why.TIP, "number", "received_on"),
           "indicator_value": (Why.VALUE, "indicator", "on")}  # fmt: skip
