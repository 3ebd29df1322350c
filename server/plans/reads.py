"""Plans for programs: the list of an area, and one with all that it orders."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Record, Text, Truth
from schemas.plans import Denominator, Report
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
    """By when a report is due: MM-DD, before that day where it is strict; *year* where it is of one year only."""

    code = Text(required=True)
    report = Choice(Report, required=True)
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


EXAMPLE_PLAN = {
    "id": "019a0000-0000-7000-8000-000000000004", "name": "Kế hoạch năm 2026", "number": "86/KH-UBND",
    "unit": "new:38", "since": "2026-01-01", "until": "2026-12-31", "kinds": ["karaoke", "massage"],
    "targets": [{"year": 2026, "percent": 25, "due": ""}], "period_percent": None, "period_cohort": "any_day",
    "denominator": "any_day", "denominator_on": "",
    "deadlines": [{"code": "", "report": "half_year", "due": "06-20", "strict": True, "year": None, "sender": "",
                   "receiver": "Sở Y tế", "words": "gửi trước ngày 20/6"}],
    "periods": [{"report": "half_year", "first": "12-15", "cut_off": "06-14"}], "standing": "in_force",
    "closed_on": "", "renews": "", "renewed_by": "", "invented": False,
}  # fmt: skip


def _row(one: Plan) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in PlanSchema().fields}
    return said | {
        "kinds": [Kind(kind) for kind in one.kinds],
        "targets": [{"year": year, "percent": percent, "due": due} for year, percent, due in one.targets],
        "period_cohort": Cohort(one.period_cohort),
        "denominator": Denominator(one.denominator),
        "deadlines": [{**vars(due), "report": Report(due.report)} for due in one.deadlines],
        "periods": [{**vars(period), "report": Report(period.report)} for period in one.periods],
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
    example=EXAMPLE_PLAN, problems=(NotFound,), instead_of=("plans.one",),
)  # fmt: skip
def one_plan(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    state = state_of(caller.conn, "plan", asked["id"])
    if state is None:
        raise NotFound("Không có kế hoạch này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, f"{state['epoch']}:{state['area']}"):
        raise NotAllowed("Kế hoạch này của địa bàn khác; hỏi người quản trị.")
    return _row(plan(caller.conn, asked["id"], caller.today))
