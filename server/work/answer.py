"""The work of a year of a unit, whole: for its page, its return and programs."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.units import UnitTree
from server.pages.areas import whole_communes
from server.plans.listing import Plan
from server.work.inspections import asked, inspected, inspections
from server.work.model import TeamRenewal, Work, YearTask
from server.work.proposals import proposals
from server.work.renewal import renewals
from server.work.reviews import reviews
from server.work.tasks import Asking, plans_of, tasks


def work(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan | None, unit: str, year: int, today: date
) -> Work:  # fmt: skip
    """Return the work of a year of *unit*; with *plan* the tasks are those of that plan and what is due every year.

    Called within one read transaction.
    """
    plans, communes = _plans(conn, tree, plan, Asking(unit, year, today)), tree.communes(unit)
    every, teams = year_tasks(conn, tree, plan, unit, year, today)
    found = inspections(conn, tree, unit, year, today.isoformat())
    return Work(
        unit, year, today.isoformat(), every, teams, len(communes),
        inspected(found, communes), found, asked(plans), reviews(conn, whole_communes(tree, unit), year, today),
        proposals(conn, tree, unit, year),
    )  # fmt: skip


def year_tasks(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan | None, unit: str, year: int, today: date
) -> tuple[tuple[YearTask, ...], tuple[TeamRenewal, ...]]:  # fmt: skip
    """Return the tasks alone, and the teams whose renewal is one of them."""
    asking, teams = Asking(unit, year, today), renewals(conn, tree, unit, year)
    return tasks(conn, tree, asking, _plans(conn, tree, plan, asking), teams), teams


def _plans(
    conn: sqlite3.Connection, tree: UnitTree, plan: Plan | None, asking: Asking
) -> list[tuple[Plan, Mapping[str, Any]]]:  # fmt: skip
    return [one for one in plans_of(conn, tree, asking) if plan is None or one[0].id == plan.id]
