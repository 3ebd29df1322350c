"""An inspection: one visit of a team to one establishment, or an attempt that inspected nothing."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from schemas.checklists import Answer
from schemas.fields import Choice, Clock, CodeMap, Count, Day, Id, Record, Text, Truth, Versions

QUORUM = 3
FIRST_DAY = date(2004, 11, 7)  # Decree 178/2004 came into force


class Basis(StrEnum):
    """Why the team went."""

    PLANNED = "planned"
    UNSCHEDULED = "unscheduled"
    RECHECK = "recheck"


class Trigger(StrEnum):
    """The three lawful grounds of an unscheduled visit (TT 05/2006, point 2.4.a)."""

    COMPLAINT = "complaint"
    REQUEST = "request"
    SIGNS = "signs"


class Outcome(StrEnum):
    """What came of going there. The last four are attempts: nothing was inspected."""

    NO_VIOLATION = "no_violation"
    VIOLATIONS = "violations"
    CLOSED_TONIGHT = "closed_tonight"
    STOPPED = "stopped"
    NOT_FOUND = "not_found"
    REFUSED = "refused"

    @property
    def counts(self) -> bool:
        """Whether the establishment was inspected; an attempt never counts."""
        return self in {Outcome.NO_VIOLATION, Outcome.VIOLATIONS}


def counting(inspected: bool, void: bool | int, members: int, review: str, comment: str) -> int:
    """Say whether a visit counts: inspected, not void, not rejected, and a quorum or its acceptance with a reason."""
    quorum = members >= QUORUM or (review == "accepted" and bool(comment.strip()))
    return int(inspected and not void and review != "rejected" and quorum)


@dataclass(frozen=True)
class Member:
    """A member of the team who was there, with the inspection card shown."""

    name: str
    agency: str = ""
    role: str = ""
    card: str = ""


@dataclass(frozen=True)
class WorkerCounts:
    """Workers as counts, never as names; None where it was not asked."""

    total: int | None = None
    contract: int | None = None
    health_papers: int | None = None
    commitment: int | None = None
    under_18: int | None = None


@dataclass(frozen=True)
class Violation:
    """An act of the operator or manager, by the catalogue's code, or uncoded with its text."""

    id: str
    code: str = ""
    text: str = ""
    facts: str = ""
    citation: str = ""
    committed_on: date | None = None


@dataclass(frozen=True)
class FollowUp:
    """What was seen, on this visit, of a finding that an earlier one left open.

    *finding* is the violation's id, or the code of the checklist item that failed.
    """

    inspection: str
    finding: str
    resolved: bool
    seen: str = ""


@dataclass(frozen=True)
class Inspection:
    """One revision of one visit, as finalised. Its id stands on the item that carries it."""

    establishment: str
    team: str
    date: date
    basis: Basis
    outcome: Outcome
    revision: int = 1
    round: str | None = None
    decision: str = ""
    started: str = ""
    ended: str = ""
    trigger: Trigger | None = None
    ground: str = ""
    evidence: str = ""
    members: tuple[Member, ...] = ()
    representative: str = ""
    representative_role: str = ""
    checklists: dict[str, int] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    workers: WorkerCounts = WorkerCounts()
    informed: int | None = None
    violations: tuple[Violation, ...] = ()
    followed: tuple[FollowUp, ...] = ()
    crime_signs: bool = False
    child_called: bool | None = None
    child_called_at: str = ""
    copies: int | None = None
    statement: str = ""
    remark: str = ""
    found_working: bool | None = None
    number: str = ""
    void: bool = False
    reason: str = ""

    @property
    def quorum(self) -> bool:
        """Whether at least three members were present (TT 05/2006, point 2.4.b)."""
        return len(self.members) >= QUORUM


class MemberSchema(Record):
    """How a member is written down."""

    name = Text(required=True, limit=200, label=("Họ và tên", "Name"))
    agency = Text(load_default="", limit=200, label=("Cơ quan", "Agency"))
    role = Text(load_default="", limit=200, label=("Chức vụ trong đội", "Role"))
    card = Text(load_default="", limit=60, label=("Số thẻ kiểm tra", "Inspection card"))

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> Member:
        return Member(**data)


class WorkerCountsSchema(Record):
    """How the counts are written down."""

    total = Count(load_default=None, allow_none=True, label=("Tổng số người lao động", "Workers in all"))
    contract = Count(load_default=None, allow_none=True, label=("Có hợp đồng lao động", "With a contract"))
    health_papers = Count(
        load_default=None, allow_none=True, label=("Có giấy khám sức khỏe còn hạn", "With health papers in date")
    )
    commitment = Count(load_default=None, allow_none=True, label=("Đã ký cam kết", "With a commitment"))
    under_18 = Count(load_default=None, allow_none=True, label=("Dưới 18 tuổi", "Under 18"))

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> WorkerCounts:
        return WorkerCounts(**data)


class ViolationSchema(Record):
    """How a violation is written down."""

    id = Id(required=True)
    code = Text(load_default="", limit=40, label=("Mã hành vi", "Act code"))
    text = Text(load_default="", label=("Hành vi", "Act"))
    facts = Text(load_default="", limit=10_000, label=("Diễn biến", "Facts"))
    citation = Text(load_default="", limit=200, label=("Điều khoản", "Citation"))
    committed_on = Day(load_default=None, allow_none=True, label=("Ngày vi phạm", "Committed on"))

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> Violation:
        return Violation(**data)


class FollowUpSchema(Record):
    """How the follow-up of an earlier finding is written down."""

    inspection = Id(required=True)
    finding = Text(required=True, limit=40, label=("Tồn tại", "Finding"))
    resolved = Truth(required=True, label=("Đã khắc phục", "Resolved"))
    seen = Text(load_default="", limit=1000, label=("Đã thấy gì", "What was seen"))

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> FollowUp:
        return FollowUp(**data)


class InspectionSchema(Record):
    """How an inspection is written down, in a table or on the wire.

    It has types and no rules, so that what was once let in can always be read.
    """

    establishment = Id(required=True, label=("Cơ sở", "Establishment"))
    team = Id(required=True, label=("Đội kiểm tra", "Team"))
    revision = fields.Integer(load_default=1, strict=True)
    round = Id(load_default=None, allow_none=True)
    decision = Text(load_default="", limit=120, label=("Quyết định kiểm tra số", "Inspection decision"))
    date = Day(required=True, label=("Ngày kiểm tra", "Date of visit"))
    started = Clock(load_default="", label=("Bắt đầu lúc", "Started at"))
    ended = Clock(load_default="", label=("Kết thúc lúc", "Ended at"))
    basis = Choice(Basis, required=True, label=("Hình thức kiểm tra", "Basis"))
    trigger = Choice(Trigger, load_default=None, allow_none=True, label=("Căn cứ đột xuất", "Trigger"))
    ground = Text(load_default="", label=("Căn cứ", "Ground"))
    evidence = Text(load_default="", label=("Tài liệu kèm theo", "Evidence"))
    members = fields.List(
        fields.Nested(MemberSchema), load_default=list, metadata={"vi": "Thành phần tham gia", "en": "Members present"}
    )
    representative = Text(load_default="", limit=200, label=("Đại diện cơ sở", "Representative"))
    representative_role = Text(load_default="", limit=200, label=("Chức vụ", "Position"))
    checklists = Versions(load_default=dict)
    answers = CodeMap(values=frozenset(Answer), load_default=dict, label=("Nội dung kiểm tra", "Checklist"))
    notes = CodeMap(load_default=dict, label=("Ghi chú từng mục", "Notes"))
    workers = fields.Nested(
        WorkerCountsSchema,
        load_default=WorkerCounts,
        metadata={"vi": "Số người lao động (chỉ ghi số lượng)", "en": "Workers (counts only)"},
    )
    informed = Count(load_default=None, allow_none=True, label=("Số người được tuyên truyền", "Persons informed"))
    violations = fields.List(
        fields.Nested(ViolationSchema), load_default=list, metadata={"vi": "Vi phạm", "en": "Violations"}
    )
    followed = fields.List(
        fields.Nested(FollowUpSchema),
        load_default=list,
        metadata={"vi": "Tồn tại của lần kiểm tra trước", "en": "Findings of earlier visits"},
    )
    crime_signs = Truth(load_default=False, label=("Có dấu hiệu tội phạm – chuyển hồ sơ", "Signs of crime: hand over"))
    child_called = Truth(
        load_default=None, allow_none=True, label=("Đã gọi người phụ trách bảo vệ trẻ em", "Child protection called")
    )
    child_called_at = Clock(load_default="", label=("Gọi lúc", "Called at"))
    copies = Count(load_default=None, allow_none=True, label=("Số bản", "Copies"))
    statement = Text(load_default="", limit=10_000, label=("Ý kiến của cơ sở", "Statement of the establishment"))
    remark = Text(load_default="", limit=10_000, label=("Nhận xét, kiến nghị của đội", "Remarks of the team"))
    outcome = Choice(Outcome, required=True, label=("Kết quả", "Outcome"))
    found_working = Truth(
        load_default=None, allow_none=True, label=("Cơ sở đang hoạt động khi kiểm tra", "Found working")
    )
    number = Text(load_default="", limit=60, label=("Số biên bản", "Number of the minutes"))
    void = Truth(load_default=False, label=("Hủy biên bản", "Void"))
    reason = Text(load_default="", label=("Lý do đính chính hoặc hủy", "Reason of the correction"))

    @post_load
    def build(self, data: dict[str, Any], **kwargs: Any) -> Inspection:
        data["members"] = tuple(data["members"])
        data["violations"] = tuple(data["violations"])
        data["followed"] = tuple(data["followed"])
        return Inspection(**data)


class NewInspectionSchema(InspectionSchema):
    """What an inspection must satisfy to be let in: by the form, by the command, by the server.

    Fewer than three members present is marked, never blocked.
    """

    revision = fields.Integer(
        load_default=1, strict=True, validate=validate.Range(1, 1_000_000, error="Số lần phải từ 1 trở lên.")
    )

    @validates_schema
    def a_visit_is_after_the_decree(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["date"] < FIRST_DAY:
            raise ValidationError("Ngày kiểm tra trước khi có Nghị định 178/2004; nhập lại ngày.", "date")

    @validates_schema
    def an_unscheduled_visit_has_a_trigger_and_a_ground(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data["basis"] is Basis.UNSCHEDULED and not data.get("trigger"):
            raise ValidationError("Chọn căn cứ đột xuất.", "trigger")
        if data["basis"] is Basis.UNSCHEDULED and not data.get("ground", "").strip():
            raise ValidationError("Ghi rõ căn cứ: đơn số mấy, văn bản nào, dấu hiệu gì.", "ground")

    @validates_schema
    def violations_and_outcome_agree(self, data: dict[str, Any], **kwargs: Any) -> None:
        outcome, violations = data["outcome"], data.get("violations")
        if outcome is Outcome.VIOLATIONS and not violations:
            raise ValidationError("Kết quả là có vi phạm: chọn ít nhất một hành vi.", "violations")
        if outcome is not Outcome.VIOLATIONS and violations:
            raise ValidationError("Đã ghi hành vi vi phạm: chọn kết quả “Có vi phạm”, hoặc xóa hành vi.", "outcome")

    @validates_schema
    def a_violation_has_a_code_or_a_text(self, data: dict[str, Any], **kwargs: Any) -> None:
        for place, violation in enumerate(data.get("violations", ())):
            if not violation.code and not violation.text.strip():
                raise ValidationError(
                    {"violations": {place: {"text": ["Chọn hành vi trong danh mục, hoặc ghi hành vi khác."]}}}
                )

    @validates_schema
    def an_attempt_says_why(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data["outcome"].counts and not data.get("remark", "").strip() and not data.get("void"):
            raise ValidationError("Ghi lý do không kiểm tra được: đã thấy gì tại cơ sở.", "remark")

    @validates_schema
    def a_correction_or_void_gives_its_reason(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("void") and not data.get("reason", "").strip():
            raise ValidationError("Ghi lý do hủy biên bản.", "reason")
