"""What our own records say beside each question about a unit's own work, with its day. It answers nothing."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.units import Epoch, UnitTree
from schemas.work import TaskStanding
from server.coverage.ask import coverage
from server.pages.areas import inside, whole_communes
from server.teams.listing import QUORUM, Standing, teams
from server.tips.share import share
from server.tips.times import Period
from server.work.tasks import Asking, plans_of, tasks


@dataclass(frozen=True)
class Fact:
    """One thing that our records say: *said* names the sentence and *numbers* fill it; *on*: the day it is from."""

    known: str
    said: str
    numbers: tuple[tuple[str, Any], ...] = ()
    on: str = ""


def facts(conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int, today: date) -> dict[str, Fact]:
    """Return what is known of *unit* in *year*, by the word that the questions name; within one read transaction."""
    asking = Asking(unit, year, min(today, date(year, 12, 31)))
    return {known: look(conn, tree, asking) for known, look in _LOOKS.items()}


def _plan(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    plans = plans_of(conn, tree, asking)
    own = [plan for plan, _ in plans if plan.unit == asking.unit]
    if own:
        return Fact("plan", "plan_own", (("number", own[0].number or own[0].name),), own[0].since)
    written = [one for one in tasks(conn, tree, asking, plans, ()) if one.special == "january_plan"]
    done = [one for one in written if one.standing is TaskStanding.DONE]
    if done:
        return Fact("plan", "plan_task", (("number", done[0].paper_number),), done[0].paper_on or done[0].on)
    return Fact("plan", "plan_none")


def _list(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    communes = whole_communes(tree, asking.unit)
    known = dict(conn.execute("SELECT unit, confirmed_on FROM list_confirmations").fetchall())
    days = [known[commune] for commune in communes if commune in known]
    done = [day for day in days if day >= f"{asking.year}-01-01"]
    if len(communes) == 1:
        return Fact("list", "list_done" if done else "list_before" if days else "list_never", (), max(days, default=""))
    return Fact("list", "list_some", (("done", len(done)), ("all", len(communes))), max(days, default=""))


def _team(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    mine = [one for one in teams(conn, tree, asking.unit, asking.today) if one.unit == asking.unit]
    working = [one for one in mine if one.standing is Standing.WORKING]
    if not working:
        return Fact("team", "team_none")
    one = working[0]
    said = (("decision", one.decision), ("members", len(one.members)), ("run_out", one.run_out), ("quorum", QUORUM))
    return Fact("team", "team_run_out" if one.run_out else "team_good", said, one.valid_from)


def _share(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    epoch = Epoch(asking.unit.partition(":")[0])
    found = coverage(conn, tree=tree, epoch=epoch, year=asking.year, as_of=asking.today, unit=asking.unit)
    total, day = found.total, found.as_of.isoformat()
    if not total.open:
        return Fact("share", "share_none", (), day)
    said = (("inspected", total.inspected), ("open", total.open), ("target", total.target))
    return Fact("share", "share_no_target" if total.target is None else "share", said, day)


def _tips(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    period = Period(date(asking.year, 1, 1), asking.today, asking.today)
    found = share(conn, tree, asking.unit, period)
    said = (("received", found.received), ("in_time", found.in_time), ("late", found.late), ("running", found.running))
    return Fact("tips", "tips" if found.received else "tips_none", said, asking.today.isoformat())


def _returns(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    found = [state for state in _states(conn, "return") if f"{state['epoch']}:{state['area']}" == asking.unit]
    sent = [one for one in found if one["standing"] == "sent" and str(one.get("to"))[:4] == str(asking.year)]
    last = max((str(state.get("to")) for state in sent), default="")
    return Fact("returns", "returns" if sent else "returns_none", (("sent", len(sent)),), last)


def _communication(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    """Count the figures of communication (indicators H1, T1) that the unit has entered for the year."""
    mine = [one for one in _states(conn, "indicator_value") if f"{one['epoch']}:{one['unit']}" == asking.unit]
    entered = [one for one in mine if one["indicator"][1:2] == "1" and str(one.get("to"))[:4] == str(asking.year)]
    last = max((str(state.get("to")) for state in entered), default="")
    said = (("figures", len(entered)),)
    return Fact("communication", "communication" if entered else "communication_none", said, last)


def _papers(conn: sqlite3.Connection, tree: UnitTree, asking: Asking) -> Fact:
    """Count the visits of the unit's own teams in the year, and those whose signed paper is there."""
    mine = [id for id, state in _things(conn, "team") if inside(tree, asking.unit, f"{state['epoch']}:{state['area']}")]
    days, visits, there = (f"{asking.year}-01-01", asking.today.isoformat()), 0, 0
    for team in mine:
        counted = conn.execute(
            "SELECT count(*), coalesce(sum(paper), 0) FROM visits"
            " WHERE team = ? AND date >= ? AND date <= ? AND void = 0",
            (team, *days),
        ).fetchone()
        visits, there = visits + counted[0], there + counted[1]
    said = (("there", there), ("visits", visits))
    return Fact("papers", "papers" if visits else "papers_none", said, asking.today.isoformat())


def _states(conn: sqlite3.Connection, kind: str) -> list[dict[str, Any]]:
    return [state for _, state in _things(conn, kind)]


def _things(conn: sqlite3.Connection, kind: str) -> list[tuple[str, dict[str, Any]]]:
    rows = conn.execute("SELECT id, state FROM things WHERE kind = ? ORDER BY id", (kind,))
    return [(id, json.loads(state)) for id, state in rows]


_LOOKS: dict[str, Callable[[sqlite3.Connection, UnitTree, Asking], Fact]] = {
    "plan": _plan,
    "list": _list,
    "team": _team,
    "share": _share,
    "tips": _tips,
    "returns": _returns,
    "communication": _communication,
    "papers": _papers,
}
