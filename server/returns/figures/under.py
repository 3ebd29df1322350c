"""What stands under a number of a return: the places, visits, decisions or tips whose ids it has, as they are now.

It works on live and on frozen figures alike: the ids are the table's own, only what is said of each is of today.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schemas import labels
from schemas.decisions import Suspended
from server.law.catalogue import current
from server.returns.annex import NO_CODE
from server.returns.table import Column, Figures, Row
from server.store import in_parts, marks

GONE = "Không còn trong dữ liệu"
OUTCOMES = {one.value: vietnamese for one, (vietnamese, _) in {**labels.INSPECTED, **labels.ATTEMPTS}.items()}
BASES = {one.value: vietnamese for one, (vietnamese, _) in labels.BASIS.items()}
SANCTIONS = {"warning": "Cảnh cáo", "fine": "Phạt tiền", "none": "Không phạt"}
SUSPENDED = {
    Suspended.OPERATING.value: "Giấy phép đủ điều kiện kinh doanh",
    Suspended.ANTT.value: "Giấy chứng nhận đủ điều kiện về an ninh, trật tự",
    Suspended.ACTIVITY.value: "Đình chỉ hoạt động",
}


@dataclass(frozen=True)
class Thing:
    """One thing under a number. *kind* and *thing* lead to its page: place, visit, decision, operator, tip.

    *day* is its own day, empty of a place; *name* what it is called; *place* and *place_name* where it was;
    *said* one or two things more, in words; *amount* is đồng, of a fine.
    """

    id: str  # as it stands in the table
    kind: str
    thing: str
    day: str = ""
    name: str = ""
    place: str = ""
    place_name: str = ""
    said: tuple[str, ...] = ()
    amount: int | None = None


@dataclass(frozen=True)
class Under:
    """All that stands under one number: *total* things, of which *things* are a page."""

    column: Column
    row: Row
    total: int
    things: tuple[Thing, ...]


def row_of(figures: Figures, unit: str = "", kind: str = "", *, sure: bool = True) -> Row | None:
    """Return the row of a commune and a kind; without a kind of the commune in all, without both the total."""
    if not unit:
        return figures.total if not kind else next((one for one in figures.of_kinds if one.kind == kind), None)
    rows = figures.rows if kind else figures.of_units
    return next((one for one in rows if (one.unit, one.kind, one.sure) == (unit, kind, sure)), None)


def under(
    conn: sqlite3.Connection, figures: Figures, row: Row, code: str, *, before: bool = False, offset: int = 0,
    limit: int | None = None,
) -> Under | None:  # fmt: skip
    """Return a page of what stands under a number, *before* under that of the year before; None: no such column."""
    column = next((one for one in figures.columns if one.code == code), None)
    if column is None:
        return None
    cell = row.cells[code]
    ids = cell.ids_before if before else cell.ids
    page = ids[offset : None if limit is None else offset + limit]
    told = _TELL[column.things](conn, page) if column.things else {}
    return Under(column, row, len(ids), tuple(told.get(id) or Thing(id, "", "", name=GONE) for id in page))


def _ask(conn: sqlite3.Connection, query: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for part in in_parts(ids):
        yield from conn.execute(query.format(marks=marks(part)), part).fetchall()


def _places(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    rows = _ask(conn, "SELECT id, name, code FROM establishments WHERE id IN ({marks})", ids)
    return {id: Thing(id, "place", id, name=name, place=id, place_name=name, said=(code,)) for id, name, code in rows}


def _visits(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    rows = _ask(
        conn,
        "SELECT visits.id, date, coalesce(root, ''), coalesce(name, ''), basis, outcome FROM visits"
        "  LEFT JOIN establishments ON establishments.id = visits.establishment WHERE visits.id IN ({marks})",
        ids,
    )
    return {
        id: Thing(id, "visit", id, day, name, root, name, (BASES.get(basis, basis), OUTCOMES.get(outcome, outcome)))
        for id, day, root, name, basis, outcome in rows
    }


def _violations(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    """Tell of acts: an id is that of the visit and of the act in it."""
    visits = sorted({id.partition("/")[0] for id in ids})
    known, catalogue = _visits(conn, visits), current(conn)
    codes = {
        f"{inspection}/{violation}": code
        for inspection, violation, code in _ask(
            conn,
            "SELECT found_acts.inspection, found_acts.violation,"
            "       CASE WHEN found_acts.code <> '' THEN found_acts.code ELSE coalesce(codings.code, '') END"
            "  FROM found_acts LEFT JOIN codings ON codings.violation = found_acts.violation"
            " WHERE found_acts.inspection IN ({marks})",
            visits,
        )
    }
    found = {}
    for id in ids:
        visit = known.get(id.partition("/")[0])
        if visit and id in codes:
            name = catalogue.words(codes[id]) if codes[id] else NO_CODE
            found[id] = Thing(id, "visit", visit.thing, visit.day, name, visit.place, visit.place_name, (codes[id],))
    return found


def _decisions(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    states = dict(_ask(conn, "SELECT id, state FROM things WHERE kind = 'decision' AND id IN ({marks})", ids))
    read = {id: json.loads(text) for id, text in states.items()}
    places = _named(conn, sorted({str(state.get("establishment") or "") for state in read.values()}))
    return {id: _decision(id, state, places) for id, state in read.items()}


def _named(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = _ask(
        conn,
        "SELECT one.id, own.id, own.name FROM establishments AS one JOIN establishments AS own ON own.id = one.root"
        " WHERE one.id IN ({marks})",
        ids,
    )
    return {id: (root, name) for id, root, name in rows}


def _decision(id: str, state: Mapping[str, Any], places: Mapping[str, tuple[str, str]]) -> Thing:
    place, place_name = places.get(str(state.get("establishment") or ""), ("", ""))
    sanction = SANCTIONS.get(str(state.get("sanction") or ""), "")
    return Thing(
        id, "decision", id, str(state.get("decided_on") or ""), str(state.get("number") or ""), place, place_name,
        tuple(filter(None, (str(state.get("authority") or ""), sanction))), state.get("amount"),
    )  # fmt: skip


def _suspensions(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    """Tell of suspensions: an id is that of the decision and of what it suspends."""
    decisions = _decisions(conn, sorted({id.partition("/")[0] for id in ids}))
    found = {}
    for id in ids:
        decision, _, what = id.partition("/")
        one = decisions.get(decision)
        if one:
            said = (*one.said[:1], SUSPENDED.get(what, ""))
            found[id] = Thing(id, one.kind, one.thing, one.day, one.name, one.place, one.place_name, said)
    return found


def _operators(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    rows = _ask(conn, "SELECT id, state FROM things WHERE kind = 'operator' AND id IN ({marks})", ids)
    return {id: Thing(id, "operator", id, name=str(json.loads(text).get("name") or "")) for id, text in rows}


def _tips(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    rows = _ask(
        conn,
        "SELECT tips.id, number, received_on, coalesce(root, ''), coalesce(name, '') FROM tips"
        "  LEFT JOIN establishments ON establishments.id = tips.establishment WHERE tips.id IN ({marks})",
        ids,
    )
    return {id: Thing(id, "tip", id, day, number, root, name) for id, number, day, root, name in rows}


def _items(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Thing]:
    """Tell of what was received and is not counted: a visit with too few members, or an item beside the truth."""
    of_items = dict(_ask(conn, "SELECT name, id FROM items WHERE name IN ({marks})", ids))
    visits = _visits(conn, sorted(set(of_items.values())))
    found = {item: replace(visits[id], id=item) for item, id in of_items.items() if id in visits}
    rows = _ask(
        conn,
        "SELECT item, aside.id, coalesce(date, ''), coalesce(root, ''), coalesce(name, ''), standing FROM aside"
        "  LEFT JOIN establishments ON establishments.id = aside.establishment WHERE item IN ({marks})",
        ids,
    )
    for item, id, day, root, name, standing in rows:
        said = (labels.STANDINGS[standing][0],) if standing in labels.STANDINGS else ()
        found[item] = Thing(item, "visit", id, day, name, root, name, said)
    return found


_TELL: dict[str, Callable[[sqlite3.Connection, Sequence[str]], dict[str, Thing]]] = {
    "place": _places, "visit": _visits, "violation": _violations, "decision": _decisions, "suspension": _suspensions,
    "operator": _operators, "tip": _tips, "item": _items,
}  # fmt: skip
