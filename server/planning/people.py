"""The teams that may be sent within an area: its own, those below it, and those above that may come there."""

import sqlite3

from schemas.text import sort_key
from schemas.units import UnitTree
from server.office import state_of, things
from server.pages.areas import inside


def teams_near(conn: sqlite3.Connection, tree: UnitTree, area: str) -> list[tuple[str, str]]:
    """Return id and name of each, in the order of their names."""
    near = {area, *tree.ancestors(area)}
    found = {id: state["name"] for id, state in things(conn, "team").items()
             if (unit := f"{state['epoch']}:{state['area']}") in near or inside(tree, area, unit)}  # fmt: skip
    return sorted(found.items(), key=lambda team: sort_key(team[1]))


def who(conn: sqlite3.Connection, author: str) -> str:
    """Return how an author is called: an account by its name, anything else as it is."""
    user = state_of(conn, "user", author)
    return str(user["name"]) if user else author
