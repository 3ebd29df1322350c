"""What follows from a sanction decision: whose it is, who is told what it makes a repeat, and that it is held."""

from collections.abc import Iterable

from schemas.items import Item
from schemas.register import State
from server.arrivals.merges import root_again
from server.arrivals.world import EVERY_LAPTOP, World
from server.register.keep import keep_decision

REPEAT, HELD, ALL = "repeat", "decisions_held", "all"  # kinds of the feed; the second is one thing, under the id ALL


def fold_decision(world: World, item: Item, before: State, after: State) -> None:
    """Keep the row of a decision, and tell all who have its operator, or had."""
    news = _is_news(world, before, after)
    world.conn.execute(
        "INSERT INTO decisions (id, operator, number, authority, decided_on) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET operator = excluded.operator, number = excluded.number,"
        " authority = excluded.authority, decided_on = excluded.decided_on",
        (item.id, *(after.get(path) or "" for path in ("operator", "number", "authority", "decided_on"))),
    )
    keep_decision(world.conn, item.id, after)
    tell_of_repeats(world, filter(None, (before.get("operator"), after.get("operator"))))
    if news:
        world.stamp(EVERY_LAPTOP, HELD, ALL)


def _is_news(world: World, before: State, after: State) -> bool:
    """Say whether more than one decision more is held: another authority, or an earlier day."""
    said = (after.get("authority") or "", after.get("decided_on") or "")
    if before and (before.get("authority") or "", before.get("decided_on") or "") != said:
        return True
    row = world.conn.execute("SELECT min(decided_on) FROM decisions WHERE authority = ?", said[:1]).fetchone()
    return row[0] is None or said[1] < row[0]


def fold_operator(world: World, item: Item, before: State, after: State) -> None:
    """Keep the row of an operator; a merge, or its end, unites or parts what was decided of them."""
    world.conn.execute(
        "INSERT INTO operators (id, root, merged_into) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET merged_into = excluded.merged_into",
        (item.id, item.id, after.get("merged_into")),
    )
    if before.get("merged_into") == after.get("merged_into"):
        return
    were = united(world, item.id)
    root_again(world, "operator", item.id)
    tell_of_repeats(world, dict.fromkeys([*were, *united(world, item.id)]))


def united(world: World, operator: str) -> list[str]:
    """Return the ids of all operators that merges have made one with *operator*, itself too."""
    rows = world.conn.execute(
        "SELECT id FROM operators WHERE root = (SELECT root FROM operators WHERE id = ?) ORDER BY id", (operator,)
    )
    return [row[0] for row in rows.fetchall()]


def tell_of_repeats(world: World, operators: Iterable[str]) -> None:
    """Tell of *operators*, and of who is one with them, wherever the operator itself was told of, or left."""
    for operator in dict.fromkeys(member for one in operators for member in united(world, one)):
        rows = world.conn.execute(
            "SELECT commune, gone FROM feed WHERE kind = 'operator' AND id = ? ORDER BY commune", (operator,)
        )
        for commune, gone in rows.fetchall():
            world.stamp(commune, REPEAT, operator, gone)


def decided(world: World, operator: str) -> bool:
    """Say whether there is a decision about *operator*, or about who is one with it."""
    row = world.conn.execute(
        "SELECT 1 FROM operators JOIN decisions ON decisions.operator = operators.id"
        " WHERE operators.root = (SELECT root FROM operators WHERE id = ?) LIMIT 1",
        (operator,),
    ).fetchone()
    return row is not None


def stamp_operator(world: World, commune: str, operator: str, gone: int = 0) -> None:
    """Tell a commune of an operator that came, changed or left (*gone*), and of what was decided about it."""
    world.stamp(commune, "operator", operator, gone)
    if decided(world, operator):
        world.stamp(commune, REPEAT, operator, gone)


def communes_of(world: World, operator: str) -> list[str]:
    """Return the present communes in which an operator runs a place, or ran one."""
    rows = world.conn.execute(
        "SELECT DISTINCT commune FROM operator_places JOIN placements USING (establishment)"
        " WHERE operator = ? ORDER BY commune",
        (operator,),
    )
    return [row[0] for row in rows.fetchall()]
