"""Every night: a backup where the settings ask for one, the oldest let go, and a verification."""

import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.arrivals.checkpoint import verify_onward
from server.arrivals.verify import Verdict
from server.audit.proof import check_log
from server.clock import VIETNAM, now
from server.files.keeping import check_files
from server.recovery.backup import Made, backup, is_on_another_disk, is_safe
from server.returns.freezing import check_frozen
from server.settings import NightlyBackup, Settings
from server.store import open_store, put_meta, reading, writing
from sync.sealed import NotSealed, passphrase_from

log = logging.getLogger(__name__)
PATTERN = "doi178-????????-????.backup"


def prove(db: Database, settings: Settings) -> Verdict:
    """Verify what the database holds, from where the last time ended, and the files beside it."""
    verdict = verify_onward(db, settings.verified)
    with reading(db) as conn:
        beside = [*check_log(conn, settings.verified), *check_files(conn, settings.files),
                  *check_frozen(conn, settings.files)]  # fmt: skip
    return replace(verdict, problems=(*verdict.problems, *beside))


@dataclass(frozen=True)
class Told:
    """What became of tonight's backup: what was made, or in a sentence why it was not."""

    trouble: str
    made: Made | None = None


def backup_tonight(settings: Settings, nightly: NightlyBackup) -> Told:
    """Make tonight's backup and let go of the oldest; what goes wrong is kept for the first page, in a sentence."""
    db = open_store(settings.database)
    at = now()
    path = nightly.folder / f"doi178-{at.astimezone(VIETNAM):%Y%m%d-%H%M}.backup"
    try:
        made = backup(db, settings, path, passphrase_from(nightly.passphrase_file), at)
        if is_on_another_disk(settings, path):
            is_safe(db, made)
        for old in sorted(nightly.folder.glob(PATTERN))[: -nightly.keep]:
            old.unlink(missing_ok=True)
        return _note(db, at, Told("", made))
    except NotSealed as error:
        return _note(db, at, Told(str(error)))
    except OSError as error:
        return _note(db, at, Told(f"Không ghi được vào {nightly.folder}: {error.strerror}."))
    except Exception as error:  # whatever it is, somebody must be told that there is no backup
        reference = new_id()[-12:]
        log.exception("The nightly backup fell over, reference %s", reference, exc_info=error)
        return _note(db, at, Told(f"Chương trình gặp lỗi; báo mã {reference}."))
    finally:
        db.close()


def _note(db: Database, at: datetime, told: Told) -> Told:
    said = {"at": instant_text(at), "trouble": told.trouble, "seq": told.made.seq if told.made else None}
    if told.trouble:
        log.error("Backup: %s", told.trouble)
    with writing(db) as conn:
        put_meta(conn, "last_backup", json.dumps(said, ensure_ascii=False))
    return told
