"""Every night: a backup where the settings ask for one, the oldest let go, and a verification."""

import json
import logging
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.arrivals.checkpoint import note_result, verify_onward
from server.arrivals.verify import Verdict
from server.audit.proof import check_log
from server.clock import VIETNAM, now
from server.files.keeping import check_files
from server.recovery.backup import Made, backup, is_on_another_disk, is_safe
from server.settings import NightlyBackup, Settings
from server.store import open_store, put_meta, reading, writing
from sync.locks import Taken
from sync.sealed import NotSealed, passphrase_from

log = logging.getLogger(__name__)
PATTERN = "doi178-????????-????.backup"


def prove(db: Database, settings: Settings) -> Verdict:
    """Verify what the database holds, from where the last time ended, and the files beside it."""
    verdict = verify_onward(db, settings.verified)
    with reading(db) as conn:
        beside = [*check_log(conn, settings.verified), *check_files(conn, settings.files)]
    return replace(verdict, problems=(*verdict.problems, *beside))


def verify_tonight(settings: Settings) -> None:
    """Verify from where the last time ended, and keep what was found for the first page."""
    db = open_store(settings.database)
    try:
        verdict = prove(db, settings)
        note_result(db, verdict, now())
        for problem in verdict.problems:
            log.error("Verification: %s", problem)
    except Taken:
        log.info("Somebody else is verifying.")
    finally:
        db.close()


def backup_tonight(settings: Settings, nightly: NightlyBackup) -> None:
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
        _note(db, at, "", made)
    except NotSealed as error:
        _note(db, at, str(error))
    except OSError as error:
        _note(db, at, f"Không ghi được vào {nightly.folder}: {error.strerror}.")
    except Exception as error:  # whatever it is, somebody must be told that there is no backup
        reference = new_id()[-12:]
        log.exception("The nightly backup fell over, reference %s", reference, exc_info=error)
        _note(db, at, f"Chương trình gặp lỗi; báo mã {reference}.")
    finally:
        db.close()


def _note(db: Database, at: datetime, trouble: str, made: Made | None = None) -> None:
    told = {"at": instant_text(at), "trouble": trouble, "seq": made.seq if made else None}
    if trouble:
        log.error("Backup: %s", trouble)
    with writing(db) as conn:
        put_meta(conn, "last_backup", json.dumps(told, ensure_ascii=False))
