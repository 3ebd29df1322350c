"""When a job is due, running it, and what became of each run; a person may have one run at once."""

import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from schemas.fields import instant_text
from schemas.ids import new_id
from server.audit import Entry, Who, note
from server.clock import now
from server.jobs.listed import JOBS, Job
from server.jobs.work import NothingToDo, Trouble, Work
from server.settings import Settings
from server.store import get_meta, open_store, put_meta, writing

log = logging.getLogger(__name__)
CUT_SHORT = "Bị dừng giữa chừng; sẽ chạy lại khi đến giờ."
_COLUMNS = "id, job, begun_at, ended_at, outcome, said, asked_by"


@dataclass(frozen=True)
class Run:
    """One run of a job. *outcome*: running, done, nothing (was to be done), failed; *said* is a sentence."""

    id: str
    job: str
    begun_at: str
    ended_at: str | None
    outcome: str
    said: str
    asked_by: str  # a user's id; empty: it was due


def begin_again(db: Database, at: datetime) -> None:
    """Take up the work where another process left it: what was running there was cut short."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE job_runs SET outcome = 'failed', ended_at = ?, said = ? WHERE ended_at IS NULL",
            (instant_text(at), CUT_SHORT),
        )
        if not get_meta(conn, "jobs_since"):
            put_meta(conn, "jobs_since", instant_text(at))


def due(conn: sqlite3.Connection, at: datetime) -> list[tuple[Job, str]]:
    """Return the jobs that are due, each with who asked for it; in the order of the list.

    One that was missed, while the server was off, is due once, however often it was missed.
    """
    asked = dict(conn.execute("SELECT job, asked_by FROM job_requests").fetchall())
    begun = dict(conn.execute("SELECT job, max(begun_at) FROM job_runs GROUP BY job").fetchall())
    since = get_meta(conn, "jobs_since") or instant_text(at)
    return [
        (job, asked.get(job.name, ""))
        for job in JOBS.values()
        if job.name in asked or _is_due(job, begun.get(job.name), since, at)
    ]


def _is_due(job: Job, begun: str | None, since: str, at: datetime) -> bool:
    if begun is None and job.at_once:
        return True
    return job.next_after(datetime.fromisoformat(begun or since)) <= at


def do_what_is_due(settings: Settings) -> None:
    """Run what is due, one after the other."""
    db = open_store(settings.database)
    try:
        for job, asked_by in due(db.conn, now()):
            run(db, settings, job, asked_by)
    finally:
        db.close()


def run(db: Database, settings: Settings, job: Job, asked_by: str = "") -> Run:
    """Run *job* and keep what became of it; whatever goes wrong is kept too, and raises nothing."""
    id, begun = new_id(), now()
    with writing(db) as conn:
        conn.execute("DELETE FROM job_requests WHERE job = ?", (job.name,))
        conn.execute(
            "INSERT INTO job_runs (id, job, begun_at, outcome, said, asked_by) VALUES (?, ?, ?, 'running', '', ?)",
            (id, job.name, instant_text(begun), asked_by),
        )
    outcome, said = _do(job, Work(db, settings, begun))
    ended = instant_text(now())
    with writing(db) as conn:
        conn.execute(
            "UPDATE job_runs SET ended_at = ?, outcome = ?, said = ? WHERE id = ?", (ended, outcome, said, id)
        )
    return Run(id, job.name, instant_text(begun), ended, outcome, said, asked_by)


def _do(job: Job, work: Work) -> tuple[str, str]:
    try:
        return "done", job.function(work)
    except NothingToDo as nothing:
        return "nothing", str(nothing)
    except Trouble as trouble:
        log.error("Job %s: %s", job.name, trouble)
        return "failed", str(trouble)
    except Exception as error:  # whatever it is, the other jobs go on and somebody is told
        reference = new_id()[-12:]
        log.exception("Job %s fell over, reference %s", job.name, reference, exc_info=error)
        return "failed", f"Chương trình gặp lỗi; báo mã {reference}."


def ask(db: Database, job: str, by: Who, at: datetime) -> None:
    """Have *job* run as soon as the process that does the jobs looks; asked for twice, it runs once."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO job_requests (job, asked_by, asked_at) VALUES (?, ?, ?) ON CONFLICT (job) DO NOTHING",
            (job, by.id, instant_text(at)),
        )
        note(conn, Entry("job_run", by.id, by.role, f"job:{job}", by.unit, detail={"job": job}), at)


def last_runs(conn: sqlite3.Connection) -> dict[str, Run]:
    """Return the last run of each job."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM job_runs WHERE id IN (SELECT max(id) FROM job_runs GROUP BY job)"
    )
    return {run.job: run for run in (Run(*row) for row in rows)}


def runs(conn: sqlite3.Connection, job: str = "", *, offset: int = 0, limit: int = 50) -> tuple[int, list[Run]]:
    """Return how many runs there are, of *job* or of all, and a part of them, the newest first."""
    where, values = ("WHERE job = ?", [job]) if job else ("", [])
    total = conn.execute(f"SELECT count(*) FROM job_runs {where}", values).fetchone()[0]
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM job_runs {where} ORDER BY id DESC LIMIT ? OFFSET ?", (*values, limit, offset)
    )
    return total, [Run(*row) for row in rows]


def waiting(conn: sqlite3.Connection) -> frozenset[str]:
    """Return the jobs that somebody asked for and that have not begun."""
    return frozenset(row[0] for row in conn.execute("SELECT job FROM job_requests"))
