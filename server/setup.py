"""Making a new server: its folder, keys, lineage, office device and the administrative units."""

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from schemas.ids import new_id
from schemas.units import AdminUnit, packaged_successors, packaged_units
from server.clock import local_day
from server.keys import make_keys, read_keys
from server.office import Change, edit, make
from server.settings import Settings
from server.store import get_meta, open_store, put_meta, writing

FIRST_YEAR = 2021  # the first year of the plans; earlier years are recounted when asked


class AlreadyThere(Exception):
    """There is a server in this folder already; nothing was changed."""


def create(settings: Settings, at: datetime) -> str:
    """Make a new server in an empty folder and return the fingerprint of its key."""
    if settings.database.exists():
        raise AlreadyThere(f"Thư mục {settings.data} đã có máy chủ; chọn thư mục khác, hoặc chạy: doi178-server run.")
    settings.data.mkdir(parents=True, exist_ok=True)
    unfinished = settings.data / "doi178.db.new"
    if settings.keys.exists():
        if not unfinished.exists():
            raise AlreadyThere(f"Thư mục {settings.data} còn khóa của một máy chủ; chọn thư mục khác.")
        shutil.rmtree(settings.keys)  # of an init that was cut short
    _remove(unfinished)
    unfinished.touch()
    make_keys(settings.keys)
    db = open_store(unfinished)
    begin(db, at)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    unfinished.rename(settings.database)
    _remove(unfinished)
    return read_keys(settings.keys).fingerprint


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def begin(db: Database, at: datetime) -> None:
    """Write what a new database starts with: lineage, office device, the packaged units, the years counted."""
    device = new_id()
    with writing(db) as conn:
        put_meta(conn, "lineage", new_id())
        put_meta(conn, "office_device", device)
        put_meta(conn, "office_run", new_id())
        _count_years(conn, at)
    make(db, [edit("device", device, {"name": "Văn phòng"}, {})], author="setup", at=at)
    load_units(db, at)


def _count_years(conn: sqlite3.Connection, at: datetime) -> None:
    conn.executemany(
        "INSERT INTO coverage_years (year) VALUES (?)", [(year,) for year in range(FIRST_YEAR, local_day(at).year + 1)]
    )


def load_units(db: Database, at: datetime) -> None:
    """Load both maps as they are packaged with the program."""
    after: dict[str, list[str]] = {}
    for old, new in packaged_successors():
        after.setdefault(f"old:{old}", []).append(new)
    changes = [unit_edit(unit, after.get(unit.key, [])) for unit in packaged_units()]
    for start in range(0, len(changes), 500):
        make(db, changes[start : start + 500], author="setup", at=at)


def unit_edit(unit: AdminUnit, successors: list[str]) -> Change:
    """Return the change that enters a unit of the packaged maps."""
    state = {
        "name": unit.name,
        "level": unit.level.value,
        "parent": unit.parent or None,
        "valid_from": unit.valid_from and unit.valid_from.isoformat(),
        "valid_to": unit.valid_to and unit.valid_to.isoformat(),
        "successors": successors or None,
    }
    return edit("unit", unit.key, {path: value for path, value in state.items() if value is not None}, {})


def office_device(conn: sqlite3.Connection) -> str:
    """Return the id of the office's own device."""
    return get_meta(conn, "office_device")
