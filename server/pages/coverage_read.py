"""The share inspected for programs: the same question and answer as the page, in English words."""

from datetime import date
from typing import Any, cast

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from schemas.fields import Choice, Count, Day, Record, Text, Truth
from schemas.register import Cohort, Kind
from schemas.units import Epoch
from server.api import Caller, InArea, Many, Question, Whole, read
from server.coverage.answer import answer
from server.pages import filters
from server.pages.filters import BASES, BY, FIRST_YEAR, Filters
from server.problems import InvalidInput
from server.store import reading

NO_ORDER = "Chưa có cách xếp này; chọn unit, across, commune, kind, basis hoặc team."
NO_BASIS = "Không có hình thức kiểm tra này; chọn planned, unscheduled hoặc recheck."
WORDS = {
    "nam": "year", "tinh-den": "as_of", "don-vi": "unit", "loai-hinh": "kind", "theo": "by", "doi": "team",
    "hinh-thuc": "basis", "ky": "period",
}  # fmt: skip


class CoverageQuestion(Question):
    """The filters of the page."""

    aliases = WORDS

    year = Whole(least=FIRST_YEAR, most=9998, load_default=None, metadata={"description": "That of as_of."})
    as_of = Day(load_default=None, metadata={"description": "The last day counted; today."})
    unit = InArea()
    kind = Many(Choice(Kind), load_default=[], metadata={"description": "Those of the plan."})
    by = fields.String(load_default="unit", validate=validate.OneOf([*BY.values()], error=NO_ORDER))
    team = Text(load_default="", limit=60, metadata={"description": "Only its visits; the places it answers for."})
    basis = fields.String(
        load_default=None, validate=validate.OneOf([*BASES.values()], error=NO_BASIS),
        metadata={"description": "Only visits of this kind."},
    )  # fmt: skip
    period = Text(load_default="", limit=21, metadata={"description": "First and last day, in place of the year."})


class YearBeforeSchema(Record):
    """The same period of the year before, and by how many percent points the share rose or fell since."""

    open = Count(required=True)
    inspected = Count(required=True)
    share = fields.Float(required=True, allow_none=True)
    change = fields.Float(required=True, allow_none=True)


class CoverageRowSchema(Record):
    """A line of the table, or the total. No share: no establishment; no target: no plan covers the year."""

    unit = Text(required=True)
    key = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True, allow_none=True)
    basis = Text(required=True, allow_none=True)
    team = Text(required=True, allow_none=True)
    open = Count(required=True)
    inspected = Count(required=True)
    share = fields.Float(required=True, allow_none=True, metadata={"description": "Percent, one decimal."})
    target = Count(required=True, allow_none=True)
    required = Count(required=True, allow_none=True)
    remaining = Count(required=True, allow_none=True)
    met = Truth(required=True, allow_none=True)
    visits = Count(required=True)
    visits_with_violations = Count(required=True)
    places_with_violations = Count(required=True)
    not_counted = Count(required=True)
    inspected_not_open = Count(required=True)
    complete_to = Day(required=True, allow_none=True)
    exact = Truth(required=True)
    confirmed_on = Day(required=True, allow_none=True)
    confirmed_by = Text(required=True)
    year_before = fields.Nested(YearBeforeSchema, required=True, allow_none=True)


class WholePeriodSchema(CoverageRowSchema):
    """The plan's whole period beside a year of it; *cohort*: places open on any day of it, or on its last day."""

    class Meta:
        """No year before: a period has none."""

        exclude = ("year_before",)

    since = Day(required=True)
    until = Day(required=True)
    cohort = Choice(Cohort, required=True)


class OutlookSchema(Record):
    """What the present pace leads to; what nothing can be said of is null."""

    deadline = Day(required=True)
    days_left = Count(required=True)
    in_time = Truth(required=True, allow_none=True)
    each_week = Count(required=True, allow_none=True)
    projected = Count(required=True, allow_none=True)
    projected_met = Truth(required=True, allow_none=True)


class TrendYearSchema(Record):
    """A year of the trend: all of it, and up to the same day as the asked one."""

    year = Count(required=True)
    as_of = Day(required=True)
    open = Count(required=True)
    inspected = Count(required=True)
    share = fields.Float(required=True, allow_none=True)
    target = Count(required=True, allow_none=True)
    same_day = Day(required=True)
    open_to_same_day = Count(required=True)
    inspected_to_same_day = Count(required=True)


class CoveragePlanSchema(Record):
    """The plan whose targets stand at the rows."""

    id = Text(required=True)
    name = Text(required=True)
    number = Text(required=True)


class LaptopReportSchema(Record):
    """A laptop that keeps `complete_to` where it is; no day: it was never heard of."""

    id = Text(required=True)
    name = Text(required=True)
    area = Text(required=True)
    day = Day(required=True, allow_none=True)
    drafts = Count(required=True)
    unsent = Count(required=True)


class CoverageSchema(Record):
    """The share inspected: the total, a row for each unit, commune, kind or team, and what was asked."""

    total = fields.Nested(CoverageRowSchema, required=True)
    rows = fields.List(fields.Nested(CoverageRowSchema), required=True)
    year = Count(required=True)
    since = Day(required=True)
    as_of = Day(required=True)
    by = Text(required=True)
    kinds = fields.List(fields.String(), required=True)
    plan = fields.Nested(CoveragePlanSchema, required=True, allow_none=True)
    holding_back = fields.List(fields.Nested(LaptopReportSchema), required=True)
    period = fields.List(Day(), required=True, allow_none=True)
    team = Text(required=True, allow_none=True)
    basis = Text(required=True, allow_none=True)
    outlook = fields.Nested(OutlookSchema, required=True)
    trend = fields.List(fields.Nested(TrendYearSchema), required=True)
    whole_period = fields.Nested(WholePeriodSchema, required=True, allow_none=True)


EXAMPLE_ROW = {
    "unit": "15664", "key": "new:15664", "name": "Xã Triệu Sơn", "kind": None, "team": None, "open": 168,
    "inspected": 42, "share": 25.0, "target": 25, "required": 42, "remaining": 0, "met": True, "visits": 44,
    "visits_with_violations": 3, "not_counted": 1, "inspected_not_open": 0, "complete_to": "2026-11-04", "exact": True,
    "confirmed_on": "2026-03-05", "confirmed_by": "Chủ tịch UBND xã",
    "basis": None, "places_with_violations": 3,
    "year_before": {"open": 160, "inspected": 32, "share": 20.0, "change": 5.0},
}  # fmt: skip
EXAMPLE = {
    "total": EXAMPLE_ROW, "rows": [EXAMPLE_ROW | {"kind": "karaoke"}], "year": 2026, "since": "2026-01-01",
    "as_of": "2026-11-05", "by": "kind", "kinds": ["karaoke"],
    "plan": {"id": "019a0000-0000-7000-8000-000000000001", "name": "Kế hoạch năm 2026", "number": "86/KH-UBND"},
    "holding_back": [
        {"id": "019a0000-0000-7000-8000-000000000002", "name": "Máy Đội 1", "area": "new:15664", "day": "2026-11-04",
         "drafts": 1, "unsent": 0}
    ],
    "period": None, "team": None, "basis": None, "whole_period": None,
    "outlook": {
        "deadline": "2026-12-31", "days_left": 56, "in_time": None, "each_week": None, "projected": 49,
        "projected_met": True,
    },
    "trend": [
        {"year": 2025, "as_of": "2025-12-31", "open": 160, "inspected": 41, "share": 25.6, "target": 20,
         "same_day": "2025-11-05", "open_to_same_day": 160, "inspected_to_same_day": 32}
    ],
}  # fmt: skip


@read(
    "/coverage", "coverage.see", says="The share of establishments inspected in a year, as of a day.",
    question=CoverageQuestion, answer=CoverageSchema, example=EXAMPLE, instead_of=("coverage.page", "coverage.file"),
)  # fmt: skip
def coverage_figures(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the figures."""
    question = filters_of(caller, asked)
    told: dict[str, Any] = {
        "tree": caller.tree, "epoch": Epoch(question.unit.partition(":")[0]), "year": question.year,
        "as_of": question.as_of, "unit": question.unit, "kinds": question.kinds, "team": question.team,
        "basis": question.basis, "period": question.period,
    }  # fmt: skip
    with reading(caller.db) as conn:
        return answer(conn, by=question.by, **told).as_json()


def filters_of(caller: Caller, asked: dict[str, Any]) -> Filters:
    """Return the page's filters; what does not hold there does not hold here, under the word that a program knows."""
    by = next(word for word, meaning in BY.items() if meaning == asked["by"])
    page = MultiDict([("don-vi", asked["unit"]), ("theo", by), *(("loai-hinh", kind.value) for kind in asked["kind"])])
    if asked["year"]:
        page["nam"] = str(asked["year"])
    if asked["as_of"]:
        page["tinh-den"] = cast(date, asked["as_of"]).isoformat()
    if asked["basis"]:
        page["hinh-thuc"] = next(word for word, basis in BASES.items() if basis == asked["basis"])
    page.update({"doi": asked["team"], "ky": asked["period"]})
    teams = {id for (id,) in caller.conn.execute("SELECT id FROM things WHERE kind = 'team'")}
    found, typed = filters.read(page, caller.tree, caller.area, caller.today, teams)
    if found is None:
        errors = {WORDS[word]: sentence for word, sentence in typed.errors.items()}
        raise InvalidInput(next(iter(errors.values())), errors=errors)
    return found
