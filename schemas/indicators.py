"""What a plan is measured by and what it orders, as data of the plan; and the figures that units report for it."""

import uuid
from enum import StrEnum

from marshmallow import fields, validate

from schemas.fields import Choice, Count, Day, Id, MonthDay, Record, Text, Truth
from schemas.issued_plans import Measure, Source
from schemas.plans import Report
from schemas.units import Epoch

MOST = 10**12  # đồng are counted too


class Span(StrEnum):
    """What days a figure of an indicator covers."""

    YEAR = "year"
    TO_END = "to_end"  # once, from the plan's first day to its last


class ValueStanding(StrEnum):
    """How far a figure has come on its way up."""

    ENTERED = "entered"
    SENT = "sent"
    RETURNED = "returned"  # with a comment; it is entered and sent again
    ACCEPTED = "accepted"


def value_id(plan: str, indicator: str, unit: str, agency: str, days: tuple[str, str]) -> str:
    """Return the one id of a figure: two persons who enter the same meet on the same thing."""
    return str(uuid.uuid5(_VALUES, "\n".join((plan, indicator, unit, agency, *days))))


_VALUES = uuid.UUID("5a1d9c52-6f0e-5a43-9d0b-6b1f4c2e178a")


def _percent(label: tuple[str, str]) -> fields.Integer:
    return fields.Integer(
        load_default=None, allow_none=True, strict=True,
        validate=validate.Range(1, 100, error="Chỉ tiêu từ 1 đến 100 %."), metadata={"vi": label[0], "en": label[1]},
    )  # fmt: skip


class Indicator(Record):
    """One indicator of a plan, with the plan's own sentence; its code is the key of its group.

    *known*: what of our own records gives or helps it. *small_cells*: hidden below that, beyond the unit that reports.
    *counts_was* and *counts_note*: the unit of counting that is no more (districts), and by what it was replaced why.
    """

    name = Text(required=True, limit=400, validate=validate.Length(min=1, error="Nhập tên chỉ tiêu."),
                label=("Tên chỉ tiêu", "Indicator"))  # fmt: skip
    english = Text(load_default="", limit=400, label=("Tên tiếng Anh", "Name in English"))
    heading = Text(load_default="", limit=40, label=("Mục trong kế hoạch", "Heading in the plan"))
    sentence = Text(load_default="", limit=2000, label=("Nguyên văn trong kế hoạch", "In the plan's words"))
    measure = Choice(Measure, required=True, label=("Cách đo", "Measure"))
    period = Choice(Span, load_default=Span.YEAR, label=("Kỳ", "Period"))
    at_least = _percent(("Ít nhất (%)", "At least"))
    at_most = _percent(("Nhiều nhất (%)", "At most"))
    strives = Truth(load_default=False, label=("Phấn đấu", "Strives for"))
    numerator = Text(load_default="", limit=400, label=("Số đạt", "Numerator"))
    denominator = Text(load_default="", limit=400, label=("Trên tổng số", "Denominator"))
    counts = Text(load_default="", limit=40, label=("Đơn vị tính", "Counts"))
    counts_was = Text(load_default="", limit=40, label=("Đơn vị tính trước đó", "Counted before"))
    counts_note = Text(load_default="", limit=1000, label=("Lý do thay đơn vị tính", "Why the count was replaced"))
    cohort = Text(load_default="", limit=40, label=("Cơ sở tính cho cả kỳ", "Cohort"))
    source = Choice(Source, required=True, label=("Nguồn số liệu", "Source"))
    known = Text(load_default="", limit=40, label=("Số liệu có sẵn", "Known from our records"))
    reports = fields.List(Text(limit=300), load_default=list, metadata={"vi": "Nơi báo cáo", "en": "Who reports"})
    to = Text(load_default="", limit=300, label=("Nơi nhận", "To"))
    small_cells = Count(load_default=0, most=100, label=("Ẩn số dưới", "Hidden below"))
    settled = Text(load_default="", limit=1000, label=("Điều kế hoạch không nói", "What the plan does not say"))


class Task(Record):
    """One piece of work that a plan orders: who leads, who helps, when."""

    name = Text(required=True, limit=1000, validate=validate.Length(min=1, error="Nhập nhiệm vụ."),
                label=("Nhiệm vụ", "Task"))  # fmt: skip
    heading = Text(load_default="", limit=40, label=("Mục trong kế hoạch", "Heading in the plan"))
    sentence = Text(load_default="", limit=2000, label=("Nguyên văn trong kế hoạch", "In the plan's words"))
    lead = fields.List(Text(limit=300), load_default=list, metadata={"vi": "Chủ trì", "en": "Lead"})
    help = fields.List(Text(limit=300), load_default=list, metadata={"vi": "Phối hợp", "en": "Helped by"})
    time = Text(load_default="", limit=200, label=("Thời gian", "Time"))
    deadline = Text(load_default="", limit=40, label=("Hạn", "Deadline"))
    due = MonthDay(load_default=None, allow_none=True, label=("Làm xong hết ngày", "To be done by"))
    settled = Text(load_default="", limit=1000, label=("Điều kế hoạch không nói", "What the plan does not say"))


class IndicatorValueFields(Record):
    """A unit's figure for one indicator of a plan and the days of one report; aggregates only, never persons."""

    plan = Id(label=("Kế hoạch", "Plan"))
    indicator = Text(limit=40, validate=validate.Length(min=1, error="Chọn chỉ tiêu."),
                     label=("Tên chỉ tiêu", "Indicator"))  # fmt: skip
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    unit = Text(limit=10, label=("Đơn vị báo cáo", "Unit"))
    agency = Text(limit=300, label=("Cơ quan báo cáo", "Agency"))
    report = Choice(Report, label=("Loại báo cáo", "Report"))
    since = Day(data_key="from", label=("Từ ngày", "From"))
    until = Day(data_key="to", label=("Đến hết ngày", "To the end of"))
    numerator = Count(allow_none=True, most=MOST, label=("Số đạt", "Numerator"))
    denominator = Count(allow_none=True, most=MOST, label=("Trên tổng số", "Denominator"))
    text = Text(allow_none=True, limit=10_000, label=("Nội dung", "Text"))
    note = Text(allow_none=True, limit=2000, label=("Ghi chú", "Note"))
    file = Text(allow_none=True, limit=64, label=("Tệp kèm theo", "File"))
    file_name = Text(allow_none=True, limit=200, label=("Tên tệp", "Name of the file"))
    standing = Choice(ValueStanding, label=("Tình trạng", "Standing"))
    comment = Text(allow_none=True, limit=2000, label=("Ý kiến", "Comment"))
    on = Day(allow_none=True, label=("Ngày", "Day"))
