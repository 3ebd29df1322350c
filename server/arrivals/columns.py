"""What stands beside a visit's row so that lists need not read bodies: its risk, findings, duties, its paper."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from schemas.attachments import Role
from schemas.duties import minors
from schemas.in_brief import duties_text, findings_text
from schemas.inspections import QUORUM, Outcome
from schemas.paper_events import Paper, paper, read_event

ALARM, VIOLATIONS, SHORT = 4, 2, 1
COUNTS = {outcome.value: outcome.counts for outcome in Outcome}


def risk(body: Mapping[str, Any], members: int) -> int:
    """Say how soon a visit is to be looked at: signs of crime or minors, then violations, then a missing quorum."""
    alarm = body.get("crime_signs") is True or minors(body) > 0
    short = members < QUORUM and COUNTS.get(str(body.get("outcome")), False)
    return ALARM * alarm + VIOLATIONS * bool(body.get("violations")) + SHORT * short


def in_brief(body: dict[str, Any], members: int) -> tuple[int, str, str]:
    """Return the columns of a visit that lists read instead of its body: risk, findings, duties."""
    return risk(body, members), findings_text(body), duties_text(body)


def refresh_paper(conn: sqlite3.Connection, inspection: str) -> None:
    """Keep whether the paper of a visit's present revision is there."""
    row = conn.execute("SELECT item FROM visits WHERE id = ?", (inspection,)).fetchone()
    if row:
        there = int(stands(conn, inspection, row[0]).there)
        conn.execute("UPDATE visits SET paper = ? WHERE id = ?", (there, inspection))


def stands(conn: sqlite3.Connection, inspection: str, item: str) -> Paper:
    """Return how the paper of the revision *item* stands, by what was said of it and the scans that are known."""
    rows = conn.execute(
        "SELECT id, author, said FROM said_of_visits WHERE kind = 'paper' AND inspection = ? ORDER BY id", (inspection,)
    )
    events = [one for id, author, said in rows if (one := read_event(id, author, "accepted", json.loads(said)))]
    (scans,) = conn.execute(
        "SELECT count(*) FROM attachments WHERE inspection = ? AND role = ? AND revision IN ('', ?)",
        (inspection, Role.SCAN.value, item),
    ).fetchone()
    return paper(events, item, scans)
