"""A return: what a unit reports for the days of a plan, written, sent and then frozen as it was sent."""

from enum import StrEnum

from marshmallow import fields, validate

from schemas.fields import Choice, Count, Day, Id, Record, Text, Truth
from schemas.plans import Report
from schemas.units import Epoch

_HASH = validate.Regexp(r"[0-9a-f]{64}\Z", error="Mã kiểm không đúng dạng.")


class ReturnStanding(StrEnum):
    """How far a return has come. Sent means frozen: what changes later is a restatement."""

    DRAFT = "draft"
    SENT = "sent"
    REPLACED = "replaced"  # by a version that says so
    DROPPED = "dropped"  # a draft that nobody goes on with


class ReturnFields(Record):
    """A return of a unit; a quarter's (TT 05/2006) has no plan. *due* is the day as written: before it where strict.

    *version* 2 and later name in *replaces* the return whose place they take. The names of who signs stand as printed.
    """

    plan = Id(allow_none=True, label=("Kế hoạch", "Plan"))
    deadline = Text(allow_none=True, limit=40, label=("Hạn trong kế hoạch", "Deadline of the plan"))
    report = Choice(Report, label=("Loại báo cáo", "Report"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Đơn vị báo cáo", "Unit"))
    since = Day(data_key="from", label=("Từ ngày", "From"))
    until = Day(data_key="to", label=("Chốt số liệu hết ngày", "Cut-off day"))
    due = Day(allow_none=True, label=("Hạn", "Due"))
    strict = Truth(label=("Trước ngày (không kể ngày đó)", "Before the day"))
    receivers = fields.List(Text(limit=300), metadata={"vi": "Nơi nhận", "en": "To"})
    title = Text(limit=400, label=("Trích yếu", "Title"))
    issuer_above = Text(allow_none=True, limit=300, label=("Cơ quan chủ quản", "Body above"))
    issuer = Text(limit=300, label=("Cơ quan ban hành", "Issuing body"))
    symbol = Text(limit=60, label=("Ký hiệu", "Symbol"))
    place = Text(limit=120, label=("Địa danh", "Place"))
    authority = Text(allow_none=True, limit=200, label=("Thẩm quyền ký", "On whose behalf"))  # TM. ỦY BAN NHÂN DÂN
    signing = Text(allow_none=True, limit=200, label=("Quyền hạn ký", "In whose stead"))  # KT. CHỦ TỊCH
    role = Text(allow_none=True, limit=200, label=("Chức vụ người ký", "Role of who signs"))
    signer = Text(allow_none=True, limit=200, label=("Họ tên người ký", "Who signs"))
    standing = Choice(ReturnStanding, label=("Tình trạng", "Standing"))
    version = Count(most=1000, label=("Lần", "Version"))
    replaces = Id(allow_none=True, label=("Thay báo cáo", "Replaces"))
    reason = Text(allow_none=True, limit=1000, label=("Lý do thay", "Why it is replaced"))
    number = Text(allow_none=True, limit=60, label=("Số báo cáo", "Number"))
    signed_on = Day(allow_none=True, label=("Ngày ký", "Signed on"))


# What may still change of a return that was sent: what the clerk writes on it, and that another takes its place.
AFTER_SENDING = frozenset({"number", "signed_on", "standing"})


class Part(Record):
    """One narrative part of a return, by its place in the template; null where the prefilled text stands."""

    text = Text(required=True, limit=20_000, label=("Nội dung", "Text"))


class FrozenSchema(Record):
    """That the return whose id it bears was sent: the hash of all it said, figures and the ids under them.

    *document* is a file of that name, canonical JSON, and never changes; *seq* the last arrival that it knows.
    """

    document = Text(required=True, limit=64, validate=_HASH, label=("Mã kiểm", "Hash"))
    size = Count(required=True, most=1_000_000_000, label=("Số byte", "Bytes"))
    seq = Count(required=True, most=10**12, label=("Dòng cuối", "Last arrival"))
    on = Day(required=True, label=("Ngày gửi", "Sent on"))
    by = Text(load_default="", limit=200, label=("Người gửi", "Sent by"))
