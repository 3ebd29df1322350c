"""The law's answer for programs, with its working and the counters beside it."""

from dataclasses import asdict
from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Id, Record, Text, Truth
from schemas.repeat import sentence
from server.api import Caller, Question, read
from server.audit.log import Entry, note
from server.decisions.listing import in_area
from server.law.catalogue import current
from server.law.counters import counters
from server.law.working import working
from server.office import state_of
from server.pages.areas import whole_communes
from server.problems import InvalidInput, NotAllowed, NotFound
from server.store import reading, writing

NO_OPERATOR = "Không có chủ cơ sở này; tìm lại."
NO_CODE = "Không có mã hành vi này trong danh mục; xem lại mã."
ELSEWHERE = "Chủ cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."


class RepeatQuestion(Question):
    """Whether an act under `code` that `operator` commits on a day is a repeat; `visit`: on which it was found."""

    operator = Id(required=True)
    code = Text(required=True, limit=40)
    on = Day(load_default=None, metadata={"description": "The day of the act; today."})
    visit = Text(load_default="", limit=40)


class RepeatPartSchema(Record):
    """What is known of a part: `done` is a day, `no`, or empty where it is not known."""

    part = Text(required=True)
    ordered = Truth(required=True)
    done = Text(required=True)


class RepeatDecisionSchema(Record):
    """A decision about the act, with the two ends that the months are counted from. An empty day: there is none yet."""

    id = Text(required=True)
    number = Text(required=True)
    authority = Text(required=True)
    decided_on = Text(required=True)
    codes = fields.List(fields.String(), required=True)
    articles = fields.List(fields.String(), required=True)
    sanction = Text(required=True)
    months = Count(required=True)
    parts = fields.List(fields.Nested(RepeatPartSchema), required=True)
    limit = Text(required=True)
    earliest = Text(required=True)
    latest = Text(required=True)
    sure_until = Text(required=True)
    cleared_on = Text(required=True)
    basis = Text(required=True)
    cancelled_on = Text(required=True)
    complaint_from = Text(required=True)
    deciding = Truth(required=True)


class RepeatHeldSchema(Record):
    """Of an authority: from which day its decisions are held."""

    authority = Text(required=True)
    since = Text(required=True, data_key="from")
    decisions = Count(required=True)


class RepeatCountersSchema(Record):
    """What is no repeat, each by itself: acts not sanctioned yet, security sanctions, working while suspended."""

    since = Text(required=True)
    multiple = Count(required=True)
    antt = Count(required=True)
    antt_times = Count(required=True)
    suspended = Count(required=True)


class RepeatSchema(Record):
    """The answer: repeat, cannot_tell or not_found, and everything that it rests on. For reference, no verdict."""

    operator = Text(required=True)
    operator_name = Text(required=True)
    code = Text(required=True)
    article = Text(required=True)
    day = Text(required=True)
    answer = fields.String(required=True)
    act_group = Text(required=True)
    group_codes = fields.List(fields.String(), required=True)
    group_confirmed = Truth(required=True)
    cleared_on = Text(required=True)
    basis = Text(required=True)
    missing = fields.List(fields.String(), required=True)
    decisions = fields.List(fields.Nested(RepeatDecisionSchema), required=True)
    others = Count(required=True)
    held_since = Text(required=True)
    held = fields.List(fields.Nested(RepeatHeldSchema), required=True)
    counters = fields.Nested(RepeatCountersSchema, required=True)


EXAMPLE = {
    "operator": "019a0000-0000-7000-8000-000000000002", "operator_name": "Hộ kinh doanh Đỗ Văn Được",
    "code": "ND38-15.5b", "article": "NĐ 38/2021 Đ.15.5.b", "day": "2026-06-01", "answer": "repeat",
    "act_group": "ND38-15.5b", "group_codes": ["ND38-15.5b"], "group_confirmed": False, "cleared_on": "2027-04-01",
    "basis": "completed", "missing": [],
    "decisions": [
        {"id": "019a0000-0000-7000-8000-000000000001", "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã",
         "decided_on": "2026-03-10", "codes": ["ND38-15.5b"], "articles": ["NĐ 38/2021 Đ.15.5.b"], "sanction": "fine",
         "months": 12, "parts": [{"part": "main", "ordered": True, "done": "2026-04-01"}], "limit": "2027-03-10",
         "earliest": "2026-04-01", "latest": "2026-04-01", "sure_until": "2027-04-01", "cleared_on": "2027-04-01",
         "basis": "completed", "cancelled_on": "", "complaint_from": "", "deciding": True}
    ],
    "others": 0, "held_since": "2026-03-10",
    "held": [{"authority": "Chủ tịch UBND xã", "from": "2026-03-10", "decisions": 1}],
    "counters": {"since": "2025-06-01", "multiple": 0, "antt": 0, "antt_times": 2, "suspended": 0},
}  # fmt: skip


@read(
    "/repeat", "law.see", says="Whether an act of an operator would be a repeat violation, with the whole working.",
    question=RepeatQuestion, answer=RepeatSchema, example=EXAMPLE, instead_of=("law.page",),
    problems=(NotFound,),
)  # fmt: skip
def repeat_working(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer, and note in the log who asked what."""
    operator, day = asked["operator"], (asked["on"] or caller.today).isoformat()
    with reading(caller.db) as conn:
        code = current(conn).find_code(asked["code"])
        if state_of(conn, "operator", operator) is None:
            raise NotFound(NO_OPERATOR)
        if not in_area(conn, operator, "", whole_communes(caller.tree, caller.area)):
            raise NotAllowed(ELSEWHERE)
        if not code:
            raise InvalidInput(NO_CODE, errors={"code": NO_CODE})
        found, counted = working(conn, operator, code, day, but=asked["visit"]), counters(conn, operator, code, day)
    detail = {"code": code, "day": day}
    with writing(caller.db) as conn:
        entry = Entry("repeat", caller.id, caller.role, f"operator:{operator}", caller.area, detail=detail)
        note(conn, entry, caller.at)
    said = asdict(found) | {"basis": found.basis.value if found.basis else "", "answer": found.answer.value}
    return said | {
        "missing": [sentence(one) for one in found.missing],
        "counters": {
            "since": counted.since, "multiple": len(counted.multiple), "antt": len(counted.antt),
            "antt_times": counted.antt_times, "suspended": len(counted.suspended),
        },
    }  # fmt: skip
