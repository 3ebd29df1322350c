"""Figures of indicators, as a narrow table. They are told to no laptop."""

from schemas.items import Item
from schemas.register import State
from server.arrivals.world import World


def fold_value(world: World, item: Item, before: State, after: State) -> None:
    """Keep what sums and lists ask of a figure; its words stay in the thing."""
    world.conn.execute(
        "INSERT INTO indicator_values (id, plan, indicator, unit, agency, report, since, until, numerator,"
        " denominator, standing, entered_on, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET report = excluded.report, numerator = excluded.numerator,"
        " denominator = excluded.denominator, standing = excluded.standing, entered_on = excluded.entered_on,"
        " file = excluded.file",
        (
            item.id, after["plan"], after["indicator"], f"{after['epoch']}:{after['unit']}", after.get("agency") or "",
            after["report"], after["from"], after["to"], after.get("numerator"), after.get("denominator"),
            after["standing"], after.get("on") or "", after.get("file") or "",
        ),
    )  # fmt: skip
    claim_file(world, item)


def claim_file(world: World, item: Item) -> None:
    """Say that the item speaks for the file that it sets, in the same transaction: nobody drops it meanwhile."""
    sha256 = item.body["set"].get("file")
    if sha256:
        world.conn.execute(
            "INSERT INTO file_claims (sha256, item) VALUES (?, ?) ON CONFLICT DO NOTHING", (sha256, item.name)
        )
