"""What is added to visits and places: reviews, comments, lists, outside checks, paper events, files, what is two."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema

from schemas.attachments import AttachmentSchema
from schemas.fields import Choice, Count, Day, Id, Record, Text, Truth
from schemas.planning import DrawnSchema
from schemas.returns import FrozenSchema
from schemas.units import Epoch


class Review(StrEnum):
    """What the coordinator says of a received visit. “Has issues” counts until it is rejected."""

    ACCEPTED = "accepted"
    ISSUES = "issues"
    REJECTED = "rejected"


class Happening(StrEnum):
    """What happens to a revision's paper after its text was closed."""

    READ_BACK = "read_back"
    SIGNED = "signed"
    SIGNATURE_REFUSED = "signature_refused"
    NUMBERED = "numbered"
    HANDED_OVER = "handed_over"
    SCANNED = "scanned"
    ORIGINAL = "original"


class Original(StrEnum):
    """What the signed original is: our print, or minutes written by hand on a blank."""

    PRINTED = "printed"
    HANDWRITTEN = "handwritten"


class Witness(StrEnum):
    """Who signs where the establishment refuses to; by office and never by name (Law on violations, Đ.58.4)."""

    COMMUNE = "commune"
    WITNESS = "witness"
    NONE = "none"


class How(StrEnum):
    """How it was seen that a finding is resolved."""

    ON_SITE = "on_site"
    PAPERS = "papers"


class ReviewSchema(Record):
    """A review of one visit; an acceptance with a comment also accepts a missing quorum.

    *item* is the revision that was looked at, and *was* the name of the review that stood then, empty where
    there was none: what one did not see, one does not overwrite. Null: not said.
    """

    inspection = Id(required=True, label=("Cuộc kiểm tra", "Inspection"))
    review = Choice(Review, required=True, label=("Kết quả duyệt", "Review"))
    comment = Text(load_default="", label=("Ý kiến của người duyệt", "Comment"))
    item = Text(load_default=None, allow_none=True, limit=64, label=("Bản đã xem", "The revision looked at"))
    was = Text(load_default=None, allow_none=True, limit=64, label=("Ý kiến trước đó", "The review that stood then"))
    by = Text(load_default="", limit=200, label=("Người duyệt", "Reviewer"))

    @validates_schema
    def a_rejection_gives_its_reason(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["review"] is not Review.ACCEPTED and not data.get("comment", "").strip():
            raise ValidationError("Ghi ý kiến: cần bổ sung gì, hoặc vì sao không tính vào kết quả.", "comment")


class ConfirmListSchema(Record):
    """That a commune has gone through its list of establishments and confirms it."""

    epoch = Choice(Epoch, required=True, label=("Bản đồ hành chính", "Map"))
    unit = Text(required=True, limit=10, label=("Xã", "Commune"))
    on = Day(required=True, label=("Ngày chốt danh sách", "Confirmed on"))
    by = Text(load_default="", limit=200, label=("Người chốt", "Confirmed by"))


class OutsideCheckSchema(Record):
    """An inspection by another body: it uses up the yearly cap and is not in coverage."""

    establishment = Id(required=True, label=("Cơ sở", "Establishment"))
    agency = Text(
        required=True,
        limit=200,
        validate=validate.Length(min=1, error="Nhập tên cơ quan."),
        label=("Cơ quan", "Agency"),
    )
    date = Day(required=True, label=("Ngày kiểm tra", "Date of visit"))
    paper = Text(load_default="", limit=200, label=("Giấy tờ đã xem", "Paper shown"))


class PaperSchema(Record):
    """One event of a revision's paper: append-only, outside the revision's hash.

    A refusal says who signed instead; nobody, with the reason in *note*. No person is named.
    """

    inspection = Id(required=True)
    item = Text(required=True, limit=64, validate=validate.Length(equal=64))
    happening = Choice(Happening, required=True, label=("Việc với biên bản", "Happening"))
    on = Day(required=True, label=("Ngày", "Date"))
    number = Text(load_default="", limit=60, label=("Số biên bản", "Number of the minutes"))
    original = Choice(Original, load_default=None, allow_none=True, label=("Bản gốc", "Original"))
    witness = Choice(Witness, load_default=None, allow_none=True, label=("Người ký thay", "Who signed instead"))
    copies = Count(load_default=None, allow_none=True, label=("Số bản", "Copies"))
    note = Text(load_default="", limit=400, label=("Ghi chú", "Note"))


class ResolutionSchema(Record):
    """That an open finding is resolved, as a re-check without new minutes or the office on papers saw it."""

    inspection = Id(required=True)
    finding = Text(required=True, limit=40, label=("Tồn tại", "Finding"))
    on = Day(required=True, label=("Ngày", "Date"))
    how = Choice(How, required=True, label=("Xem bằng cách nào", "How it was seen"))
    seen = Text(
        required=True,
        limit=1000,
        validate=validate.Length(min=1, error="Ghi đã thấy gì: giấy tờ nào, hiện trạng ra sao."),
        label=("Đã thấy gì", "What was seen"),
    )


class DutySchema(Record):
    """That a duty of a visit's outcome is done, or is not done after all; which duties there are is data."""

    inspection = Id(required=True)
    duty = Text(required=True, limit=40, label=("Việc phải làm", "Duty"))
    on = Day(required=True, label=("Ngày làm xong", "Done on"))
    done = Truth(load_default=True, label=("Đã làm", "Done"))
    note = Text(load_default="", limit=400, label=("Ghi chú", "Note"))


class CommentSchema(Record):
    """A word about a visit; *to* is the comment or the review that it answers, *by* who says it at the office.

    What comes from a laptop has no *by*: its author stands on the item.
    """

    inspection = Id(required=True, label=("Cuộc kiểm tra", "Inspection"))
    comment = Text(
        required=True,
        validate=validate.Length(min=1, error="Ghi ý kiến."),
        label=("Ý kiến", "Comment"),
    )
    on = Day(required=True, label=("Ngày", "Date"))
    to = Id(load_default=None, allow_none=True, label=("Trả lời cho", "In answer to"))
    by = Text(load_default="", limit=200, label=("Người viết", "By"))


class AccessSchema(Record):
    """That somebody opened what is known of sanctions at a place, and why. Who, and when, stand on the item."""

    establishment = Id(required=True, label=("Cơ sở", "Establishment"))
    what = Text(
        required=True, validate=validate.OneOf(["sanctions"], error="Ghi sanctions."), label=("Nội dung", "What")
    )
    purpose = Text(
        required=True,
        limit=300,
        validate=validate.Length(min=3, error="Ghi lý do tra cứu: số văn bản hoặc vụ việc."),
        label=("Lý do tra cứu", "Purpose of the look-up"),
    )


class DistinctSchema(Record):
    """That two records are not one: they are not offered as possibly the same again."""

    kind = Text(
        required=True,
        validate=validate.OneOf(["establishment", "operator"], error="Ghi establishment hoặc operator."),
        label=("Loại hồ sơ", "Kind"),
    )
    one = Id(required=True, label=("Hồ sơ thứ nhất", "The one"))
    other = Id(required=True, label=("Hồ sơ thứ hai", "The other"))

    @validates_schema
    def two_records_are_two(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["one"] == data["other"]:
            raise ValidationError("Hai hồ sơ phải khác nhau.", "other")


class LogHeadSchema(Record):
    """How far the server's log of look-ups went, and the hash that holds all of it up to there."""

    seq = Count(required=True, most=10**12, label=("Dòng cuối", "Last line"))
    chain = Text(
        required=True, limit=64, validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="Mã kiểm không đúng dạng."),
        label=("Mã kiểm", "Hash"),
    )  # fmt: skip


class CodingSchema(Record):
    """Which act of the catalogue an uncoded violation is, as a legal officer sees it; the visit stays as it was.

    An empty code says that none fits. The latest word on a violation counts.
    """

    inspection = Id(required=True, label=("Cuộc kiểm tra", "Inspection"))
    violation = Id(required=True, label=("Vi phạm", "Violation"))
    code = Text(load_default="", limit=40, label=("Mã hành vi", "Act code"))
    by = Text(
        required=True,
        limit=200,
        validate=validate.Length(min=1, error="Ghi người xác nhận."),
        label=("Người xác nhận", "Confirmed by"),
    )
    on = Day(required=True, label=("Ngày xác nhận", "Confirmed on"))
    note = Text(load_default="", limit=1000, label=("Ghi chú", "Note"))


EVENTS: dict[str, Schema] = {
    "review": ReviewSchema(),
    "confirm_list": ConfirmListSchema(),
    "outside_check": OutsideCheckSchema(),
    "paper": PaperSchema(),
    "distinct": DistinctSchema(),
    "resolution": ResolutionSchema(),
    "duty": DutySchema(),
    "comment": CommentSchema(),
    "attachment": AttachmentSchema(),
    "access": AccessSchema(),
    "log_head": LogHeadSchema(),
    "drawn": DrawnSchema(),
    "coding": CodingSchema(),
    "frozen": FrozenSchema(),
}
