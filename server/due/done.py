"""What a plan wants by a day and that is no report, its own plan or the renewal of teams: whether it was done."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.plans import Report
from schemas.work import standing_tasks
from server.plans.listing import Plan

Key = tuple[str, str, str, str]  # plan, deadline, unit, year
RENEWAL = "renewal"


@dataclass(frozen=True)
class Done:
    """That it was done, on a day where one is known; or that it is not to be done."""

    on: str
    was_done: bool = True


def done(conn: sqlite3.Connection, plans: Iterable[Plan], years: tuple[date, date]) -> dict[Key, Done]:
    """Return which of them were done, or are said not to be done: by the tasks of the year and the teams."""
    asked = [(plan, one.code or one.place, one.place) for plan in plans for one in plan.deadlines
             if one.report == Report.OTHER]  # fmt: skip
    if not asked:
        return {}
    tasks, renewed = _tasks(conn, years), _renewed(conn)
    found: dict[Key, Done] = {}
    for plan, code, place in asked:
        named = {(plan.id, task.code) for task in plan.tasks if task.deadline == code} | {("", code)}
        for (of, task_code, unit, year), said in tasks.items():
            if (of, task_code) in named:
                found[plan.id, place, unit, year] = said
        if any(one.code == code and one.special == RENEWAL for one in standing_tasks()):
            found |= {(plan.id, place, unit, day[:4]): Done(day) for unit, day in renewed}
    return found


def _tasks(conn: sqlite3.Connection, years: tuple[date, date]) -> dict[Key, Done]:
    rows = conn.execute(
        "SELECT plan, code, unit, year, state, standing FROM year_tasks"
        " JOIN things ON things.kind = 'year_task' AND things.id = year_tasks.id"
        " WHERE year BETWEEN ? AND ? AND standing IN ('done', 'not_done')",
        (years[0].year, years[1].year),
    )
    return {
        (plan, code, unit, str(year)): Done(json.loads(state).get("on") or "", standing == "done")
        for plan, code, unit, year, state, standing in rows
    }


def _renewed(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return unit and day of each decision on a team."""
    states = (json.loads(text) for (text,) in conn.execute("SELECT state FROM things WHERE kind = 'team'"))
    return [(f"{one['epoch']}:{one['area']}", one["valid_from"]) for one in states if one.get("valid_from")]
