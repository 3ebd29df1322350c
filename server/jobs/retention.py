"""What may be let go, and when: rules as data, each with its ground, and holds by named persons that stop them."""

import shutil
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.audit import Entry, Who, note
from server.jobs.work import Work
from server.store import marks, writing

EVERYTHING = "all"
AT_ONCE = 400  # rows of a transaction


@dataclass(frozen=True)
class Rule:
    """How long one kind of data is kept; *days* is None where there is no ground to delete it."""

    id: str
    vi: str
    en: str
    days: int | None
    ground: str


@dataclass(frozen=True)
class Rows:
    """Where a kind stands, and the moment from which its days count; *where* is true of what may go at all.

    Many rows are deleted in parts, by their *key*; *folder*, below the data, has a folder of files for each.
    """

    table: str
    since: str
    where: str = "1 = 1"
    key: str = "id"
    folder: str = ""


# What the server knows to delete; a rule of the data that is not named here keeps.
KNOWN: Mapping[str, Rows] = {
    "tries": Rows("tries", "at", key="door"),
    "enrolment_codes": Rows("enrolments", "expires_at", key="hash"),
    "access_tokens": Rows("access_tokens", "coalesce(revoked_at, expires_at)"),
    "sessions": Rows("sessions", "used_at", key="hash"),
    "invitations": Rows("invitations", "expires_at", key="user"),
    "job_runs": Rows("job_runs", "begun_at", "ended_at IS NOT NULL"),
    "import_files": Rows("import_runs", "made_at", "state <> 'running'", folder="imports"),
    "unreadable": Rows("unreadable", "at", key="hash"),
    "log": Rows("audit", "at", key="seq"),
    "contacts": Rows("contacts", "at", key="device"),
    "proposals": Rows("proposals", "made_at", "state = 'dropped'"),
}


@dataclass(frozen=True)
class Hold:
    """That somebody by name asks for data to be kept; open while *ended_at* is empty. *data* is a rule, or all."""

    id: str
    data: str
    person: str
    ground: str
    set_at: str
    set_by: str
    ended_at: str | None
    ended_by: str | None


@dataclass(frozen=True)
class Kept:
    """A rule as it stands today: how many rows there are, how many are due, and who holds them."""

    rule: Rule
    rows: int
    due: int
    held_by: tuple[Hold, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order of the data."""
    text = files("server.jobs").joinpath("retention.toml").read_text(encoding="utf-8")
    return tuple(
        Rule(row["id"], row["vi"], row["en"], row.get("days"), row.get("ground", ""))
        for row in tomllib.loads(text)["data"]
    )


def let_go(work: Work) -> str:
    """Delete what is past its days, has a ground and is held by nobody; say how much."""
    gone = sum(
        _delete(work, KNOWN[rule.id], _before(rule, work.at))
        for rule in rules()
        if rule.days is not None and rule.ground and not holding(work.db.conn, rule.id)
    )
    held = sum(bool(rule.days and holding(work.db.conn, rule.id)) for rule in rules())
    return f"Đã xóa {gone} dòng hết hạn; {held} loại đang được yêu cầu giữ lại."


def _before(rule: Rule, at: datetime) -> str:
    return instant_text(at - timedelta(days=rule.days or 0))


def _delete(work: Work, kind: Rows, before: str) -> int:
    """Delete what is older, its files first: cut short, the rows that are left are deleted the next time."""
    due = f"{kind.since} < ? AND {kind.where}"
    total = 0
    while keys := _some(work.db.conn, kind, due, before):
        if kind.folder:
            for key in keys:
                shutil.rmtree(work.settings.data / kind.folder / key, ignore_errors=True)
        with writing(work.db) as conn:
            total += conn.execute(
                f"DELETE FROM {kind.table} WHERE {kind.key} IN ({marks(keys)}) AND {due}", (*keys, before)
            ).rowcount
    return total


def _some(conn: sqlite3.Connection, kind: Rows, due: str, before: str) -> list[str]:
    rows = conn.execute(f"SELECT DISTINCT {kind.key} FROM {kind.table} WHERE {due} LIMIT {AT_ONCE}", (before,))
    return [row[0] for row in rows]


def kept(conn: sqlite3.Connection, at: datetime) -> list[Kept]:
    """Return each rule with what is there of it."""
    found = []
    for rule in rules():
        kind, due = KNOWN[rule.id], 0
        if rule.days is not None:
            due = _count(conn, kind, f"{kind.since} < ? AND {kind.where}", _before(rule, at))
        found.append(Kept(rule, _count(conn, kind, "1 = 1"), due, holding(conn, rule.id)))
    return found


def _count(conn: sqlite3.Connection, kind: Rows, where: str, *values: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {kind.table} WHERE {where}", values).fetchone()[0])


def holds(conn: sqlite3.Connection) -> list[Hold]:
    """Return every hold, the newest first."""
    rows = conn.execute(
        "SELECT id, data, person, ground, set_at, set_by, ended_at, ended_by FROM holds ORDER BY set_at DESC, id DESC"
    )
    return [Hold(*row) for row in rows]


def holding(conn: sqlite3.Connection, data: str) -> tuple[Hold, ...]:
    """Return the open holds of *data*: while there is one, nothing of it is deleted."""
    return tuple(one for one in holds(conn) if one.ended_at is None and one.data in (data, EVERYTHING))


@dataclass(frozen=True)
class Asked:
    """What is asked for: which data, by whom, on what ground."""

    data: str
    person: str
    ground: str


def hold(db: Database, asked: Asked, by: Who, at: datetime) -> str:
    """Keep data whatever its rule says, until the hold is ended; *by* names the account. Return the hold's id."""
    id = new_id()
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO holds (id, data, person, ground, set_at, set_by) VALUES (?, ?, ?, ?, ?, ?)",
            (id, asked.data, asked.person, asked.ground, instant_text(at), by.id),
        )
        said = {"data": asked.data, "name": asked.person, "ground": asked.ground}
        note(conn, Entry("hold_set", by.id, by.role, f"hold:{id}", by.unit, detail=said), at)
    return id


def end(db: Database, id: str, by: Who, at: datetime) -> bool:
    """End a hold; False where there is none that is open."""
    with writing(db) as conn:
        row = conn.execute("SELECT data FROM holds WHERE id = ? AND ended_at IS NULL", (id,)).fetchone()
        if row is None:
            return False
        conn.execute("UPDATE holds SET ended_at = ?, ended_by = ? WHERE id = ?", (instant_text(at), by.id, id))
        note(conn, Entry("hold_ended", by.id, by.role, f"hold:{id}", by.unit, detail={"data": row[0]}), at)
    return True
