"""A backup of the laptop every day, beside its data: what a slip or a broken file costs is a day at most."""

import logging
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from field_client import clock
from field_client.recovery import backup_by_key
from field_client.settings import Settings
from field_client.store import Error, get_meta, put_meta, writing
from schemas.fields import instant_text
from sync.sealed import NotSealed

log = logging.getLogger(__name__)
KEEP = "backups_keep"
DAYS = 7
LAST, TROUBLE = "backup_last", "backup_trouble"
FULL = "Ổ đĩa đầy hoặc không ghi được nên chưa lưu được bản hôm nay; xóa bớt tệp. Dữ liệu vẫn còn nguyên."


def daily(db: Database, settings: Settings, key: bytes, at: datetime) -> Path | None:
    """Make today's backup where there is none yet, and let the oldest go; what goes wrong is kept as a sentence.

    A plain store has none: there would be nothing to lock it with.
    """
    path = settings.backups / f"{clock.local_day(at):%Y-%m-%d}.backup"
    if not key or path.exists():
        return None
    try:
        settings.backups.mkdir(mode=0o700, exist_ok=True)
        backup_by_key(db, settings, path, key, at)
    except (NotSealed, OSError, Error) as error:
        log.warning("No backup today: %s", error)
        _note(db, TROUBLE, str(error) if isinstance(error, NotSealed) else FULL)
        return None
    _note(db, TROUBLE, "")
    _note(db, LAST, instant_text(at))
    for old in kept(settings)[int(get_meta(db.conn, KEEP) or DAYS) :]:
        old.unlink(missing_ok=True)
    return path


def kept(settings: Settings) -> list[Path]:
    """Return the daily backups that are here, the newest first."""
    return sorted(settings.backups.glob("*.backup"), reverse=True)


def _note(db: Database, key: str, value: str) -> None:
    try:
        with writing(db) as conn:
            put_meta(conn, key, value)
    except Error as error:  # the disk is full
        log.warning("Could not note %s: %s", key, error)
