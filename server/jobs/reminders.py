"""What is due soon or overdue: rows that pages show. Nothing is sent to anybody outside."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from schemas.units import UnitTree
from server.arrivals.world import unit_tree
from server.clock import local_day
from server.due.reminding import everywhere
from server.due.sent import sent_keys
from server.jobs.work import Work
from server.laptops import State, laptops
from server.office import things
from server.pages.areas import inside
from server.rights import may
from server.store import writing

SOON = timedelta(days=30)  # of a card or a team's decision
SILENT = timedelta(days=7)  # of a laptop
LOOK_BACK = timedelta(days=30)  # of an assignment that ended without a visit
# Who is told of what: whoever may do the act that ends it.
ACTS = {
    "deadline": "returns.make", "card": "teams.manage", "team": "teams.manage", "laptop": "laptops.keep",
    "assignment": "assignments.see",
}  # fmt: skip


@dataclass(frozen=True)
class Reminder:
    """One thing that is due: *subject* is its id, *name* what it is called, *said* what else there is to say of it."""

    kind: str
    subject: str
    unit: str
    due_on: str
    name: str
    said: dict[str, Any] = field(default_factory=dict)


def remind(work: Work) -> str:
    """Look again at everything that may be due, and keep what is."""
    found = [one for kind, look in LOOKS.items() for one in look(work.db.conn, local_day(work.at))]
    _keep(work, LOOKS.keys(), found)
    return f"Có {len(found)} việc đến hạn hoặc sắp đến hạn." if found else "Không có việc nào đến hạn."


def expire_assignments(work: Work) -> str:
    """Keep which assignments and reservations have ended without a visit: their places are free again."""
    found = list(_ended(work.db.conn, local_day(work.at)))
    _keep(work, ["assignment"], found)
    if not found:
        return "Không có phân công nào hết hạn trong 30 ngày qua mà chưa kiểm tra."
    return f"Có {len(found)} phân công hết hạn trong 30 ngày qua mà chưa kiểm tra."


def _keep(work: Work, kinds: Iterable[str], found: list[Reminder]) -> None:
    with writing(work.db) as conn:
        for kind in kinds:
            conn.execute("DELETE FROM reminders WHERE kind = ?", (kind,))
        conn.executemany(
            "INSERT INTO reminders (kind, subject, unit, due_on, name, said) VALUES (?, ?, ?, ?, ?, ?)",
            [(one.kind, one.subject, one.unit, one.due_on, one.name, json.dumps(one.said, ensure_ascii=False))
             for one in found],
        )  # fmt: skip


def _cards(conn: sqlite3.Connection, today: date) -> Iterable[Reminder]:
    until = (today + SOON).isoformat()
    for id, team in _teams(conn, today):
        for path, member in team.items():
            ends = member.get("card_expires_on") if path.startswith("member/") and member else None
            if ends and ends <= until:
                said = {"card": member.get("card", ""), "member": member["name"]}
                yield Reminder("card", f"{id}/{path}", _unit(team), ends, team["name"], said)


def _ending_teams(conn: sqlite3.Connection, today: date) -> Iterable[Reminder]:
    until = (today + SOON).isoformat()
    for id, team in _teams(conn, today):
        ends = team.get("valid_to")
        if ends and ends <= until:
            yield Reminder("team", id, _unit(team), ends, team["name"], {"decision": team.get("decision", "")})


def _teams(conn: sqlite3.Connection, today: date) -> Iterable[tuple[str, dict[str, Any]]]:
    for id, team in things(conn, "team").items():
        if not team.get("closed_on") or team["closed_on"] > today.isoformat():
            yield id, team


def _unit(state: dict[str, Any]) -> str:
    return f"{state['epoch']}:{state['area']}"


def _laptops(conn: sqlite3.Connection, today: date) -> Iterable[Reminder]:
    for one in laptops(conn):
        heard = local_day_of(one.at)
        if one.state is State.IN_USE and heard and today - heard > SILENT:
            yield Reminder("laptop", one.id, one.unit, (heard + SILENT).isoformat(), one.name, {"at": one.at})


def local_day_of(at: str) -> date | None:
    """Return the day in Vietnam of an instant, None where there is none."""
    return local_day(at) if at else None


def _ended(conn: sqlite3.Connection, today: date) -> Iterable[Reminder]:
    rows = conn.execute(
        "SELECT assignments.id, assignments.establishment, expires_on, reserved, team, min(placements.commune)"
        "  FROM assignments JOIN placements ON placements.establishment = assignments.establishment"
        " WHERE withdrawn = 0 AND expires_on < ? AND expires_on >= ? AND NOT EXISTS ("
        "       SELECT 1 FROM visits WHERE visits.establishment = assignments.establishment AND counting = 1"
        "          AND visits.date >= given_on)"
        " GROUP BY assignments.id",
        (today.isoformat(), (today - LOOK_BACK).isoformat()),
    ).fetchall()
    teams = things(conn, "team")
    for id, place, ends, reserved, team, commune in rows:
        said = {"establishment": place, "team": teams.get(team, {}).get("name", ""), "reserved": bool(reserved)}
        (name,) = conn.execute("SELECT name FROM establishments WHERE id = ?", (place,)).fetchone()
        yield Reminder("assignment", id, commune, ends, name, said)


def _deadlines(conn: sqlite3.Connection, today: date) -> Iterable[Reminder]:
    for one in everywhere(conn, unit_tree(conn), today):
        said = {
            "report": one.report, "before": one.before, "plan": one.plan_name, "code": one.code,
            "line": "/".join((one.plan, one.deadline, one.cut_off or one.last_day)), "last_day": one.last_day,
            "strict": one.strict, "units": 1,
        }  # fmt: skip
        yield Reminder("deadline", one.key, one.unit, one.go_by, one.name, said)


Look = Callable[[sqlite3.Connection, date], Iterable[Reminder]]
LOOKS: dict[str, Look] = {"deadline": _deadlines, "card": _cards, "team": _ending_teams, "laptop": _laptops}


def reminders(conn: sqlite3.Connection, tree: UnitTree, role: str, unit: str) -> list[Reminder]:
    """Return what *role* is reminded of in *unit*, the most overdue first."""
    kinds = {kind for kind, act in ACTS.items() if may(role, act)}
    rows = conn.execute("SELECT kind, subject, unit, due_on, name, said FROM reminders ORDER BY due_on, name, subject")
    found = [
        Reminder(kind, subject, where, due_on, name, json.loads(said))
        for kind, subject, where, due_on, name, said in rows.fetchall()
        if kind in kinds
    ]
    return _together(conn, [one for one in found if inside(tree, unit, one.unit)], unit)


def _together(conn: sqlite3.Connection, found: list[Reminder], unit: str) -> list[Reminder]:
    """Return deadlines that were not sent since the night, one line for all units that have not sent."""
    sent = sent_keys(conn, {one.subject: one.said["code"] for one in found if one.kind == "deadline"})
    units: dict[str, list[Reminder]] = {}
    for one in found:
        if one.kind == "deadline" and one.subject not in sent:
            units.setdefault(one.said["line"], []).append(one)
    kept = []
    for one in found:
        same = units.get(one.said.get("line", ""), [one] if one.kind != "deadline" else [])
        if same and same[0] is one:
            kept.append(one if len(same) == 1 else _of_several(same, unit))
    return kept


def _of_several(same: list[Reminder], unit: str) -> Reminder:
    first = same[0]
    return replace(first, subject=first.said["line"], unit=unit, said=first.said | {"units": len(same)})


def looked_at(conn: sqlite3.Connection) -> str:
    """Return when somebody last looked what is due, empty where nobody has."""
    row = conn.execute("SELECT max(begun_at) FROM job_runs WHERE job = 'remind' AND outcome = 'done'").fetchone()
    return row[0] or ""
