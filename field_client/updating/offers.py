"""Which newer program the server offers this laptop, by line or on a stick, under the server's signature."""

import json
import platform
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from field_client.store import get_meta, put_meta, writing
from field_client.syncing import program_version, server_key
from schemas.fields import instant_text
from sync.http import HttpLine
from sync.release import Release, order, proven

OFFERED_AT = "/api/v1/client"
SELDOM = timedelta(hours=20)  # between two questions that nobody asked for


def this_machine() -> str:
    """Return the platform of this machine as releases name it: windows-amd64, linux-x86_64."""
    return f"{platform.system()}-{platform.machine()}".lower()


def take(db: Database, statement: Any) -> Release | None:
    """Keep an offer that the server signed, if it is for this machine and newer than what runs and what was offered."""
    found = proven(statement, server_key(db.conn))
    if found is None or not _newer(found, offered(db.conn)):
        return None
    with writing(db) as conn:
        put_meta(conn, "release", json.dumps(statement))
    return found


def _newer(found: Release, before: Release | None) -> bool:
    known = max(order(program_version()), before.order if before else ())
    again = before is not None and found == before
    return found.platform == this_machine() and (again or found.order > known)


def offered(conn: sqlite3.Connection) -> Release | None:
    """Return the newest program that was offered and is newer than the one that runs."""
    kept = get_meta(conn, "release")
    found = proven(json.loads(kept), server_key(conn)) if kept and get_meta(conn, "server_key") else None
    return found if found and found.order > order(program_version()) else None


def ask(db: Database, line: HttpLine, at: datetime) -> Release | None:
    """Ask the server for the newest program; raises LineError."""
    answer = line.ask("GET", OFFERED_AT, params={"platform": this_machine()}).json()
    with writing(db) as conn:
        put_meta(conn, "release_asked_at", instant_text(at))
    take(db, answer.get("release") if isinstance(answer, dict) else None)
    return offered(db.conn)


def is_due(conn: sqlite3.Connection, at: datetime) -> bool:
    """Say whether it is time to ask again without anybody's asking; a clock that was set back is no reason to wait."""
    asked = get_meta(conn, "release_asked_at")
    if not asked:
        return True
    since = at - datetime.fromisoformat(asked)
    return since > SELDOM or since < timedelta(0)
