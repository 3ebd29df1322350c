"""The sums of what minutes say, for programs."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import Count, Day, Record, Text
from server.api import Caller, InArea, Question, read
from server.indicators.records import records
from server.store import reading


class RecordsQuestion(Question):
    """The visits from since to until, this year's where nothing is said."""

    unit = InArea()
    since = Day(load_default=None)
    until = Day(load_default=None)

    @validates_schema
    def a_period_ends_after_it_begins(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            raise ValidationError("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.", "until")


class WorkersSchema(Record):
    """Of the workers at places whose minutes say both numbers; the visits that say so."""

    what = Text(required=True)
    count = Count(required=True)
    total = Count(required=True)
    visits = fields.List(Text(), required=True)


class ConditionSchema(Record):
    """One item of the checklist, over places; of each its last visit that answered it."""

    item = Text(required=True)
    kinds = fields.List(Text(), required=True)
    passed = Count(required=True)
    failed = Count(required=True)
    not_applicable = Count(required=True)
    unchecked = Count(required=True)
    failed_visits = fields.List(Text(), required=True)


class RecordsSchema(Record):
    """What the minutes of a period say in sums."""

    unit = Text(required=True)
    since = Day(required=True)
    until = Day(required=True)
    places = Count(required=True)
    workers = fields.List(fields.Nested(WorkersSchema), required=True)
    conditions = fields.List(fields.Nested(ConditionSchema), required=True)


_EXAMPLE_VISIT = "019a0000-0000-7000-8000-000000000006"
EXAMPLE_RECORDS = {
    "unit": "new:15664", "since": "2026-01-01", "until": "2026-06-14", "places": 12,
    "workers": [{"what": "health_papers", "count": 40, "total": 52, "visits": [_EXAMPLE_VISIT]}],
    "conditions": [{"item": "COM-01", "kinds": ["*"], "passed": 11, "failed": 1, "not_applicable": 0, "unchecked": 0,
                    "failed_visits": [_EXAMPLE_VISIT]}],
}  # fmt: skip


@read(
    "/indicators/records", "indicators.see", question=RecordsQuestion, answer=RecordsSchema, example=EXAMPLE_RECORDS,
    says="Workers and their papers as counts, and each condition of the checklist, as the minutes of a period say.",
    instead_of=("records.page", "records.file"),
)  # fmt: skip
def records_of_minutes(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer them."""
    last = min(asked["until"] or caller.today, caller.today)
    first = asked["since"] or date(last.year, 1, 1)
    with reading(caller.db) as conn:
        return records(conn, caller.tree, asked["unit"], (first, last)).as_json()
