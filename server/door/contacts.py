"""What a laptop said of itself at its last contact: it stands under every figure as “complete to”."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from schemas.fields import instant_text
from sync.report import Report


def note(conn: sqlite3.Connection, device: str, report: Report, at: datetime) -> None:
    """Keep the last report of *device*; a clock that cannot be read counts as right."""
    conn.execute(
        "INSERT INTO contacts (device, at, drafts, unsent, earliest, version, clock_offset_s, run, schema)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET at = excluded.at,"
        " drafts = excluded.drafts, unsent = excluded.unsent, earliest = excluded.earliest,"
        " version = excluded.version, clock_offset_s = excluded.clock_offset_s, run = excluded.run,"
        " schema = excluded.schema",
        (
            device, instant_text(at), report.drafts, report.unsent, report.earliest, report.version[:40],
            offset(report.clock, at), report.run, report.schema,
        ),
    )  # fmt: skip


def offset(clock: str, at: datetime) -> int:
    """Return how many seconds a laptop's clock was ahead, whatever year it says; 0 where it cannot be read."""
    try:
        return int((datetime.fromisoformat(clock) - at).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0


def says_more(conn: sqlite3.Connection, device: str, report: Report, at: datetime) -> bool:
    """Say whether *report* tells something that was not known a minute ago: only then is a disk waited for."""
    known = conn.execute(
        "SELECT at, drafts, unsent, earliest, version, run, schema FROM contacts WHERE device = ?", (device,)
    ).fetchone()
    now = (report.drafts, report.unsent, report.earliest, report.version[:40], report.run, report.schema)
    return not (known and tuple(known[1:]) == now and at - datetime.fromisoformat(known[0]) < timedelta(minutes=1))


def note_of_bundle(conn: sqlite3.Connection, head: dict[str, Any], report: Report, at: datetime) -> None:
    """Keep what a bundle says is left on its laptop, unless something later is known already.

    It speaks of the moment it was written: the laptop's clock, put right by how far off it was known to be,
    and neither before the server's last word to that laptop nor after now. How far the clock is off is left
    as it was: a file says nothing of it.
    """
    made = _made_at(head, report, at)
    if made is None:
        return
    conn.execute(
        "INSERT INTO contacts (device, at, drafts, unsent, earliest, version, clock_offset_s, run, schema)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (device) DO UPDATE SET at = excluded.at,"
        " drafts = excluded.drafts, unsent = excluded.unsent, earliest = excluded.earliest,"
        " version = excluded.version, run = excluded.run, schema = excluded.schema WHERE excluded.at > contacts.at",
        (head["device"], instant_text(made), report.drafts, report.unsent, report.earliest, report.version[:40],
         report.run, report.schema),
    )


def _made_at(head: dict[str, Any], report: Report, at: datetime) -> datetime | None:
    """Return when a bundle was written; None when it says nothing that can be read."""
    try:
        made = datetime.fromisoformat(report.clock) - timedelta(seconds=head["clock_offset_s"])
        heard = head["server_time"] and datetime.fromisoformat(head["server_time"])
        return min(max(made, heard or made), at)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
