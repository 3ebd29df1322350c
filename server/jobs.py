"""What the server does by itself while it runs."""

from apscheduler.schedulers.background import BackgroundScheduler

from server.clock import local_day, now
from server.coverage.years import add_year
from server.settings import Settings
from server.store import open_store


def start(settings: Settings) -> BackgroundScheduler:
    """Begin the jobs: once an hour see to it that the present year is counted, for a year begins without day deltas."""
    scheduler = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    scheduler.add_job(count_this_year, "interval", hours=1, args=[settings])
    scheduler.start()
    return scheduler


def count_this_year(settings: Settings) -> None:
    """Give the present year its day deltas; nothing happens when it has them."""
    db = open_store(settings.database)
    year = local_day(now()).year
    if not db.conn.execute("SELECT 1 FROM coverage_years WHERE year = ?", (year,)).fetchone():
        add_year(db, year)
    db.close()
