"""When a job is due, that it runs once for what was missed, and that what goes wrong stays with it."""

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger

from server.audit import Who
from server.clock import VIETNAM
from server.jobs import runs
from server.jobs.listed import JOBS, Job
from server.jobs.start import start
from server.jobs.work import NothingToDo, Trouble
from server.store import put_meta, writing

NIGHT = CronTrigger(hour=3, minute=15, timezone=VIETNAM)
BY = Who("u", "admin", "new:38")


def vietnam(text):
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


def job(function=lambda work: "Xong.", name="verify"):
    return Job(name, "Kiểm chứng", "", "", NIGHT, function)


@pytest.fixture
def since(central):
    """Say from when on the server has done jobs."""

    def say(moment):
        with writing(central.db) as conn:
            put_meta(conn, "jobs_since", moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    return say


def due(central, at):
    return {one.name for one, _ in runs.due(central.db.conn, at)}


@pytest.mark.parametrize(("at", "is_due"), [
    ("2026-11-20T03:14:59", False), ("2026-11-20T03:15:00", True), ("2026-11-20T12:00:00", True),
])  # fmt: skip
def test_a_nightly_job_is_due_at_its_hour_in_vietnam(central, since, at, is_due):
    since(vietnam("2026-11-19T20:00:00"))

    assert ("verify" in due(central, vietnam(at))) is is_due


def test_what_was_missed_for_weeks_is_due_once(central, since):
    since(vietnam("2026-11-01T00:00:00"))
    at = vietnam("2026-11-20T12:00:00")
    assert "verify" in due(central, at)

    with writing(central.db) as conn:
        conn.execute("INSERT INTO job_runs VALUES ('1', 'verify', '2026-11-20T05:00:00Z', NULL, 'running', '', '')")

    assert "verify" not in due(central, at)
    assert "verify" in due(central, vietnam("2026-11-21T03:15:00"))


def test_what_pages_wait_for_is_done_at_once_where_it_never_ran(central, since):
    since(vietnam("2026-11-20T11:59:00"))

    assert due(central, vietnam("2026-11-20T12:00:00")) == {"count_year", "expire", "remind"}


def test_each_job_is_due_within_a_day(central, since):
    at = vietnam("2026-11-20T12:00:00")

    assert all(at < one.next_after(at) <= at + timedelta(days=1) for one in JOBS.values())


def test_a_run_is_kept_with_what_it_said(central):
    run = runs.run(central.db, central.settings, job())

    assert (run.outcome, run.said) == ("done", "Xong.")
    assert runs.last_runs(central.db.conn)["verify"] == run


def fails(error):
    def function(work):
        raise error

    return function


@pytest.mark.parametrize(("error", "outcome", "said"), [
    (NothingToDo("Chưa có gì."), "nothing", "Chưa có gì."),
    (Trouble("Ổ đĩa đầy."), "failed", "Ổ đĩa đầy."),
    (ZeroDivisionError("x"), "failed", "Chương trình gặp lỗi; báo mã"),
])  # fmt: skip
def test_what_goes_wrong_is_kept_and_the_next_job_goes_on(central, error, outcome, said):
    run = runs.run(central.db, central.settings, job(fails(error)))

    assert run.outcome == outcome
    assert run.said.startswith(said)
    assert runs.run(central.db, central.settings, job(name="remind")).outcome == "done"


def test_what_a_person_asks_for_is_due_at_once_and_once(central, since):
    since(datetime.now(UTC))
    runs.do_what_is_due(central.settings)  # what is done at once
    at = datetime.now(UTC)
    runs.ask(central.db, "remind", BY, at)
    runs.ask(central.db, "remind", BY, at)
    assert [(one.name, by) for one, by in runs.due(central.db.conn, at)] == [("remind", "u")]

    runs.run(central.db, central.settings, JOBS["remind"], "u")

    assert runs.due(central.db.conn, at) == []
    assert runs.last_runs(central.db.conn)["remind"].asked_by == "u"
    assert central.one("SELECT count(*) FROM audit WHERE what = 'job_run'") == 2


def test_a_run_that_was_cut_short_says_so_when_another_process_takes_over(central):
    with writing(central.db) as conn:
        conn.execute("INSERT INTO job_runs VALUES ('1', 'verify', '2026-11-20T05:00:00Z', NULL, 'running', '', '')")

    runs.begin_again(central.db, datetime.now(UTC))

    last = runs.last_runs(central.db.conn)["verify"]
    assert (last.outcome, last.said) == ("failed", runs.CUT_SHORT)


def test_the_jobs_start_look_and_stop(central):
    runs.ask(central.db, "remind", BY, datetime.now(UTC))

    scheduler = start(central.settings)
    scheduler.shutdown()  # waits for the look that is going on

    assert [one.func for one in scheduler.get_jobs()] in ([], [runs.do_what_is_due])
