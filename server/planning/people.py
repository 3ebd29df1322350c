"""The teams that may be sent within an area: its own, those below it, and those above that may come there."""

import sqlite3

from schemas.text import sort_key
from schemas.units import UnitTree
from server.office import things
from server.pages.areas import inside

NOT_NEAR = "Đội này không được cử trong địa bàn hoặc đã hết hạn; chọn đội khác."


def teams_near(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[tuple[str, str]]:
    """Return id and name of each, in the order of their names."""
    near = {area, *tree.ancestors(area)}
    found = {id: state["name"] for id, state in things(conn, "team").items()
             if (unit := f"{state['epoch']}:{state['area']}") in near or inside(tree, area, unit)}  # fmt: skip
    return sorted(found.items(), key=lambda team: sort_key(team[1]))
