"""What is due, for programs: the deadlines of an area between two days."""

from dataclasses import asdict
from datetime import date
from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Day, Record, Text, Truth
from schemas.plans import Report
from server.api import Caller, InArea, Page, Paged, page_of, read
from server.due.listing import due
from server.due.shape import Due, Standing
from server.problems import InvalidInput
from server.store import reading

NO_DAYS = "Nhập khoảng ngày từ trước đến sau, dài nhất 3 năm, trong các năm 2004–2100."
LONGEST = 3 * 366  # days asked for at once


class DeadlinesQuestion(Paged):
    """The year of the page as two days; those of this year where none is named."""

    aliases = {"from": "first", "to": "last"}

    unit = InArea()
    first = Day(load_default=None, metadata={"description": "`from`: due on this day or later."})
    last = Day(load_default=None, metadata={"description": "`to`: due on this day or earlier."})
    plan = Text(load_default="", limit=60, metadata={"description": "Only of this plan."})
    open = Text(load_default="", limit=5, metadata={"description": "`true`: only what is still to be sent."})


class MissingSchema(Record):
    """What is missing: values, units (below that have not sent), laptops (silent) or number."""

    what = Text(required=True)
    count = Count(required=True)
    units = fields.List(fields.String(), required=True)


class ClashSchema(Record):
    """Another plan's deadline for the same report, which comes earlier."""

    plan = Text(required=True)
    plan_name = Text(required=True)
    code = Text(required=True)
    name = Text(required=True)
    receiver = Text(required=True)
    before = Text(required=True)
    strict = Truth(required=True)
    last_day = Day(required=True)


class DeadlineSchema(Record):
    """A deadline of one unit. *last_day* is the last day in time; *go_by* the one that reminders go by."""

    plan = Text(required=True)
    plan_name = Text(required=True)
    plan_number = Text(required=True)
    plan_unit = Text(required=True)
    code = Text(required=True)
    deadline = Text(required=True)
    report = Choice(Report, required=True)
    name = Text(required=True)
    unit = Text(required=True)
    sender = Text(required=True)
    receiver = Text(required=True)
    words = Text(required=True)
    before = Text(required=True)
    strict = Truth(required=True, metadata={"description": "Before the day that the plan names."})
    last_day = Day(required=True, allow_none=True)
    first = Day(required=True, allow_none=True)
    cut_off = Day(required=True, allow_none=True)
    standing = Choice(Standing, required=True)
    days = fields.Integer(required=True, allow_none=True, metadata={"description": "Left; negative: over it by."})
    sent_on = Day(required=True, allow_none=True)
    return_id = Text(required=True)
    version = Count(required=True)
    number = Text(required=True)
    every = Text(required=True)
    compiles = Text(required=True)
    in_place_of = Text(required=True)
    stands_for = Text(required=True, metadata={"description": "The ended unit that the return is of; else empty."})
    go_by = Day(required=True, allow_none=True)
    clash = fields.Nested(ClashSchema, required=True, allow_none=True)
    missing = fields.List(fields.Nested(MissingSchema), required=True)
    confidence = Text(required=True)
    caution = Text(required=True)
    open = Truth(required=True)


EXAMPLE_DEADLINE = {
    "plan": "019a0000-0000-7000-8000-000000000004", "plan_name": "Kế hoạch năm 2026", "plan_number": "86/KH-UBND",
    "plan_unit": "new:38", "code": "TD5", "deadline": "TD5", "report": "year", "name": "Báo cáo năm",
    "unit": "new:15664", "sender": "UBND các xã, phường", "receiver": "Sở Y tế", "words": "trước ngày 15/12",
    "before": "trước ngày 15/12/2026", "strict": True, "last_day": "2026-12-14",
    "first": "2026-01-01", "cut_off": "2026-12-14",
    "standing": "to_come", "days": 17, "sent_on": None, "return_id": "", "version": 0, "number": "", "every": "year",
    "compiles": "", "in_place_of": "", "stands_for": "", "go_by": "2026-12-14",
    "clash": {"plan": "019a0000-0000-7000-8000-000000000005", "plan_name": "Kế hoạch tỉnh", "code": "TD5",
              "name": "Báo cáo năm", "receiver": "Sở Y tế", "before": "trước ngày 15/12/2026",
              "strict": True, "last_day": "2026-12-14"},
    "missing": [{"what": "values", "count": 3, "units": []}], "confidence": "", "caution": "", "open": True,
}  # fmt: skip


@read(
    "/deadlines", "deadlines.see", says="What is due between two days, for whom, and whether it was sent, by day.",
    question=DeadlinesQuestion, answer=page_of(DeadlineSchema), example={"total": 1, "rows": [EXAMPLE_DEADLINE]},
    instead_of=("due.page", "due.file", "due.one", "due.one_file", "due.letter"),
)  # fmt: skip
def deadlines(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    first = asked["first"] or date(caller.today.year, 1, 1)
    last = asked["last"] or date(max(first.year, caller.today.year), 12, 31)
    if last < first or (last - first).days > LONGEST or not 2004 <= first.year <= last.year <= 2100:
        raise InvalidInput(NO_DAYS, errors={"last": NO_DAYS})
    with reading(caller.db) as conn:
        found = due(conn, caller.tree, asked["unit"], first, last, caller.today)
    wanted = [one for one in found if asked["plan"] in ("", one.plan) and (asked["open"] != "true" or one.open)]
    return Page(len(wanted), [as_row(one) for one in wanted[asked["offset"] : asked["offset"] + asked["limit"]]])


_DAYS = ("last_day", "first", "cut_off", "sent_on", "go_by")


def as_row(one: Due) -> dict[str, Any]:
    """Return a deadline as a program reads it: a day that is not there is null."""
    said = asdict(one) | {"open": one.open, "report": Report(one.report)}
    return said | {name: said[name] or None for name in _DAYS}
