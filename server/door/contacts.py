"""What a laptop said of itself at its last contact: it stands under every figure as “complete to”."""

import sqlite3
from datetime import datetime, timedelta

from schemas.fields import instant_text
from sync.report import Report


def note(conn: sqlite3.Connection, device: str, report: Report, at: datetime) -> None:
    """Keep the last report of *device*; a clock that cannot be read counts as right."""
    try:
        offset = int((datetime.fromisoformat(report.clock) - at).total_seconds())
    except (ValueError, TypeError):
        offset = 0
    conn.execute(
        "INSERT INTO contacts (device, at, drafts, unsent, earliest, version, clock_offset_s)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET at = excluded.at,"
        " drafts = excluded.drafts, unsent = excluded.unsent, earliest = excluded.earliest,"
        " version = excluded.version, clock_offset_s = excluded.clock_offset_s",
        (device, instant_text(at), report.drafts, report.unsent, report.earliest, report.version[:40], offset),
    )


def says_more(conn: sqlite3.Connection, device: str, report: Report, at: datetime) -> bool:
    """Say whether *report* tells something that was not known a minute ago: only then is a disk waited for."""
    known = conn.execute(
        "SELECT at, drafts, unsent, earliest, version FROM contacts WHERE device = ?", (device,)
    ).fetchone()
    same = known and tuple(known[1:]) == (report.drafts, report.unsent, report.earliest, report.version[:40])
    return not (same and at - datetime.fromisoformat(known[0]) < timedelta(minutes=1))
