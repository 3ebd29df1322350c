"""Keeping the narrow rows of the register, and what in it needs a look, in the transaction that changes it."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from schemas.inspections import Outcome
from schemas.register import State
from server.coverage.spans import Interval, read_state, unite
from server.register.rows import operator_search, place_flaws, register_row, visit_flaw

INSPECTED = tuple(outcome.value for outcome in Outcome if outcome.counts)
OF_VISITS = ("not_open", "before_opening")
AT_ONCE = 400
_ROW = (
    "INSERT INTO register_rows (id, sort, search, unit, kinds, status, status_from, status_before, expires_on)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET sort = excluded.sort, search = excluded.search, unit = excluded.unit,"
    " kinds = excluded.kinds, status = excluded.status, status_from = excluded.status_from,"
    " status_before = excluded.status_before, expires_on = excluded.expires_on"
)
_FLAW = (
    "INSERT INTO flaws (id, problem, day, establishment) VALUES (?, ?, ?, ?) ON CONFLICT (id, problem) DO UPDATE SET"
    " day = excluded.day, establishment = excluded.establishment"
)
Judged = tuple[str, str, str]  # of a visit: id, establishment, date


def keep_place(conn: sqlite3.Connection, id: str, state: State) -> None:
    """Keep the row of a place and its own flaws; a record that was merged into another has neither."""
    if state.get("merged_into"):
        conn.execute("DELETE FROM register_rows WHERE id = ?", (id,))
    else:
        conn.execute(_ROW, register_row(id, state))
    conn.execute("DELETE FROM flaws WHERE id = ?", (id,))
    conn.executemany(_FLAW, [(id, problem, day, id) for problem, day in place_flaws(state)])


def keep_operator(conn: sqlite3.Connection, id: str, state: State) -> None:
    """Keep what of an operator is searched."""
    conn.execute(
        "INSERT INTO operator_rows (id, search) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET search = excluded.search",
        (id, operator_search(state)),
    )


def judge_groups(conn: sqlite3.Connection, roots: Iterable[str]) -> None:
    """Judge again every visit to the places of *roots*: their open days, or who is one with them, changed."""
    for root in sorted(set(roots)):
        rows = conn.execute(
            "SELECT visits.id, visits.establishment, date FROM establishments CROSS JOIN visits"
            " WHERE root = ? AND visits.establishment = establishments.id AND void = 0 AND outcome IN (?, ?)",
            (root, *INSPECTED),
        ).fetchall()
        conn.executemany("DELETE FROM flaws WHERE id = ?", [(id,) for id, _, _ in rows])
        _judge(conn, rows, {place: root for _, place, _ in rows})


def judge_visit(conn: sqlite3.Connection, id: str) -> None:
    """Judge one visit that came or changed, and the decisions that were made of it."""
    conn.execute("DELETE FROM flaws WHERE id = ?", (id,))
    row = conn.execute(
        "SELECT visits.id, establishment, date, root FROM visits JOIN establishments"
        " ON establishments.id = establishment WHERE visits.id = ? AND void = 0 AND outcome IN (?, ?)",
        (id, *INSPECTED),
    ).fetchone()
    if row:
        _judge(conn, [row[:3]], {row[1]: row[3]})
    _judge_decisions_of(conn, [id])


def judge_new_visits(conn: sqlite3.Connection, visits: Sequence[Judged], roots: dict[str, str]) -> None:
    """Judge many new visits at once, each of a place that was inspected; *roots* are those of their places."""
    _judge(conn, visits, roots)
    for start in range(0, len(visits), AT_ONCE):
        _judge_decisions_of(conn, [id for id, _, _ in visits[start : start + AT_ONCE]])


def _judge(conn: sqlite3.Connection, visits: Sequence[Judged], roots: dict[str, str]) -> None:
    opens = _opens(conn, sorted(set(roots.values())))
    found = [
        (id, problem, "", place)
        for id, place, day in visits
        if place in roots and (problem := visit_flaw(opens.get(roots[place], ()), day))
    ]
    conn.executemany(_FLAW, found)


def _opens(conn: sqlite3.Connection, roots: Sequence[str]) -> dict[str, tuple[Interval, ...]]:
    """Return when the places of *roots* were open by the register, with all records that were merged into them."""
    found: dict[str, list[Interval]] = {}
    for start in range(0, len(roots), AT_ONCE):
        some = roots[start : start + AT_ONCE]
        rows = conn.execute(
            "SELECT root, state FROM establishments CROSS JOIN things"
            f" WHERE root IN ({', '.join('?' * len(some))})"
            "   AND kind = 'establishment' AND things.id = establishments.id",
            some,
        )
        for root, state in rows:
            found.setdefault(root, []).extend(read_state(state).opens)
    return {root: tuple(opens) if len(opens) < 2 else unite(opens) for root, opens in found.items()}


def keep_decision(conn: sqlite3.Connection, id: str, state: State) -> None:
    """Keep of which visit a decision was made, and judge whether what it punishes still stands there."""
    conn.execute("DELETE FROM decisions_of_visits WHERE decision = ?", (id,))
    conn.execute("DELETE FROM flaws WHERE id = ?", (id,))
    if state.get("inspection"):
        conn.execute(
            "INSERT INTO decisions_of_visits (decision, inspection) VALUES (?, ?)", (id, state["inspection"])
        )
        _judge_decisions_of(conn, [state["inspection"]])


def _judge_decisions_of(conn: sqlite3.Connection, visits: Sequence[str]) -> None:
    """Note the decisions whose visit was voided or holds no violation any more."""
    rows = conn.execute(
        "SELECT decision, visits.establishment, void, violations FROM decisions_of_visits"
        f" JOIN visits ON visits.id = inspection WHERE inspection IN ({', '.join('?' * len(visits))})",
        visits,
    ).fetchall()
    conn.executemany("DELETE FROM flaws WHERE id = ?", [(decision,) for decision, *_ in rows])
    gone = [(decision, "violation_gone", "", place) for decision, place, void, acts in rows if void or not acts]
    conn.executemany(_FLAW, gone)


def keep_all_again(conn: sqlite3.Connection) -> None:
    """Make all of this anew from the things and visits that are there; called where the tables are new."""
    read = "SELECT id, state FROM things WHERE kind = ?"
    for kind, keep in (("establishment", keep_place), ("operator", keep_operator), ("decision", keep_decision)):
        for id, state in conn.execute(read, (kind,)).fetchall():
            keep(conn, id, json.loads(state))
    roots = [root for (root,) in conn.execute("SELECT DISTINCT root FROM establishments").fetchall()]
    judge_groups(conn, roots)

