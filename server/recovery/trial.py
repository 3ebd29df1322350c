"""Whether the newest backup would bring the server back: opened aside as a restore does, and verified whole."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from server.arrivals.verify import verify
from server.audit.proof import check_log
from server.files.keeping import check_files
from server.recovery.nightly import PATTERN
from server.recovery.restore import check_what_came
from server.returns.freezing import check_frozen
from server.settings import NightlyBackup, Settings
from server.store import open_store, reading
from sync.room import NotInPlace
from sync.sealed import NotSealed, passphrase_from, unpack


@dataclass(frozen=True)
class Trial:
    """What became of it: the file, how many arrivals it brings back, what is wrong with it."""

    path: Path
    arrivals: int
    problems: tuple[str, ...]


def try_newest(settings: Settings, asked: NightlyBackup) -> Trial | None:
    """Try the newest nightly backup, None where there is none; nothing of it stays, and the server goes on as it is."""
    found = sorted(asked.folder.glob(PATTERN))
    if not found:
        return None
    room = settings.data / "trial.tmp"
    shutil.rmtree(room, ignore_errors=True)  # of one that was cut short
    room.mkdir(mode=0o700)
    try:
        return _try(found[-1], passphrase_from(asked.passphrase_file), room)
    except (NotSealed, NotInPlace) as error:
        return Trial(found[-1], 0, (str(error),))
    except OSError as error:
        return Trial(found[-1], 0, (f"Không đọc được tệp: {error.strerror}.",))
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _try(path: Path, passphrase: str, room: Path) -> Trial:
    about = unpack(path, passphrase, room)
    there = Settings(room)
    db = open_store(there.database)
    try:
        check_what_came(db, about)
        there.verified.mkdir(mode=0o700, exist_ok=True)
        verdict = verify(db)
        with reading(db) as conn:
            beside = [*check_log(conn, there.verified), *check_files(conn, there.files),
                      *check_frozen(conn, there.files)]  # fmt: skip
        return Trial(path, verdict.arrivals, (*verdict.problems, *beside))
    finally:
        db.close()
