"""The share inspected for programs: the same question and answer as the page, in English words."""

from datetime import date
from typing import Any, cast

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from schemas.fields import Choice, Count, Day, Record, Text, Truth
from schemas.register import Kind
from schemas.units import Epoch
from server.api import Caller, InArea, Many, Question, Whole, read
from server.coverage.ask import By, coverage
from server.pages import filters
from server.pages.across import coverage_across
from server.pages.filters import BY, FIRST_YEAR, Filters
from server.problems import InvalidInput
from server.store import reading

NO_ORDER = "Chưa có cách xếp này; chọn unit, across, commune, kind hoặc team."
WORDS = {"nam": "year", "tinh-den": "as_of", "don-vi": "unit", "loai-hinh": "kind", "theo": "by"}


class CoverageQuestion(Question):
    """The filters of the page."""

    aliases = WORDS

    year = Whole(least=FIRST_YEAR, most=9998, load_default=None, metadata={"description": "That of as_of."})
    as_of = Day(load_default=None, metadata={"description": "The last day counted; today."})
    unit = InArea()
    kind = Many(Choice(Kind), load_default=[], metadata={"description": "Those of the plan."})
    by = fields.String(load_default="unit", validate=validate.OneOf([*BY.values()], error=NO_ORDER))


class CoverageRowSchema(Record):
    """A line of the table, or the total. No share: no establishment; no target: no plan covers the year."""

    unit = Text(required=True)
    key = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True, allow_none=True)
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
    not_counted = Count(required=True)
    inspected_not_open = Count(required=True)
    complete_to = Day(required=True, allow_none=True)
    exact = Truth(required=True)
    confirmed_on = Day(required=True, allow_none=True)
    confirmed_by = Text(required=True)


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


EXAMPLE_ROW = {
    "unit": "15664", "key": "new:15664", "name": "Xã Triệu Sơn", "kind": None, "team": None, "open": 168,
    "inspected": 42, "share": 25.0, "target": 25, "required": 42, "remaining": 0, "met": True, "visits": 44,
    "visits_with_violations": 3, "not_counted": 1, "inspected_not_open": 0, "complete_to": "2026-11-04", "exact": True,
    "confirmed_on": "2026-03-05", "confirmed_by": "Chủ tịch UBND xã",
}  # fmt: skip
EXAMPLE = {
    "total": EXAMPLE_ROW, "rows": [EXAMPLE_ROW | {"kind": "karaoke"}], "year": 2026, "since": "2026-01-01",
    "as_of": "2026-11-05", "by": "kind", "kinds": ["karaoke"],
    "plan": {"id": "019a0000-0000-7000-8000-000000000001", "name": "Kế hoạch năm 2026", "number": "86/KH-UBND"},
    "holding_back": [
        {"id": "019a0000-0000-7000-8000-000000000002", "name": "Máy Đội 1", "area": "new:15664", "day": "2026-11-04",
         "drafts": 1, "unsent": 0}
    ],
}  # fmt: skip


@read(
    "/coverage", "coverage.see", says="The share of establishments inspected in a year, as of a day.",
    question=CoverageQuestion, answer=CoverageSchema, example=EXAMPLE, instead_of=("coverage.page", "coverage.file"),
)  # fmt: skip
def coverage_figures(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the figures."""
    question = _filters(caller, asked)
    told: dict[str, Any] = {
        "tree": caller.tree, "epoch": Epoch(question.unit.partition(":")[0]), "year": question.year,
        "as_of": question.as_of, "unit": question.unit, "kinds": question.kinds,
    }  # fmt: skip
    with reading(caller.db) as conn:
        if question.by == "across":
            return coverage_across(conn, **told).as_json()
        return coverage(conn, by=cast(By, question.by), **told).as_json()


def _filters(caller: Caller, asked: dict[str, Any]) -> Filters:
    """Return the page's filters; what does not hold there does not hold here, under the word that a program knows."""
    by = next(word for word, meaning in BY.items() if meaning == asked["by"])
    page = MultiDict([("don-vi", asked["unit"]), ("theo", by), *(("loai-hinh", kind.value) for kind in asked["kind"])])
    if asked["year"]:
        page["nam"] = str(asked["year"])
    if asked["as_of"]:
        page["tinh-den"] = cast(date, asked["as_of"]).isoformat()
    found, typed = filters.read(page, caller.tree, caller.area, caller.today)
    if found is None:
        errors = {WORDS[word]: sentence for word, sentence in typed.errors.items()}
        raise InvalidInput(next(iter(errors.values())), errors=errors)
    return found
