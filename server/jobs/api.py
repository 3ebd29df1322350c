"""The jobs, what is kept how long, and what is due, for programs."""

from dataclasses import asdict
from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Record, Text, Truth, instant_text
from server.api import Caller, InArea, Page, Paged, page_of, read
from server.jobs.listed import JOBS
from server.jobs.reminders import reminders
from server.jobs.retention import holds, kept
from server.jobs.runs import last_runs, runs, waiting
from server.problems import InvalidInput
from server.store import reading


class RunSchema(Record):
    """One run of a job; `asked_by` is the account that had it run at once."""

    id = Text(required=True)
    job = Text(required=True)
    begun_at = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    outcome = Text(required=True, metadata={"enum": ["running", "done", "nothing", "failed"]})
    said = Text(required=True)
    asked_by = Text(required=True)


class JobSchema(Record):
    """A job of the server."""

    name = Text(required=True)
    last = fields.Nested(RunSchema, required=True, allow_none=True)
    next_at = fields.String(required=True)
    asked_for = Truth(required=True, metadata={"description": "It runs in a few seconds."})


class JobsSchema(Record):
    """The jobs in the order of the page."""

    jobs = fields.List(fields.Nested(JobSchema), required=True)


class RunsQuestion(Paged):
    """Of one job, or of all."""

    job = Text(load_default="", limit=40)


class RuleSchema(Record):
    """How long one kind of data is kept; no days: no ground to delete it."""

    data = Text(required=True)
    days = Count(required=True, allow_none=True)
    ground = Text(required=True)
    rows = Count(required=True, most=10**12)
    due = Count(required=True, most=10**12)
    held = Truth(required=True)


class HoldSchema(Record):
    """That somebody by name asks for data to be kept."""

    id = Text(required=True)
    data = Text(required=True)
    person = Text(required=True)
    ground = Text(required=True)
    set_at = fields.String(required=True)
    set_by = Text(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    ended_by = Text(required=True, allow_none=True)


class RetentionSchema(Record):
    """The rules, and who holds what."""

    rules = fields.List(fields.Nested(RuleSchema), required=True)
    holds = fields.List(fields.Nested(HoldSchema), required=True)


class ReminderSchema(Record):
    """One thing that is due."""

    kind = Text(required=True)
    subject = Text(required=True)
    unit = Text(required=True)
    due_on = Day(required=True)
    name = Text(required=True)
    said = fields.Dict(keys=fields.String(), required=True)


class RemindersQuestion(Paged):
    """The filter of the page."""

    unit = InArea()


EXAMPLE_RUN = {
    "id": "019a0000-0000-7000-8000-000000000006", "job": "verify", "begun_at": "2026-11-05T20:15:00Z",
    "ended_at": "2026-11-05T20:15:09Z", "outcome": "done", "said": "Khớp: 178 lượt tiếp nhận.", "asked_by": "",
}  # fmt: skip
EXAMPLE_JOBS = {
    "jobs": [{"name": "verify", "last": EXAMPLE_RUN, "next_at": "2026-11-06T20:15:00Z", "asked_for": False}]
}
EXAMPLE_RETENTION = {
    "rules": [{"data": "tries", "days": 1, "ground": "Kỹ thuật", "rows": 12, "due": 3, "held": True}],
    "holds": [
        {"id": "019a0000-0000-7000-8000-000000000007", "data": "tries", "person": "Lê Thị Hạnh, Chánh Văn phòng",
         "ground": "Công văn số 12", "set_at": "2026-11-05T02:00:00Z", "set_by": "may-chu", "ended_at": None,
         "ended_by": None}
    ],
}  # fmt: skip
EXAMPLE_REMINDERS = {
    "total": 1,
    "rows": [{"kind": "laptop", "subject": "019a0000-0000-7000-8000-000000000002", "unit": "new:15664",
              "due_on": "2026-11-12", "name": "Máy Đội 1", "said": {"at": "2026-11-05T02:00:00Z"}}],
}  # fmt: skip


@read(
    "/jobs", "jobs.see", says="What the server does by itself: last run, next run, result.", answer=JobsSchema,
    example=EXAMPLE_JOBS, instead_of=("jobs.page",),
)  # fmt: skip
def jobs(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer each job."""
    with reading(caller.db) as conn:
        last, wanted = last_runs(conn), waiting(conn)
    return {
        "jobs": [
            {"name": job.name, "last": last.get(job.name), "next_at": instant_text(job.next_after(caller.at)),
             "asked_for": job.name in wanted}
            for job in JOBS.values()
        ]
    }  # fmt: skip


@read(
    "/jobs/runs", "jobs.see", says="Every run of the server's jobs, the newest first.", question=RunsQuestion,
    answer=page_of(RunSchema), example={"total": 1, "rows": [EXAMPLE_RUN]}, instead_of=("jobs.page", "jobs.file"),
)  # fmt: skip
def job_runs(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the runs."""
    if asked["job"] and asked["job"] not in JOBS:
        sentence = "Không có việc này; xem danh sách ở /api/v1/jobs."
        raise InvalidInput(sentence, errors={"job": sentence})
    with reading(caller.db) as conn:
        return Page(*runs(conn, asked["job"], offset=asked["offset"], limit=asked["limit"]))


@read(
    "/retention", "jobs.see", says="How long what is no record is kept, on what ground, and who holds it.",
    answer=RetentionSchema, example=EXAMPLE_RETENTION, instead_of=("retention.page",),
)  # fmt: skip
def retention(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the rules and the holds."""
    with reading(caller.db) as conn:
        rules = [
            {"data": one.rule.id, "days": one.rule.days, "ground": one.rule.ground, "rows": one.rows, "due": one.due,
             "held": bool(one.held_by)}
            for one in kept(conn, caller.at)
        ]  # fmt: skip
        return {"rules": rules, "holds": [asdict(one) for one in holds(conn)]}


@read(
    "/reminders", "duties.see", says="What is due soon or overdue in an area, the most overdue first.",
    question=RemindersQuestion, answer=page_of(ReminderSchema), example=EXAMPLE_REMINDERS,
    instead_of=("reminders.page", "reminders.file"),
)  # fmt: skip
def due_things(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of what is due."""
    found = reminders(caller.conn, caller.tree, caller.role, asked["unit"])
    return Page(len(found), found[asked["offset"] : asked["offset"] + asked["limit"]])
