"""What people take for a repeat and is none: acts not sanctioned yet, security sanctions, a broken suspension."""

import json
import sqlite3
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.violations import Catalogue
from schemas.whose import operator_on
from server.law.catalogue import current
from server.law.held import coded_in, states_of
from server.law.months import add_months


@dataclass(frozen=True)
class Act:
    """An act that a visit found and that no decision is about yet."""

    inspection: str
    violation: str
    code: str
    committed_on: str
    establishment: str
    place: str


@dataclass(frozen=True)
class Sanctioned:
    """A decision that one of the counters counts."""

    decision: str
    number: str
    authority: str
    decided_on: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Broken:
    """A visit that found a place working while a decision had suspended something there."""

    inspection: str
    date: str
    establishment: str
    place: str
    decision: str
    number: str
    what: str
    since: str
    until: str


@dataclass(frozen=True)
class Counters:
    """The three counters as of a day, each by itself; none of them is a repeat violation, nor changes one."""

    since: str  # the first day that the first two look back to
    multiple: tuple[Act, ...]
    antt: tuple[Sanctioned, ...]
    antt_times: int
    suspended: tuple[Broken, ...]

    @property
    def antt_reached(self) -> bool:
        """Whether there are as many sanctions as the decree names."""
        return len(self.antt) >= self.antt_times


@cache
def rules() -> dict[str, Any]:
    """Return the packaged rules of the counters."""
    return tomllib.loads((files("schemas.data") / "counters.toml").read_text(encoding="utf-8"))


def counters(conn: sqlite3.Connection, operator: str, code: str, day: str) -> Counters:
    """Count for *operator* on *day*; an empty *code* counts acts of every group that were not sanctioned yet."""
    catalogue, states = current(conn), states_of(conn, operator)
    since = add_months(date.fromisoformat(day), -rules()["multiple"]["months"]).isoformat()
    return Counters(
        since,
        tuple(_multiple(conn, operator, catalogue, code, (since, day))),
        tuple(_antt(conn, states, day)),
        rules()["antt"]["times"],
        tuple(_broken(conn, states, day)),
    )


def _multiple(
    conn: sqlite3.Connection, operator: str, catalogue: Catalogue, code: str, days: tuple[str, str]
) -> Iterable[Act]:
    """Find acts of the group, committed from the first of *days* to before the last, that nobody has decided on."""
    since, until = days
    group, united = catalogue.group_of(code, until) if code else "", _united(conn, operator)
    for act, state in _found(conn, operator, since, until):
        its = catalogue.group_of(act.code, act.committed_on)
        same = not code or (its == group if group else act.code == code)
        its_own = operator_on(state, date.fromisoformat(act.committed_on)) in united
        if same and act.code and its_own and not _decided(conn, act):
            yield act


def _found(conn: sqlite3.Connection, operator: str, since: str, until: str) -> Iterable[tuple[Act, dict[str, Any]]]:
    rows = conn.execute(
        "SELECT found_acts.inspection, found_acts.violation,"
        "       CASE found_acts.code WHEN '' THEN coalesce(codings.code, '') ELSE found_acts.code END,"
        "       committed_on, visits.establishment, establishments.name, things.state"
        "  FROM operators JOIN operator_places ON operator_places.operator = operators.id"
        "  JOIN visits ON visits.establishment = operator_places.establishment"
        "  JOIN found_acts ON found_acts.inspection = visits.id"
        "  JOIN establishments ON establishments.id = visits.establishment"
        "  JOIN things ON things.kind = 'establishment' AND things.id = visits.establishment"
        "  LEFT JOIN codings ON codings.violation = found_acts.violation"
        " WHERE operators.root = (SELECT root FROM operators WHERE id = ?) AND visits.date >= ?"
        "   AND visits.violations > 0 AND committed_on >= ? AND committed_on < ?"
        " ORDER BY committed_on, found_acts.inspection, found_acts.violation",
        (operator, since, since, until),
    ).fetchall()
    seen: set[str] = set()
    for *act, state in rows:
        if act[1] not in seen:
            seen.add(act[1])
            yield Act(*act), json.loads(state)


def _united(conn: sqlite3.Connection, operator: str) -> set[str]:
    rows = conn.execute(
        "SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?)", (operator,)
    ).fetchall()
    return {id for (id,) in rows}


def _decided(conn: sqlite3.Connection, act: Act) -> bool:
    """Say whether a decision in force names the act: by its id, or by its code where it names no violations."""
    rows = conn.execute(
        "SELECT state FROM decisions JOIN things ON things.kind = 'decision' AND things.id = decisions.id"
        " WHERE inspection = ? AND inspection <> '' AND cancelled = 0",
        (act.inspection,),
    ).fetchall()
    states = [json.loads(state) for (state,) in rows]
    return any(
        act.violation in state["violations"] if state.get("violations") else act.code in (state.get("codes") or ())
        for state in states
    )


def _antt(conn: sqlite3.Connection, states: dict[str, dict[str, Any]], day: str) -> Iterable[Sanctioned]:
    rule = rules()["antt"]
    since, counted = add_months(date.fromisoformat(day), -rule["months"]).isoformat(), set(rule["codes"])
    coded = coded_in(conn, states)
    for id, state in states.items():
        codes = tuple(code for code in [*(state.get("codes") or ()), *coded.get(id, ())] if code in counted)
        sanctioned = not state.get("cancelled_on") and state.get("sanction") != "none"
        if codes and sanctioned and since < str(state.get("decided_on")) <= day:
            yield Sanctioned(id, state["number"], str(state.get("authority") or ""), state["decided_on"], codes)


def _broken(conn: sqlite3.Connection, states: dict[str, dict[str, Any]], day: str) -> Iterable[Broken]:
    spans = [
        (id, state, span)
        for id, state in states.items()
        if not state.get("cancelled_on") and state.get("establishment")
        for path, span in state.items()
        if path.startswith("suspension/") and span and span.get("from")
    ]
    for id, state, span in spans:
        rows = conn.execute(
            "SELECT visits.id, visits.date, establishments.name FROM visits"
            "  JOIN establishments ON establishments.id = visits.establishment"
            " WHERE visits.establishment = ? AND found_working = 1 AND void = 0 AND visits.date BETWEEN ? AND ?"
            " ORDER BY visits.date",
            (state["establishment"], span["from"], min(span.get("to") or day, day)),
        )
        for visit, on, name in rows.fetchall():
            yield Broken(
                visit, on, state["establishment"], name, id, state["number"], span["what"], span["from"],
                span.get("to") or "",
            )  # fmt: skip

