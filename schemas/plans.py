"""What a plan orders beside its targets: by when reports are due, what days they cover, which places it is about."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, MonthDay, Record, Text, Truth


class Report(StrEnum):
    """Which report a plan asks for."""

    HALF_YEAR = "half_year"
    YEAR = "year"
    QUARTER = "quarter"
    AD_HOC = "ad_hoc"
    END_OF_PERIOD = "end_of_period"
    OTHER = "other"  # a plan of one's own, the renewal of teams: due, and no report


class Every(StrEnum):
    """How often a deadline comes."""

    YEAR = "year"
    ONCE = "once"
    REQUEST = "request"
    REGULAR = "regular"  # the plan says “định kỳ”, and no day
    WHOLE_YEAR = "whole_year"


class Denominator(StrEnum):
    """Which places a year's target is about."""

    ANY_DAY = "any_day"  # open on at least one day from 1 January on
    ON_DAY = "on_day"  # open on one day of the year, which the plan names


class Deadline(Record):
    """By when a report of a plan is due each year, from whom to whom, in the plan's own words; its code names it."""

    code = Text(load_default="", limit=20, label=("Ký hiệu", "Code"))
    report = Choice(Report, required=True, label=("Loại báo cáo", "Report"))
    name = Text(load_default="", limit=300, label=("Tên", "Name"))
    due = MonthDay(load_default=None, allow_none=True, label=("Hạn", "Due"))  # none: on request, or all year
    every = Choice(Every, load_default=Every.YEAR, label=("Lặp lại", "Every"))
    strict = Truth(load_default=True, label=("Trước ngày (không kể ngày đó)", "Before the day"))
    year = fields.Integer(load_default=None, allow_none=True, strict=True,
                          validate=validate.Range(2004, 2100, error="Năm không đúng."),
                          metadata={"vi": "Chỉ năm", "en": "Only in the year"})  # fmt: skip
    compiles = Text(load_default="", limit=20, label=("Tổng hợp từ", "Compiles"))  # the deadline of those below
    sender = Text(load_default="", limit=300, label=("Nơi gửi", "From"))
    receiver = Text(load_default="", limit=300, label=("Nơi nhận", "To"))
    heading = Text(load_default="", limit=40, label=("Mục trong kế hoạch", "Heading in the plan"))
    words = Text(load_default="", limit=1000, label=("Nguyên văn trong kế hoạch", "In the plan's words"))
    settled = Text(load_default="", limit=1000, label=("Điều kế hoạch không nói", "What the plan does not say"))

    @validates_schema
    def _a_report_goes_to_someone(self, said: dict[str, Any], **_: Any) -> None:
        if said["report"] is not Report.OTHER and not said["receiver"]:
            raise ValidationError("Nhập nơi nhận báo cáo.", "receiver")


class Period(Record):
    """Which days a report covers: from the first to the cut-off day, both in it, of each year."""

    report = Choice(Report, required=True, label=("Loại báo cáo", "Report"))
    first = MonthDay(required=True, label=("Từ ngày", "From"))
    cut_off = MonthDay(required=True, label=("Chốt số liệu hết ngày", "Cut-off day"))
    settled = Text(load_default="", limit=1000, label=("Điều kế hoạch không nói", "What the plan does not say"))
