"""Plans for programs: the list of an area, and one with all that it orders."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Record, Text, Truth
from schemas.indicators import Span
from schemas.issued_plans import Measure, Source
from schemas.plans import Denominator, Every, Report
from schemas.register import Cohort, Kind
from server.api import Caller, InArea, NoQuestion, Page, Paged, page_of, read
from server.office import state_of
from server.pages.areas import inside
from server.plans.listing import Plan, Standing, chosen, plan, plans
from server.problems import NotAllowed, NotFound


class PlansQuestion(Paged):
    """Plans for units in the area; by a part of name or number, by how they stand today."""

    unit = InArea()
    text = Text(load_default="", limit=120)
    standing = Choice(Standing, load_default=None)


class PlanTargetSchema(Record):
    """The target of a year; *due* is empty where it is the end of the year."""

    year = Count(required=True)
    percent = Count(required=True)
    due = Text(required=True)


class PlanDeadlineSchema(Record):
    """By when a report is due: MM-DD, before that day where it is strict; *year* where it is of one year only.

    Without *due* it is as *every* says. *compiles*: the code of the deadline of those below. *settled*: what the plan
    does not say and was taken, not confirmed.
    """

    code = Text(required=True)
    name = Text(required=True)
    report = Choice(Report, required=True)
    every = Choice(Every, required=True)
    compiles = Text(required=True)
    heading = Text(required=True)
    settled = Text(required=True)
    due = Text(required=True)
    strict = Truth(required=True)
    year = Count(required=True, allow_none=True)
    sender = Text(required=True)
    receiver = Text(required=True)
    words = Text(required=True)


class PlanPeriodSchema(Record):
    """Which days of a year a report covers, MM-DD."""

    report = Choice(Report, required=True)
    first = Text(required=True)
    cut_off = Text(required=True)
    settled = Text(required=True)


class PlanIndicatorSchema(Record):
    """One indicator: *at_least* and *at_most* in percent; *counts_was*: the unit of counting that was replaced."""

    code = Text(required=True)
    name = Text(required=True)
    english = Text(required=True)
    heading = Text(required=True)
    sentence = Text(required=True)
    measure = Choice(Measure, required=True)
    period = Choice(Span, required=True)
    at_least = Count(required=True, allow_none=True)
    at_most = Count(required=True, allow_none=True)
    strives = Truth(required=True)
    numerator = Text(required=True)
    denominator = Text(required=True)
    counts = Text(required=True)
    counts_was = Text(required=True)
    counts_note = Text(required=True)
    cohort = Text(required=True)
    source = Choice(Source, required=True)
    known = Text(required=True)
    reports = fields.List(Text(), required=True)
    to = Text(required=True)
    small_cells = Count(required=True)
    settled = Text(required=True)


class PlanTaskSchema(Record):
    """One task: who leads, who helps, when; *due*: MM-DD, or empty."""

    code = Text(required=True)
    name = Text(required=True)
    heading = Text(required=True)
    sentence = Text(required=True)
    lead = fields.List(Text(), required=True)
    help = fields.List(Text(), required=True)
    time = Text(required=True)
    deadline = Text(required=True)
    due = Text(required=True)
    settled = Text(required=True)


class PlanSchema(Record):
    """A plan with all that it orders."""

    id = Text(required=True)
    name = Text(required=True)
    number = Text(required=True)
    unit = Text(required=True)
    since = Text(required=True)
    until = Text(required=True)
    kinds = fields.List(Choice(Kind), required=True)
    targets = fields.List(fields.Nested(PlanTargetSchema), required=True)
    period_percent = Count(required=True, allow_none=True)
    period_cohort = Choice(Cohort, required=True)
    denominator = Choice(Denominator, required=True)
    denominator_on = Text(required=True)
    deadlines = fields.List(fields.Nested(PlanDeadlineSchema), required=True)
    periods = fields.List(fields.Nested(PlanPeriodSchema), required=True)
    standing = Choice(Standing, required=True)
    closed_on = Text(required=True)
    renews = Text(required=True)
    renewed_by = Text(required=True)
    invented = Truth(required=True)
    issued = Text(required=True)
    issued_by = Text(required=True)
    grounds = fields.List(Text(), required=True)
    principle = Text(required=True)
    settled = Text(required=True)
    indicators = fields.List(fields.Nested(PlanIndicatorSchema), required=True)
    tasks = fields.List(fields.Nested(PlanTaskSchema), required=True)


EXAMPLE_PLAN = {
    "id": "019a0000-0000-7000-8000-000000000004", "name": "Kế hoạch năm 2026", "number": "86/KH-UBND",
    "unit": "new:38", "since": "2026-01-01", "until": "2026-12-31", "kinds": ["karaoke", "massage"],
    "targets": [{"year": 2026, "percent": 25, "due": ""}], "period_percent": None, "period_cohort": "any_day",
    "denominator": "any_day", "denominator_on": "",
    "deadlines": [{"code": "TD4", "name": "Tổng hợp báo cáo 6 tháng", "report": "half_year", "every": "year",
                   "due": "06-20", "strict": True, "year": None, "compiles": "TD3", "sender": "", "heading": "IV.1",
                   "receiver": "Sở Y tế", "words": "gửi trước ngày 20/6", "settled": ""}],
    "periods": [{"report": "half_year", "first": "12-15", "cut_off": "06-14", "settled": ""}], "standing": "in_force",
    "closed_on": "", "renews": "", "renewed_by": "", "invented": False, "issued": "", "issued_by": "", "grounds": [],
    "principle": "", "settled": "",
    "indicators": [{
        "code": "T3.3", "name": "Cơ sở được kiểm tra trong năm", "english": "Establishments inspected in the year",
        "heading": "II.3.3.1", "sentence": "tổ chức kiểm tra ít nhất 25% số cơ sở", "measure": "share",
        "period": "year", "at_least": 25, "at_most": None, "strives": False, "numerator": "Số cơ sở được kiểm tra",
        "denominator": "Số cơ sở có hoạt động trong năm", "counts": "establishments", "counts_was": "",
        "counts_note": "", "cohort": "", "source": "computed", "known": "inspected_in_year",
        "reports": ["UBND các xã, phường"], "to": "Sở Y tế", "small_cells": 0, "settled": "",
    }],
    "tasks": [{
        "code": "TT3.2a", "name": "Kiện toàn Đoàn kiểm tra liên ngành", "heading": "II.3.3.2.a", "sentence": "",
        "lead": ["UBND tỉnh"], "help": ["Sở Y tế"], "time": "Quý I/2026", "deadline": "TD1", "due": "03-31",
        "settled": "",
    }],
}  # fmt: skip


def _row(one: Plan) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in PlanSchema().fields}
    return said | {
        "kinds": [Kind(kind) for kind in one.kinds],
        "targets": [{"year": year, "percent": percent, "due": due} for year, percent, due in one.targets],
        "period_cohort": Cohort(one.period_cohort),
        "denominator": Denominator(one.denominator),
        "deadlines": [{**vars(due), "report": Report(due.report), "every": Every(due.every)} for due in one.deadlines],
        "periods": [{**vars(period), "report": Report(period.report)} for period in one.periods],
        "indicators": [
            {**vars(part), "measure": Measure(part.measure), "period": Span(part.period), "source": Source(part.source)}
            for part in one.indicators
        ],
        "tasks": [vars(part) for part in one.tasks],
    }


@read(
    "/plans", "plans.manage", says="The plans for units of an area, those in force first.", question=PlansQuestion,
    answer=page_of(PlanSchema), example={"total": 1, "rows": [EXAMPLE_PLAN]}, instead_of=("plans.page", "plans.file"),
)  # fmt: skip
def plans_of_an_area(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    found = plans(caller.conn, caller.tree, asked["unit"], caller.today)
    wanted = chosen(found, text=asked["text"], standing=asked["standing"].value if asked["standing"] else "")
    return Page(len(wanted), [_row(one) for one in wanted[asked["offset"] : asked["offset"] + asked["limit"]]])


@read(
    "/plans/<id>", "plans.manage", says="One plan with all that it orders.", question=NoQuestion, answer=PlanSchema,
    example=EXAMPLE_PLAN, problems=(NotFound,), instead_of=("plans.one", "plan_files.file"),
)  # fmt: skip
def one_plan(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    state = state_of(caller.conn, "plan", asked["id"])
    if state is None:
        raise NotFound("Không có kế hoạch này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, f"{state['epoch']}:{state['area']}"):
        raise NotAllowed("Kế hoạch này của địa bàn khác; hỏi người quản trị.")
    return _row(plan(caller.conn, asked["id"], caller.today))
