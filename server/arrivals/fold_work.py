"""Tasks of a year, inspections of units' own work and proposals, as narrow tables. None is told to any laptop."""

from schemas.items import Item
from schemas.register import State
from server.arrivals.fold_indicators import claim_file
from server.arrivals.world import World


def fold_year_task(world: World, item: Item, before: State, after: State) -> None:
    """Keep how far a unit is with a task of a year."""
    world.conn.execute(
        "INSERT INTO year_tasks (id, unit, year, plan, code, standing) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET standing = excluded.standing",
        (
            item.id, f"{after['epoch']}:{after['area']}", after["year"], after.get("plan") or "", after["code"],
            after["standing"],
        ),
    )  # fmt: skip
    claim_file(world, item)


def fold_unit_inspection(world: World, item: Item, before: State, after: State) -> None:
    """Keep when the own work of which unit was inspected, and whether something is to be mended. It is no visit."""
    world.conn.execute(
        "INSERT INTO unit_inspections (id, unit, day, void, mend_by, mended_on) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, day = excluded.day, void = excluded.void,"
        " mend_by = excluded.mend_by, mended_on = excluded.mended_on",
        (
            item.id, f"{after['epoch']}:{after['unit']}", after["on"], int(bool(after.get("void"))),
            after.get("mend_by") or "", after.get("mended_on") or "",
        ),
    )  # fmt: skip


def fold_list_proposal(world: World, item: Item, before: State, after: State) -> None:
    """Keep what a commune proposes after a review, and what was decided."""
    world.conn.execute(
        "INSERT INTO list_proposals (id, unit, year, standing) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET standing = excluded.standing",
        (item.id, f"{after['epoch']}:{after['unit']}", after["year"], after["standing"]),
    )
