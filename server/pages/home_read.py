"""The first page for programs: what needs doing today, in the words of the page, for the role that asks."""

from typing import Any

from marshmallow import fields

from schemas.fields import Record, Text, Truth
from server.api import Caller, read
from server.pages.asking import ask_all
from server.pages.coverage import view
from server.pages.coverage_read import EXAMPLE as EXAMPLE_COVERAGE
from server.pages.coverage_read import CoverageSchema
from server.pages.home import todays
from server.pages.tasks import tasks


class TaskSchema(Record):
    """Something to be done: a sentence in the language of the caller, and the page where it is done."""

    text = Text(required=True)
    href = Text(required=True)
    urgent = Truth(required=True)
    state = Text(required=True)


class TodaySchema(Record):
    """How far the area is this year, and what needs doing; no tasks for a role that only looks things up."""

    coverage = fields.Nested(CoverageSchema, required=True)
    tasks = fields.List(fields.Nested(TaskSchema), required=True)


EXAMPLE = {
    "coverage": EXAMPLE_COVERAGE,
    "tasks": [
        {"text": "3 xã chưa rà soát, chốt danh sách năm nay.", "href": "/co-so/chot", "urgent": False, "state": ""}
    ],
}


@read(
    "/today", "home.see", says="What needs doing today, and how far the area is this year.", answer=TodaySchema,
    example=EXAMPLE, instead_of=("home.home",),
)  # fmt: skip
def today(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer what the first page says."""
    filters = todays(caller.today)
    full = ask_all(filters)
    to_do = tasks(caller.role, filters, full.now, view(filters, full).lists)
    return {"coverage": full.as_json(), "tasks": to_do or []}
