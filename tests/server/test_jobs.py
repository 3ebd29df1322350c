"""What the server does by itself."""

from server import jobs
from server.clock import local_day, now
from server.recovery import nightly


def test_a_new_year_is_counted_and_one_that_is_counted_stays_as_it_is(central):
    central.place()
    this_year = local_day(now()).year
    conn = central.db.conn
    jobs.count_this_year(central.settings)
    before = conn.execute("SELECT * FROM coverage_deltas ORDER BY year, unit, kinds, day").fetchall()
    conn.execute("DELETE FROM coverage_years WHERE year = ?", (this_year,))
    conn.execute("DELETE FROM coverage_deltas WHERE year = ?", (this_year,))

    jobs.count_this_year(central.settings)
    jobs.count_this_year(central.settings)

    assert conn.execute("SELECT * FROM coverage_deltas ORDER BY year, unit, kinds, day").fetchall() == before


def test_the_jobs_start_and_stop(central):
    scheduler = jobs.start(central.settings)

    jobs_there = [job.func for job in scheduler.get_jobs()]
    assert jobs_there == [jobs.count_this_year, jobs.tidy_files, nightly.verify_tonight]
    scheduler.shutdown()
