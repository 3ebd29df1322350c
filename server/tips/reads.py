"""Tips for programs: the list, the share handled in time, and one with its words."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import Choice, Count, Day, Record, Text
from schemas.ids import is_id
from server.api import Caller, InArea, NoQuestion, Page, Paged, Question, page_of, read
from server.audit import Entry, note
from server.pages.areas import inside
from server.problems import NotAllowed, NotFound
from server.store import writing
from server.tips.lists import tips
from server.tips.one import OneTip, find
from server.tips.share import Share, share
from server.tips.times import Period, Timing


def _in_order(data: dict[str, Any]) -> None:
    if data.get("since") and data.get("until") and data["until"] < data["since"]:
        raise ValidationError("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.", "until")


class TipsQuestion(Paged):
    """Those received from since to until, this year's where nothing is said."""

    unit = InArea()
    since = Day(load_default=None)
    until = Day(load_default=None)
    timing = Choice(Timing, load_default=None)

    @validates_schema
    def a_period_ends_after_it_begins(self, data: dict[str, Any], **kwargs: Any) -> None:
        _in_order(data)


class TipsShareQuestion(Question):
    """The same period."""

    unit = InArea()
    since = Day(load_default=None)
    until = Day(load_default=None)

    @validates_schema
    def a_period_ends_after_it_begins(self, data: dict[str, Any], **kwargs: Any) -> None:
        _in_order(data)


class TipRowSchema(Record):
    """A tip as the list has it: none of its words."""

    id = Text(required=True)
    number = Text(required=True)
    received_on = Day(required=True)
    unit = Text(required=True)
    establishment = Text(required=True, allow_none=True)
    name = Text(required=True)
    code = Text(required=True)
    classification = Text(required=True)
    verified = Text(required=True)
    due_on = Day(required=True)
    handled_on = Day(required=True, allow_none=True)
    inspection = Text(required=True, allow_none=True)
    timing = Choice(Timing, required=True)


class TipSchema(Record):
    """A tip with its words; there is nothing of who told it."""

    id = Text(required=True)
    unit = Text(required=True)
    timing = Choice(Timing, required=True)
    state = fields.Dict(keys=fields.String(), required=True)


class TipsShareSchema(Record):
    """Of the tips received: handled in time, handled late, overdue, and those whose deadline runs."""

    received = Count(required=True)
    in_time = Count(required=True)
    handled_late = Count(required=True)
    overdue = Count(required=True)
    running = Count(required=True)


EXAMPLE_TIP = {
    "id": "019a0000-0000-7000-8000-000000000001", "number": "12/TB", "received_on": "2026-05-01", "unit": "new:15664",
    "establishment": None, "name": "", "code": "", "classification": "violation", "verified": "true",
    "due_on": "2026-05-31", "handled_on": None, "inspection": None, "timing": "running",
}  # fmt: skip


def _period(caller: Caller, asked: dict[str, Any]) -> Period:
    return Period(asked["since"] or date(caller.today.year, 1, 1), asked["until"] or caller.today, caller.today)


@read(
    "/tips", "tips.see", says="The tips of an area received in a period, the earliest deadline first.",
    question=TipsQuestion, answer=page_of(TipRowSchema), example={"total": 1, "rows": [EXAMPLE_TIP]},
    instead_of=("tips.page", "tips.file"),
)  # fmt: skip
def tips_received(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    found = tips(caller.conn, caller.tree, asked["unit"], _period(caller, asked))
    wanted = [tip for tip in found if asked["timing"] in (None, tip.timing)]
    return Page(len(wanted), wanted[asked["offset"] : asked["offset"] + asked["limit"]])


@read(
    "/tips-share", "tips.see", says="The share of the tips received in a period that was handled in time.",
    question=TipsShareQuestion, answer=TipsShareSchema,
    example={"received": 14, "in_time": 7, "handled_late": 3, "overdue": 3, "running": 1},
)  # fmt: skip
def tips_share(caller: Caller, asked: dict[str, Any]) -> Share:
    """Answer its numerator and denominator."""
    return share(caller.conn, caller.tree, asked["unit"], _period(caller, asked))


@read(
    "/tips/<id>", "tips.see", says="One tip with its words. That it was read is noted.", question=NoQuestion,
    answer=TipSchema, problems=(NotFound,), instead_of=("tips.one",),
    example={"id": EXAMPLE_TIP["id"], "unit": "new:15664", "timing": "running",
             "state": {"number": "12/TB", "received_on": "2026-05-01", "due_on": "2026-05-31"}},
)  # fmt: skip
def one_tip(caller: Caller, asked: dict[str, Any]) -> OneTip:
    """Answer one."""
    id = asked["id"]
    found = find(caller.conn, id, caller.today.isoformat()) if is_id(id) else None
    if found is None:
        raise NotFound("Không có tin báo này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, found.unit):
        raise NotAllowed("Tin báo này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    with writing(caller.db) as conn:
        note(conn, Entry("tip.open", caller.id, caller.role, f"tip:{id}", found.unit), caller.at)
    return found
