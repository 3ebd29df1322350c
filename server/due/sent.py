"""Which returns there are: the draft, or the one that was sent, of each unit, deadline and period."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Return:
    """What the calendar needs of a return. *sent_on*: the day its first version was sent; what replaced it is later."""

    id: str
    sent_on: str
    version: int
    number: str


Key = tuple[str, str, str, str]  # plan, deadline, unit, and of which days


def returns(conn: sqlite3.Connection, since: str, until: str) -> dict[Key, Return]:
    """Return what there is of each unit, deadline and period whose cut-off day lies between two days: the last
    version that was sent, else a draft.
    """
    rows = conn.execute(
        "SELECT returns.id, plan, deadline, report, unit, until, standing, version, replaces, number, sent_on"
        "  FROM returns LEFT JOIN frozen_returns ON frozen_returns.id = returns.id"
        " WHERE until BETWEEN ? AND ? AND standing <> 'dropped' ORDER BY version, returns.id",
        (since, until),
    ).fetchall()
    before = {row[0]: (row[8], row[10] or "") for row in rows}
    found: dict[Key, Return] = {}
    for id, plan, deadline, report, unit, last, standing, version, _, number, _ in rows:
        if standing != "replaced":
            key = key_of(plan, deadline or report, unit, last)
            first = min(filter(None, _sent_days(id, before)), default="") if standing == "sent" else ""
            if first or key not in found or not found[key].sent_on:
                found[key] = Return(id, first, version, number)
    return found


def _sent_days(id: str, before: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Return the days on which it and what it replaces were sent, back to the first version."""
    seen: set[str] = set()
    while id in before and id not in seen:
        seen.add(id)
        id, sent_on = before[id]
        yield sent_on


def key_of(plan: str, deadline: str, unit: str, cut_off: str) -> Key:
    """Return what a return is of: a plan's deadline comes once a year, and its cut-off day may be typed anew."""
    return plan, deadline, unit, cut_off[:4] if plan else cut_off


def sent_keys(conn: sqlite3.Connection, codes: dict[str, str]) -> set[str]:
    """Return which deadlines, each named as `Due.key` with its code in the plan, have been sent."""
    if not codes:
        return set()
    days = [key.rpartition("/")[2] for key in codes]
    known = returns(conn, f"{min(days)[:4]}-01-01", f"{max(days)[:4]}-12-31")
    there = {key for key, one in known.items() if one.sent_on}
    return {key for key, code in codes.items() if not there.isdisjoint(_of_key(key, code))}


def _of_key(key: str, code: str) -> set[Key]:
    plan, place, unit, cut_off = key.split("/")
    return {key_of("" if plan == "-" else plan, deadline, unit, cut_off) for deadline in (place, code)}
