"""What an upgrade makes right: items that the program could not read, or fell over, are judged again by themselves."""

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from server.arrivals.acting import judge_again, release
from server.arrivals.fold import settle
from server.arrivals.settling import carry_out
from server.arrivals.world import World
from server.store import writing
from sync.judge import Reason

AT_ONCE = 50  # a transaction each: whoever sends meanwhile waits for no more than that


def judge_what_waits_for_us(db: Database, at: datetime) -> int:
    """Judge again what is quarantined for schema or for an error of ours; return how many stand otherwise now.

    Called when the server starts. What still cannot be read stays as it is, without a new arrival.
    """
    names, moved = _waiting(db.conn), 0
    for start in range(0, len(names), AT_ONCE):
        with writing(db) as conn:
            world = World(conn, instant_text(at))
            before = world.seq
            for name in names[start : start + AT_ONCE]:
                judge_again(world, name, carry_out)
            moved += world.seq - before
            release(world)
            settle(world)
    return moved


def _waiting(conn: sqlite3.Connection) -> list[str]:
    reasons = [f'%"reason":"{reason.value}"%' for reason in (Reason.SCHEMA, Reason.SERVER_FAULT)]
    rows = conn.execute(
        "SELECT item FROM aside JOIN items ON items.name = aside.item"
        " WHERE aside.standing = 'quarantined' AND (detail LIKE ? OR detail LIKE ?) ORDER BY seq",
        reasons,
    )
    return [row[0] for row in rows]
