"""Beginning the jobs, in the process that holds the lock."""

import logging

from apscheduler.schedulers.background import BackgroundScheduler

from server.clock import now
from server.jobs.runs import begin_again, do_what_is_due
from server.settings import Settings
from server.store import open_store

EVERY = 15  # seconds: what is due stands in the database, so a clock that was set or a machine that slept misses none


def start(settings: Settings) -> BackgroundScheduler:
    """Begin to look, every few seconds, what is due; one that takes long holds up the next look, not the server."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would say of each look that the one before goes on
    db = open_store(settings.database)
    begin_again(db, now())
    db.close()
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(do_what_is_due, "interval", seconds=EVERY, args=[settings], next_run_time=now())
    scheduler.start()
    return scheduler
