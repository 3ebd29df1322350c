"""Records that were merged: the chain of each, and the root at its end, kept beside places and operators."""

from server.arrivals.world import World

TABLES = {"establishment": "establishments", "operator": "operators"}


def chain_of_merges(world: World, kind: str, id: str) -> list[str]:
    """Return a record and all that it was merged into, one after another."""
    chain = [id]
    while (into := (world.state(kind, chain[-1]) or {}).get("merged_into")) and into not in chain:
        chain.append(into)
    return chain


def end_of_chain(world: World, kind: str, id: str) -> str:
    """Follow merges to the surviving record; a circle, which the door refuses, ends where it began."""
    return chain_of_merges(world, kind, id)[-1]


def root_again(world: World, kind: str, id: str) -> None:
    """Give every record that is merged into *id*, and itself, the root at the end of its chain."""
    table, root = TABLES[kind], end_of_chain(world, kind, id)
    members = {id}
    frontier = [id]
    while frontier:
        rows = world.conn.execute(f"SELECT id FROM {table} WHERE merged_into = ?", (frontier.pop(),))
        for (member,) in rows.fetchall():
            if member not in members:
                members.add(member)
                frontier.append(member)
    world.conn.executemany(
        f"UPDATE {table} SET root = ? WHERE id = ?", [(root, member) for member in sorted(members)]
    )
