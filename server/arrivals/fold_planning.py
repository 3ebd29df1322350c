"""Tips and drawn lists, as narrow tables. Neither is told to any laptop."""

from schemas.items import Item
from schemas.register import State
from server.arrivals.world import World


def fold_tip(world: World, item: Item, before: State, after: State) -> None:
    """Keep what lists, deadlines and points ask of a tip; its words stay in the thing."""
    world.conn.execute(
        "INSERT INTO tips (id, number, received_on, unit, establishment, classification, verified, due_on, handled_on,"
        " inspection) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET number = excluded.number,"
        " received_on = excluded.received_on, unit = excluded.unit, establishment = excluded.establishment,"
        " classification = excluded.classification, verified = excluded.verified, due_on = excluded.due_on,"
        " handled_on = excluded.handled_on, inspection = excluded.inspection",
        (
            item.id, after["number"], after["received_on"], f"{after['epoch']}:{after['unit']}",
            after.get("establishment"), after.get("classification") or "", after.get("verified") or "",
            after["due_on"], after.get("handled_on"), after.get("inspection"),
        ),
    )  # fmt: skip


def fold_drawn(world: World, item: Item) -> None:
    """Keep that a list was drawn, by whom."""
    body = item.body
    world.conn.execute(
        "INSERT INTO drawings (id, item, author, unit, year, drawn_on, seed, facts, list, places)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (
            item.id, item.name, item.author, f"{body['epoch']}:{body['unit']}", body["year"], body["on"], body["seed"],
            body["facts"], body["list"], body["places"],
        ),
    )  # fmt: skip
