"""Inspections of units' own work, from the register: those of an area and a year, one by its id, what plans ask."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.units import UnitTree
from schemas.work import unit_checklist
from server.office import state_of
from server.pages.areas import inside
from server.plans.listing import Plan
from server.work.model import Answered, Asked, UnitInspection

_ROWS = (
    "SELECT unit_inspections.id, unit, state FROM unit_inspections"
    " JOIN things ON things.kind = 'unit_inspection' AND things.id = unit_inspections.id"
)


def inspections(
    conn: sqlite3.Connection, tree: UnitTree, unit: str, year: int, today: str
) -> tuple[UnitInspection, ...]:  # fmt: skip
    """Return the inspections in a year of units in *unit*: what is to be mended first, then the latest."""
    rows = conn.execute(
        f"{_ROWS} WHERE day >= ? AND day <= ? ORDER BY day DESC, unit_inspections.id",
        (f"{year}-01-01", f"{year}-12-31"),
    )
    found = [(id, json.loads(state)) for id, of, state in rows if inside(tree, unit, of)]
    names = _names(conn, {str(state.get("team") or "") for _, state in found})
    every = [_of(id, state, names, today) for id, state in found]
    return tuple(sorted(every, key=lambda one: (not one.overdue, not one.open)))


def inspection(conn: sqlite3.Connection, id: str, today: str) -> UnitInspection:
    """Return one that is there."""
    state = state_of(conn, "unit_inspection", id) or {}
    return _of(id, state, _names(conn, {str(state.get("team") or "")}), today)


def _names(conn: sqlite3.Connection, teams: set[str]) -> dict[str, str]:
    return {id: str((state_of(conn, "team", id) or {}).get("name", "")) for id in teams if id}


def _of(id: str, state: dict[str, Any], teams: Mapping[str, str], today: str) -> UnitInspection:
    def said(path: str) -> str:
        return str(state.get(path) or "")

    overdue = bool(not said("void") and not said("mended_on") and said("mend_by") and said("mend_by") < today)
    return UnitInspection(
        id=id, unit=f"{state['epoch']}:{state['unit']}", on=state["on"], team=said("team"),
        team_name=teams.get(said("team"), ""), body=said("body"), members=state["members"],
        agencies=tuple(state.get("agencies") or ()), version=state["version"], answers=_answers(state),
        findings=said("findings"), recommendations=said("recommendations"), mend_by=said("mend_by"),
        mended_on=said("mended_on"), mended_how=said("mended_how"), number=said("number"), void=said("void"),
        overdue=overdue,
    )  # fmt: skip


def _answers(state: dict[str, Any]) -> tuple[Answered, ...]:
    """Return the answers in the order of the checklist; one of a question that is no more comes last."""
    there = {path.partition("/")[2]: one for path, one in state.items() if path.startswith("answer/") and one}
    known = [question.code for question in unit_checklist().questions]
    codes = [*(code for code in known if code in there), *sorted(there.keys() - set(known))]
    return tuple(Answered(code, there[code]["answer"], there[code].get("note") or "") for code in codes)


def asked(plans: Iterable[tuple[Plan, Mapping[str, Any]]]) -> tuple[Asked, ...]:
    """Return what the plans ask of such inspections: an indicator with a share, a task without a number."""
    wanted, found = unit_checklist(), []
    for plan, state in plans:
        for path, said in state.items():
            group, _, code = path.partition("/")
            is_share = group == "indicator" and said and said.get("known") == wanted.known
            if is_share or (group == "task" and said and code in wanted.tasks):
                percent = said.get("at_least") if is_share else None
                words = said.get("sentence") or said.get("name") or ""
                found.append(Asked(plan.id, plan.name, code, percent, words))
    return tuple(sorted(found, key=lambda one: (one.percent is None, one.code)))


def inspected(found: Iterable[UnitInspection], communes: Iterable[str]) -> int:
    """Count the communes whose own work was inspected, each once; void ones do not count."""
    return len({one.unit for one in found if not one.void} & set(communes))
