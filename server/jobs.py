"""What the server does by itself while it runs."""

import logging

from apscheduler.schedulers.background import BackgroundScheduler

from server.arrivals.upgrade import judge_what_waits_for_us
from server.clock import VIETNAM, local_day, now
from server.coverage.deltas import marks
from server.coverage.years import add_year
from server.files.keeping import drop_orphans, drop_strays
from server.files.uploads import expire
from server.recovery import nightly
from server.recovery.written_down import write_down
from server.settings import NightlyBackup, Settings
from server.store import open_store

log = logging.getLogger(__name__)


def start(settings: Settings) -> BackgroundScheduler:
    """Begin the jobs.

    Once an hour see to it that the present year is counted, for a year begins without day deltas, and tidy the
    files. Every night verify, and make a backup where the settings say where to.
    """
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(count_this_year, "interval", hours=1, args=[settings])
    scheduler.add_job(tidy_files, "interval", hours=1, args=[settings])
    scheduler.add_job(nightly.verify_tonight, "cron", hour=3, minute=15, args=[settings], timezone=VIETNAM)
    asked = NightlyBackup.from_environ()
    if asked:
        scheduler.add_job(
            nightly.backup_tonight, "cron", hour=1, minute=30, args=[settings, asked], timezone=VIETNAM
        )
    scheduler.start()
    return scheduler


def judge_again(settings: Settings) -> None:
    """Take in what an earlier program could not read or fell over: done when the server starts.

    What was decided then, and what a crash kept out of the journal, is written down there too.
    """
    db = open_store(settings.database)
    moved = judge_what_waits_for_us(db, now())
    write_down(db.conn, settings.data, now())
    if moved:
        log.info("Judged again after an upgrade: %s changes of standing", moved)
    db.close()


def count_this_year(settings: Settings) -> None:
    """Give the present year its day deltas, and finish the years that are in the making, the latest first."""
    db = open_store(settings.database)
    for year in sorted({local_day(now()).year, *marks(db.conn)}, reverse=True):
        add_year(db, year)
    db.close()


def tidy_files(settings: Settings) -> None:
    """Drop the uploads that nobody goes on with, and the files that no record speaks for."""
    db = open_store(settings.database)
    expire(db, settings.files, now())
    drop_orphans(db, settings.files)
    drop_strays(db, settings.files, now())
    db.close()
