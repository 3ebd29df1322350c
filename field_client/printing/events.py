"""The events of a visit's papers as this laptop knows them: ours, and those that the server told."""

import sqlite3

from field_client.store import said
from schemas.paper_events import Happened, Paper, number_of, paper, read_event

__all__ = ["Happened", "Paper", "may_change_freely", "number_of", "of_visit", "paper"]


def of_visit(conn: sqlite3.Connection, inspection: str) -> list[Happened]:
    """Return the events of a visit's papers, ours and those that the server told, in their order."""
    rows = said.of_visit(conn, inspection, "paper")
    return [one for row in rows if (one := read_event(row.id, row.author, row.standing, row.body))]


def may_change_freely(conn: sqlite3.Connection, inspection: str, item: str) -> bool:
    """Say whether the revision *item* was read back and nobody has signed it: its change needs no reason.

    That nothing is written of a paper does not show that nobody signed it; so somebody must have said so.
    """
    stands = paper(of_visit(conn, inspection), item)
    return stands.read_back and not stands.closed
