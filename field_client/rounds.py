"""Tonight's outing: decision, leader and members present, entered once and carried to each place."""

import json
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from field_client import clock, places
from field_client.store import get_meta, writing
from schemas.fields import instant_text
from schemas.ids import new_id
from schemas.rounds import Round, RoundSchema

Member = dict[str, Any]


def start(
    db: Database, *, team: str, decision: str, leader: str, members: list[Member], at: datetime
) -> str:
    """Begin an outing, which ends the one before, and return its id."""
    id = new_id()
    with writing(db) as conn:
        day = clock.local_day(clock.best(conn, at)).isoformat()
        conn.execute("UPDATE rounds SET ended_at = ? WHERE ended_at IS NULL", (instant_text(at),))
        conn.execute(
            "INSERT INTO rounds (id, team, decision, leader, members, day, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id, team, decision, leader, json.dumps(members, ensure_ascii=False), day, instant_text(at)),
        )
    return id


def end(db: Database, at: datetime) -> None:
    """End the outing that is going on; nothing happens when there is none."""
    with writing(db) as conn:
        conn.execute("UPDATE rounds SET ended_at = ? WHERE ended_at IS NULL", (instant_text(at),))


def current(db: Database) -> Round | None:
    """Return the outing that is going on."""
    row = db.conn.execute(
        "SELECT id, team, decision, leader, members, day FROM rounds WHERE ended_at IS NULL"
        " ORDER BY started_at DESC, id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    given = dict(zip(("id", "team", "decision", "leader", "members", "day"), row, strict=True))
    found: Round = RoundSchema().load({**given, "members": json.loads(given["members"])})
    return found


def team_of(db: Database) -> str:
    """Return the team that speaks here: the outing's, else this laptop's, else the only one of the area."""
    outing = current(db)
    known = (outing.team if outing else "") or get_meta(db.conn, "team")
    if known:
        return known
    teams = places.teams(db)
    return teams[0].id if len(teams) == 1 else ""
