"""Sanction decisions: what the register keeps of each, entered at the office or imported from past years."""

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, Count, Day, Id, Record, Text, is_day

SANCTION = validate.OneOf(["warning", "fine", "none"], error="Chọn cảnh cáo, phạt tiền hoặc không phạt.")


class Suspended(StrEnum):
    """What a decision may stop for a time: a licence, the security certificate, or the activity itself."""

    OPERATING = "operating_licence"
    ANTT = "antt_certificate"
    ACTIVITY = "activity"


class Suspension(Record):
    """One suspension, under `suspension/<what is suspended>`: its first and its last day, each where it is known."""

    what = Choice(Suspended, required=True, label=("Đình chỉ, tước quyền sử dụng", "What is suspended"))
    since = Day(load_default=None, allow_none=True, data_key="from", label=("Từ ngày", "From"))
    until = Day(load_default=None, allow_none=True, data_key="to", label=("Đến hết ngày", "To"))

    @validates_schema
    def it_ends_after_it_begins(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            raise ValidationError("Ngày cuối đình chỉ ở trước ngày đầu; xem lại hai ngày.", "to")


def _done(value: str) -> None:
    """Let in a day, or “no”: known not done. What is not known is left out."""
    if value != "no" and not is_day(value):
        raise ValidationError("Ghi ngày chấp hành xong, hoặc no khi biết là chưa chấp hành; chưa biết thì để trống.")


class DecisionFields(Record):
    """A sanction decision; each part is done on a date, known not done (no), or not known (left out).

    *sanctions* says act by act what was decided, where a decision warns for one and fines for
    another. *suspension_to* is the last day of a suspension; *committed_on* the day of the act
    that was sanctioned, *inspection* the visit that found it, each where it is known.
    *violations* are the ids of those violations of the visit that it decides: an uncoded one
    counts once a legal officer has coded it.
    """

    number = Text(limit=80, label=("Số quyết định", "Number"))
    authority = Text(limit=200, label=("Cơ quan ra quyết định", "Authority"))
    operator = Id(label=("Chủ cơ sở", "Operator"))
    establishment = Id(allow_none=True, label=("Cơ sở", "Establishment"))
    inspection = Id(allow_none=True, label=("Cuộc kiểm tra", "Inspection"))
    codes = fields.List(Text(limit=40), metadata={"vi": "Hành vi", "en": "Acts"})
    violations = fields.List(Id(), metadata={"vi": "Vi phạm của cuộc kiểm tra", "en": "Violations of the visit"})
    committed_on = Day(allow_none=True, label=("Ngày vi phạm", "Committed on"))
    decided_on = Day(label=("Ngày quyết định", "Decided on"))
    delivered_on = Day(allow_none=True, label=("Ngày giao", "Delivered on"))
    sanction = Text(validate=SANCTION, label=("Hình thức xử phạt", "Sanction"))
    sanctions = fields.Dict(
        keys=Text(limit=40),
        values=Text(validate=SANCTION),
        allow_none=True,
        metadata={"vi": "Hình thức của từng hành vi", "en": "Sanction of each act"},
    )
    amount = Count(allow_none=True, most=1_000_000_000_000, label=("Số tiền (đồng)", "Amount (đồng)"))
    ordered = fields.List(
        Text(
            validate=validate.OneOf(
                ["main", "additional", "remedies"], error="Ghi một hay nhiều trong: main, additional, remedies."
            )
        ),
        metadata={"vi": "Nội dung phải thi hành", "en": "Parts ordered"},
    )
    main_done_on = Text(allow_none=True, limit=10, validate=_done, label=("Chấp hành xong hình thức chính", "Main"))
    additional_done_on = Text(
        allow_none=True, limit=10, validate=_done, label=("Chấp hành xong hình thức bổ sung", "Additional")
    )
    remedies_done_on = Text(
        allow_none=True, limit=10, validate=_done, label=("Chấp hành xong khắc phục hậu quả", "Remedies")
    )
    suspension_to = Day(allow_none=True, label=("Ngày cuối đình chỉ, tước quyền sử dụng giấy phép", "Suspended to"))
    cancelled_on = Day(allow_none=True, label=("Ngày hủy quyết định", "Cancelled on"))
    complaint_from = Day(allow_none=True, label=("Khiếu nại từ ngày", "Complaint from"))
    evasion_from = Day(allow_none=True, label=("Trốn tránh từ ngày", "Evasion from"))
    evasion_to = Day(allow_none=True, label=("Trốn tránh đến ngày", "Evasion to"))
