"""The tasks of a year: what the plans that hold order of a unit, and what is due every year; each with its state."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.units import Level, UnitTree
from schemas.work import Renewal, StandingTask, TaskStanding, standing_tasks
from server.office import things
from server.pages.areas import inside
from server.plans.listing import Plan, plan
from server.work.model import TeamRenewal, YearTask

LEFT = (TaskStanding.TO_DO, TaskStanding.DOING)
RENEWAL, JANUARY = "renewal", "january_plan"
# Who a plan speaks of when it means units of a level; “Xã hội” and “thị xã” are no communes.
_COMMUNES = r"(?<!thị )\bxã\b(?! hội)|phường|thị trấn"
_DISTRICTS = r"huyện|thị xã|thành phố"
_SPOKEN_OF = {Level.COMMUNE: _COMMUNES, Level.DISTRICT: _DISTRICTS}


@dataclass(frozen=True)
class Asking:
    """Whose tasks of which year, seen on which day."""

    unit: str
    year: int
    today: date


def plans_of(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> list[tuple[Plan, Mapping[str, Any]]]:
    """Return the plans that hold in the unit in the year, with their states; that of the nearest area first."""
    found = []
    for id, state in things(conn, "plan").items():
        area = f"{state['epoch']}:{state['area']}"
        if _of_year(state, asking.year) and inside(tree, area, asking.unit):
            found.append((plan(conn, id, asking.today), state))
    return sorted(found, key=lambda one: (-len(tree.ancestors(one[0].unit)), one[0].since, one[0].id))


def _of_year(state: Mapping[str, Any], year: int) -> bool:
    closed = state.get("closed_on") or "9999"
    return bool(state["from"] <= f"{year}-12-31" and state["to"] >= f"{year}-01-01" and closed > f"{year}-01-01")


def tasks(
    conn: sqlite3.Connection, tree: UnitTree, asking: Asking, plans: Iterable[tuple[Plan, Mapping[str, Any]]],
    teams: Iterable[TeamRenewal],
) -> tuple[YearTask, ...]:  # fmt: skip
    """Return the tasks of a year: what is left first, the earliest due day first."""
    kept, plans = _kept(conn, asking), list(plans)
    known = _Known(*_renewal(list(teams)), _of_this_year([plan for plan, _ in plans], asking))
    found = [_with_state(one, kept, asking, known) for one in _ordered(tree, asking, plans)]
    return tuple(sorted(found, key=lambda one: (not one.left, one.due or "9999", not one.special)))


def _ordered(tree: UnitTree, asking: Asking, plans: list[tuple[Plan, Mapping[str, Any]]]) -> Iterator[YearTask]:
    """Yield every task as it is ordered, before anything is known of it."""
    found = [one for plan, state in plans for one in _of_plan(tree, asking, plan, state)]
    there = {one.special for one in found}
    for standing in standing_tasks():
        if standing.special not in there:
            yield _standing(standing, asking.year)
    yield from found


def _standing(one: StandingTask, year: int) -> YearTask:
    return YearTask("", "", "", "", one.code, one.special, one.name, "", one.source, one.time, (), (),
                    one.last_day(year).isoformat(), TaskStanding.TO_DO, overdue=False)  # fmt: skip


def _of_plan(tree: UnitTree, asking: Asking, plan: Plan, state: Mapping[str, Any]) -> Iterator[YearTask]:
    special = {one.code: one.special for one in standing_tasks()}
    for path, said in state.items():
        if not path.startswith("task/") or not said or not _is_for(tree, asking.unit, plan, said):
            continue
        deadline = said.get("deadline") or ""
        yield YearTask(
            "", plan.id, plan.name, plan.number, path.partition("/")[2], special.get(deadline, ""), said["name"],
            said.get("heading") or "", said.get("sentence") or "", said.get("time") or "",
            tuple(said.get("lead") or ()), tuple(said.get("help") or ()),
            _due(plan, said, asking.year), TaskStanding.TO_DO, overdue=False,
        )  # fmt: skip


def _is_for(tree: UnitTree, unit: str, plan: Plan, said: Mapping[str, Any]) -> bool:
    """Say whether a task is for *unit*: a unit below the plan's has those that name its level as leading or helping.

    Since there are no districts their tasks fall to the communes, whatever a plan still calls them.
    """
    found = tree.get(unit)
    if unit == plan.unit or found is None or found.level not in _SPOKEN_OF:
        return True
    wanted = _SPOKEN_OF[found.level]
    if found.level is Level.COMMUNE and unit.startswith("new:"):
        wanted = f"{_COMMUNES}|{_DISTRICTS}"
    named = "; ".join([*(said.get("lead") or ()), *(said.get("help") or ())])
    return re.search(wanted, named, re.IGNORECASE) is not None


def _due(plan: Plan, said: Mapping[str, Any], year: int) -> str:
    """Return the last day of a task: its own, else that of the deadline that it names, else what is due every year."""
    if said.get("due"):
        day = "02-28" if said["due"] == "02-29" and year % 4 else said["due"]
        return f"{year}-{day}"
    code = said.get("deadline") or ""
    days = [last for one in plan.deadlines if code and one.code == code and (last := one.last_day(year))]
    days += [one.last_day(year) for one in standing_tasks() if one.code == code]
    return days[0].isoformat() if days else ""


def _kept(conn: sqlite3.Connection, asking: Asking) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    rows = conn.execute(
        "SELECT year_tasks.id, plan, code, state FROM year_tasks"
        " JOIN things ON things.kind = 'year_task' AND things.id = year_tasks.id WHERE unit = ? AND year = ?",
        (asking.unit, asking.year),
    )
    return {(plan, code): (id, json.loads(state)) for id, plan, code, state in rows}


def _renewal(teams: list[TeamRenewal]) -> tuple[TaskStanding, str]:
    """Return how far the renewal is by the register of teams, and the day of the last decision where it is done."""
    left = [one for one in teams if one.standing is Renewal.NOT_YET]
    renewed = [one.since for one in teams if one.standing in (Renewal.RENEWED, Renewal.LATE)]
    if teams and not left:
        return TaskStanding.DONE, max(renewed, default="")
    return (TaskStanding.DOING if renewed else TaskStanding.TO_DO), ""


@dataclass(frozen=True)
class _Known:
    """What the registers themselves say: how far the renewal is and since when, and the plan of this year alone."""

    renewal: TaskStanding
    renewed_on: str
    plan: Plan | None


def _of_this_year(plans: list[Plan], asking: Asking) -> Plan | None:
    """Return the unit's own plan for this year and no other, which the January plan is once it stands."""
    mine = (one for one in plans if one.unit == asking.unit and one.since[:4] == one.until[:4] == str(asking.year))
    return next(mine, None)


def _with_state(
    one: YearTask, kept: dict[tuple[str, str], tuple[str, dict[str, Any]]], asking: Asking, known: _Known
) -> YearTask:  # fmt: skip
    """Add what is written down of a task.

    Of the renewal the teams say how far it is, unless it is not to be done; a January plan of which nothing is
    written is done where the unit's plan of the year stands in the register.
    """
    id, state = kept.get((one.plan, one.code), ("", {}))
    standing, on = TaskStanding(state.get("standing", TaskStanding.TO_DO)), state.get("on") or ""
    if one.special == RENEWAL and standing is not TaskStanding.NOT_DONE:
        standing, on = known.renewal, known.renewed_on
    words = ("paper_number", "paper_on", "paper_body", "note", "reason", "file", "file_name")
    said = {word: str(state.get(word) or "") for word in words}
    if one.special == JANUARY and not id and known.plan:
        standing, said["paper_number"] = TaskStanding.DONE, known.plan.number
    late = standing in LEFT and "" < one.due < asking.today.isoformat()
    return YearTask(**(vars(one) | {"id": id, "standing": standing, "on": on, "overdue": late} | said))
