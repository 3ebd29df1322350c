"""What waits, what the server has, when it was last heard of: the first page and `status`."""

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from field_client.attachments import left
from field_client.revoked import locked_on
from field_client.store import get_meta
from schemas.items import SCHEMA
from sync.report import Report


@dataclass(frozen=True)
class Status:
    """How this laptop stands. Empty texts are what is not known yet; times are instants in UTC."""

    device: str
    name: str
    area: str
    team: str
    address: str
    waiting: int
    drafts: int
    received: int
    to_put_right: int
    last_contact: str
    server_time: str
    clock_offset_s: int | None
    trouble: str  # of the last try: empty when it went through
    words: str
    locked_on: str  # the day on which the office locked it, empty when it did not
    standings: dict[str, int] = field(default_factory=dict)
    photos_waiting: int = 0
    scans_waiting: int = 0
    files_refused: int = 0
    records_waiting: int = 0  # without the records of files: those are counted with their files

    @property
    def files_waiting(self) -> int:
        """The photos and scans that have not gone."""
        return self.photos_waiting + self.scans_waiting

    @property
    def enrolled(self) -> bool:
        """Whether the laptop has a name on the server."""
        return bool(self.device)


def status(db: Database) -> Status:
    """Return how this laptop stands."""
    conn = db.conn
    meta = {key: get_meta(conn, key) for key in ("device", "name", "area", "team", "address", "last_contact")}
    standings = dict(
        conn.execute("SELECT coalesce(standing, 'waiting'), count(*) FROM own GROUP BY 1").fetchall()
    )
    bad = sum(standings.get(standing, 0) for standing in ("quarantined", "conflict", "held", "unreadable"))
    last = conn.execute("SELECT trouble, words FROM syncs ORDER BY id DESC LIMIT 1").fetchone() or ("", "")
    offset, files = get_meta(conn, "clock_offset_s"), left(conn)
    return Status(
        **meta,
        waiting=waiting(conn),
        drafts=_count(conn, "SELECT count(*) FROM drafts"),
        received=_count(conn, "SELECT count(*) FROM own WHERE seq IS NOT NULL"),
        to_put_right=bad,
        server_time=get_meta(conn, "server_time"),
        clock_offset_s=int(offset) if offset else None,
        trouble=last[0],
        words=last[1],
        locked_on=locked_on(conn),
        standings=standings,
        photos_waiting=files.photos,
        scans_waiting=files.scans,
        files_refused=files.refused,
        records_waiting=_count(conn, "SELECT count(*) FROM own WHERE waiting = 1 AND kind <> 'attachment'"),
    )


def waiting(conn: sqlite3.Connection) -> int:
    """Count the items without a receipt."""
    return _count(conn, "SELECT count(*) FROM own WHERE waiting = 1")


def _count(conn: sqlite3.Connection, query: str) -> int:
    return int(conn.execute(query).fetchone()[0])


def receipts(db: Database, *, limit: int = -1, offset: int = 0) -> list[dict[str, Any]]:
    """Return the stored receipts, the latest first: item, kind, id, revision, seq, standing, received_at."""
    rows = db.conn.execute(
        "SELECT own.name, own.kind, own.id, CASE WHEN length(own.line) > 0"
        " THEN json_extract(CAST(own.line AS TEXT), '$.body.revision') END, own.seq,"
        "       own.standing, proofs.at"
        "  FROM own LEFT JOIN proofs ON proofs.id = own.proof WHERE own.seq IS NOT NULL"
        " ORDER BY own.local DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    keys = ("item", "kind", "id", "revision", "seq", "standing", "received_at")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def report(
    conn: sqlite3.Connection, *, version: str, clock: str, beside: tuple[int, int] = (0, -1)
) -> Report:
    """Return what is left on this laptop, as it tells the server with every request.

    What goes in one part of a bundle is told of in that part: *beside* says from which item to which.
    """
    waits = "waiting = 1 AND local NOT BETWEEN :first AND :last"
    unsent = f"SELECT json_extract(CAST(line AS TEXT), '$.body.date') FROM own WHERE {waits} AND kind = 'inspection'"
    unsure = "SELECT unsure_since FROM drafts WHERE unsure_since <> ''"  # its date may be years ahead of its day
    days = f"SELECT date AS day FROM drafts UNION ALL {unsure} UNION ALL {unsent}"
    span = {"first": beside[0], "last": beside[1]}
    earliest = conn.execute(f"SELECT min(day) FROM ({days})", span).fetchone()[0]
    left = conn.execute(f"SELECT count(*) FROM own WHERE {waits}", span).fetchone()[0]
    drafts, run = _count(conn, "SELECT count(*) FROM drafts"), get_meta(conn, "run")
    return Report(drafts, left, earliest, version, clock, run, SCHEMA)
