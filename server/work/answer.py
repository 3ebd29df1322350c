"""The work of a year of a unit, whole: for its page, its return and programs."""

import sqlite3
from datetime import date

from schemas.units import UnitTree
from server.pages.areas import whole_communes
from server.plans.listing import Plan
from server.work.inspections import asked, inspected, inspections
from server.work.model import Work
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
    asking = Asking(unit, year, today)
    plans = [one for one in plans_of(conn, tree, asking) if plan is None or one[0].id == plan.id]
    teams, communes = renewals(conn, tree, unit, year), tree.communes(unit)
    found = inspections(conn, tree, unit, year, today.isoformat())
    return Work(
        unit, year, today.isoformat(), tasks(conn, tree, asking, plans, teams), teams, len(communes),
        inspected(found, communes), found, asked(plans), reviews(conn, whole_communes(tree, unit), year, today),
        proposals(conn, tree, unit, year),
    )  # fmt: skip
