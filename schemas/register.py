"""The register: establishments, operators, teams and the other things that are edited field by field.

A thing is kept as its *state*: a flat map from path to value.
A path is a field's name (`name`), or a group and an id (`status/018f…`), whose value merges as one:
{unit, address, map point}, {status, from, to}, {operator, from, to}, {kind, from, to}, a licence, a member.
A *register edit* is the paths it sets and what they were before: `{"set": {…}, "was": {…}}`.
"""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.acts import ActFields, ActGroupFields
from schemas.data_requests import DataRequestFields
from schemas.decisions import DecisionFields, Suspension
from schemas.fields import Choice, Day, Id, MonthDay, Record, Text, Truth, messages, storable
from schemas.indicators import Indicator, IndicatorValueFields, Task
from schemas.planning import WeightsFields
from schemas.plans import Deadline, Denominator, Period
from schemas.returns import Part, ReturnFields
from schemas.tips import TipFields
from schemas.units import Epoch, Level
from schemas.work import ListProposalFields, UnitAnswer, UnitInspectionFields, YearTaskFields

State = dict[str, Any]


class Kind(StrEnum):
    """What kind of prone service a place offers; one place may offer several."""

    KARAOKE = "karaoke"
    DANCE_HALL = "dance_hall"
    MASSAGE = "massage"
    LODGING = "lodging"
    OTHER = "other"


class Status(StrEnum):
    """Whether a place works. Closed tonight is not a status but the outcome of an attempt."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Cohort(StrEnum):
    """Which places the target of a period is about: those open on any day of it, or on its last day."""

    ANY_DAY = "any_day"
    LAST_DAY = "last_day"


class Form(StrEnum):
    """The legal form of an operator: it decides the range of a fine."""

    ENTERPRISE = "enterprise"
    HOUSEHOLD = "household"
    INDIVIDUAL = "individual"


class LicenceType(StrEnum):
    """Papers a place may hold."""

    OPERATING = "operating_licence"
    ANTT = "antt_certificate"


class Span(Record):
    """What all spans share: a first day, and a last day only where it is known to end before the next begins."""

    since = Day(required=True, data_key="from", label=("Từ ngày", "From"))
    until = Day(load_default=None, allow_none=True, data_key="to", label=("Đến ngày", "To"))

    @validates_schema
    def a_span_ends_after_it_begins(self, data: dict[str, Any], **kwargs: Any) -> None:
        if data.get("until") and data["until"] < data["since"]:
            raise ValidationError("Ngày kết thúc ở trước ngày bắt đầu; nhập lại.", "to")


class PlaceSpan(Span):
    """Where an establishment stands."""

    epoch = Choice(Epoch, required=True, label=("Bản đồ hành chính", "Map"))
    unit = Text(required=True, limit=10, validate=validate.Length(min=1, error="Chọn xã."), label=("Xã", "Commune"))
    address = Text(load_default="", limit=400, label=("Địa chỉ", "Address"))
    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90, error="Vĩ độ không đúng."))
    lon = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(-180, 180, error="Kinh độ không đúng.")
    )


class KindSpan(Span):
    """That it offers a kind of service; two kinds are two spans, so that they merge apart."""

    kind = Choice(Kind, required=True, label=("Loại hình", "Kind"))


class StatusSpan(Span):
    """Whether it works."""

    status = Choice(Status, required=True, label=("Tình trạng hoạt động", "Status"))


class OperatorSpan(Span):
    """Who runs it."""

    operator = Id(required=True, label=("Chủ cơ sở", "Operator"))


class Licence(Record):
    """A licence or certificate."""

    type = Choice(LicenceType, required=True, label=("Loại giấy", "Type"))
    number = Text(load_default="", limit=80, label=("Số", "Number"))
    since = Day(load_default=None, allow_none=True, data_key="from", label=("Cấp ngày", "From"))
    until = Day(load_default=None, allow_none=True, data_key="to", label=("Hết hạn ngày", "To"))


class TeamMember(Record):
    """A member of a team, with the inspection card."""

    name = Text(
        required=True, limit=200, validate=validate.Length(min=1, error="Nhập họ tên."), label=("Họ và tên", "Name")
    )
    agency = Text(load_default="", limit=200, label=("Cơ quan", "Agency"))
    role = Text(load_default="", limit=200, label=("Chức vụ trong đội", "Role"))
    card = Text(load_default="", limit=60, label=("Số thẻ kiểm tra", "Inspection card"))
    card_expires_on = Day(load_default=None, allow_none=True, label=("Thẻ hết hạn ngày", "Card expires on"))


class Target(Record):
    """A share of establishments to inspect in a year, in whole percent."""

    year = fields.Integer(required=True, strict=True, validate=validate.Range(2004, 2100, error="Năm không đúng."))
    percent = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, 100, error="Chỉ tiêu từ 1 đến 100 %.")
    )
    due = Day(allow_none=True, label=("Hạn đạt chỉ tiêu", "Last day to reach the target"))


NAME = validate.Length(min=1, error="Nhập tên.")


class EstablishmentFields(Record):
    """The plain fields of an establishment; its groups are in GROUPS."""

    code = Text(limit=60, allow_none=True, label=("Mã cơ sở", "Code"))
    name = Text(limit=300, validate=NAME, label=("Tên cơ sở", "Name"))
    phone = Text(limit=60, allow_none=True, label=("Điện thoại", "Phone"))
    merged_into = Id(allow_none=True, label=("Gộp vào", "Merged into"))


class OperatorFields(Record):
    """The plain fields of an operator: the subject in law."""

    name = Text(limit=300, validate=NAME, label=("Chủ cơ sở", "Operator"))
    form = Choice(Form, label=("Hình thức", "Legal form"))
    registration = Text(limit=60, allow_none=True, label=("Số đăng ký", "Registration number"))
    phone = Text(limit=60, allow_none=True, label=("Điện thoại", "Phone"))
    address = Text(limit=400, allow_none=True, label=("Địa chỉ", "Address"))
    merged_into = Id(allow_none=True, label=("Gộp vào", "Merged into"))


class TeamFields(Record):
    """The plain fields of a team; its name is free text, as decisions write it."""

    name = Text(limit=300, validate=NAME, label=("Tên đội", "Name"))
    level = Choice(Level, label=("Cấp", "Level"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Địa bàn", "Area"))
    decision = Text(limit=120, allow_none=True, label=("Quyết định thành lập số", "Decision"))
    valid_from = Day(allow_none=True, label=("Từ ngày", "From"))
    valid_to = Day(allow_none=True, label=("Đến ngày", "To"))
    renews = Id(allow_none=True, label=("Kiện toàn từ đội", "Renews"))
    closed_on = Day(allow_none=True, label=("Ngừng hoạt động từ ngày", "Closed on"))
    closed_reason = Text(allow_none=True, limit=300, label=("Lý do ngừng", "Why it was closed"))


class PlanFields(Record):
    """The plain fields of a plan: area, years, targets, kinds that count."""

    name = Text(limit=300, validate=NAME, label=("Kế hoạch", "Plan"))
    number = Text(limit=120, allow_none=True, label=("Số kế hoạch", "Number"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Địa bàn", "Area"))
    since = Day(data_key="from", label=("Từ ngày", "From"))
    until = Day(data_key="to", label=("Đến ngày", "To"))
    kinds = fields.List(Choice(Kind), metadata={"vi": "Loại hình tính chỉ tiêu", "en": "Kinds that count"})
    targets = fields.List(fields.Nested(Target), metadata={"vi": "Chỉ tiêu từng năm", "en": "Yearly targets"})
    period_percent = fields.Integer(
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 100, error="Chỉ tiêu từ 1 đến 100 %."),
        metadata={"vi": "Chỉ tiêu cả kỳ", "en": "Target of the period"},
    )
    period_cohort = Choice(Cohort, allow_none=True, label=("Cơ sở tính cho cả kỳ", "Cohort of the period"))
    denominator = Choice(
        Denominator, allow_none=True, label=("Số cơ sở có hoạt động trong kỳ", "Establishments open in the period")
    )
    denominator_on = MonthDay(allow_none=True, label=("Ngày đếm cơ sở", "Counted on"))
    issued = Text(limit=60, allow_none=True, label=("Lấy từ kế hoạch đã ban hành", "Made from the issued plan"))
    issued_by = Text(limit=300, allow_none=True, label=("Cơ quan ban hành", "Issued by"))
    grounds = fields.List(Text(limit=600), metadata={"vi": "Căn cứ", "en": "Grounds"})
    principle = Text(limit=2000, allow_none=True, label=("Nguyên tắc", "Principle"))
    settled = Text(limit=2000, allow_none=True, label=("Điều kế hoạch không nói", "What the plan does not say"))
    renews = Id(allow_none=True, label=("Lập từ kế hoạch", "Copied from"))
    closed_on = Day(allow_none=True, label=("Thôi áp dụng từ ngày", "Closed on"))
    closed_reason = Text(allow_none=True, limit=300, label=("Lý do thôi áp dụng", "Why it was closed"))
    invented = Truth(label=("Số liệu giả định", "Invented data"))


class UnitFields(Record):
    """The plain fields of an administrative unit; its id is epoch:code."""

    name = Text(limit=120, validate=NAME, label=("Tên đơn vị", "Name"))
    level = Choice(Level, label=("Cấp", "Level"))
    parent = Text(limit=10, allow_none=True, label=("Đơn vị cấp trên", "Parent"))
    valid_from = Day(allow_none=True, label=("Từ ngày", "From"))
    valid_to = Day(allow_none=True, label=("Đến ngày", "To"))
    successors = fields.List(Text(limit=10), metadata={"vi": "Đơn vị kế tiếp", "en": "Successors"})


class AssignmentFields(Record):
    """That a team is to visit a place, until a day; *reserved*: a team took it for itself, for tonight."""

    establishment = Id(label=("Cơ sở", "Establishment"))
    team = Id(label=("Đội kiểm tra", "Team"))
    basis = Text(
        validate=validate.OneOf(["planned", "unscheduled", "recheck"], error="Chọn hình thức kiểm tra."),
        label=("Hình thức kiểm tra", "Basis"),
    )
    given_on = Day(label=("Ngày phân công", "Given on"))
    starts_on = Day(allow_none=True, label=("Thực hiện từ ngày", "To be done from"))
    expires_on = Day(label=("Hạn thực hiện", "Expires on"))
    reserved = Truth(label=("Đội đã nhận kiểm tra", "Reserved by the team"))
    withdrawn = Truth(label=("Đã bỏ phân công", "Withdrawn"))
    note = Text(allow_none=True, limit=400, label=("Ghi chú", "Note"))


class TemplateFields(Record):
    """The text of a printed paper of an area, as data; the newest of a purpose is used. Empty: the program's own."""

    name = Text(limit=120, validate=NAME, label=("Mẫu giấy tờ", "Template"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Địa bàn", "Area"))
    purpose = Text(limit=40, label=("Dùng cho", "Purpose"))
    text = Text(limit=60_000, label=("Nội dung mẫu", "Text"))


class UserFields(Record):
    """A person who signs in at the office; the password is kept elsewhere and never in an item."""

    name = Text(limit=80, validate=NAME, label=("Tên đăng nhập", "Name"))
    role = Text(
        validate=validate.OneOf(
            ["team", "coordinator", "police", "legal", "clerk", "auditor", "admin"],
            error="Chọn một trong: team, coordinator, police, legal, clerk, auditor, admin.",
        ),
        label=("Vai trò", "Role"),
    )
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Địa bàn", "Area"))
    team = Id(allow_none=True, label=("Đội", "Team"))
    disabled = Truth(label=("Ngừng dùng", "Disabled"))
    demo = Truth(label=("Tài khoản dùng thử", "Account to try the program"))


class DeputyFields(Record):
    """That a user acts for another, with role and area of the other, from a day to the end of a day."""

    user = Id(label=("Người làm thay", "Deputy"))
    acts_for = Id(label=("Thay cho", "Acts for"))
    since = Day(data_key="from", label=("Từ ngày", "From"))
    until = Day(data_key="to", label=("Đến hết ngày", "To the end of"))
    paper = Text(allow_none=True, limit=200, label=("Văn bản giao việc", "Paper"))
    withdrawn = Truth(label=("Đã thôi làm thay", "Withdrawn"))


class DeviceFields(Record):
    """A laptop, or the office itself; the credential is kept elsewhere and never in an item."""

    name = Text(limit=120, validate=NAME, label=("Tên máy", "Name"))
    epoch = Choice(Epoch, allow_none=True, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, allow_none=True, label=("Địa bàn", "Area"))
    team = Id(allow_none=True, label=("Đội", "Team"))
    public_key = Text(limit=200, allow_none=True)
    revoked_on = Day(allow_none=True, label=("Khóa máy ngày", "Revoked on"))
    revoked_reason = Text(allow_none=True, limit=300, label=("Lý do khóa", "Why it was revoked"))
    revoked_by = Text(allow_none=True, limit=120, label=("Người khóa", "Revoked by"))
    retired_on = Day(allow_none=True, label=("Máy ngừng dùng từ ngày", "Retired on"))
    retired_by = Text(allow_none=True, limit=120, label=("Người xác nhận ngừng dùng", "Retirement confirmed by"))


FIELDS: dict[str, Schema] = {
    "establishment": EstablishmentFields(),
    "operator": OperatorFields(),
    "team": TeamFields(),
    "plan": PlanFields(),
    "indicator_value": IndicatorValueFields(),
    "return": ReturnFields(),
    "unit": UnitFields(),
    "decision": DecisionFields(),
    "data_request": DataRequestFields(),
    "act": ActFields(),
    "act_group": ActGroupFields(),
    "assignment": AssignmentFields(),
    "template": TemplateFields(),
    "weights": WeightsFields(),
    "tip": TipFields(),
    "year_task": YearTaskFields(),
    "unit_inspection": UnitInspectionFields(),
    "list_proposal": ListProposalFields(),
    "user": UserFields(),
    "deputy": DeputyFields(),
    "device": DeviceFields(),
}
GROUPS: dict[str, dict[str, Schema]] = {
    "establishment": {
        "place": PlaceSpan(),
        "kind": KindSpan(),
        "status": StatusSpan(),
        "operator": OperatorSpan(),
        "licence": Licence(),
    },
    "team": {"member": TeamMember()},
    "plan": {"deadline": Deadline(), "period": Period(), "indicator": Indicator(), "task": Task()},
    "return": {"part": Part()},
    "decision": {"suspension": Suspension()},
    "unit_inspection": {"answer": UnitAnswer()},
}
CHAINS = ("place", "status", "operator")  # one value a day: two spans of a chain may not begin together


def understood(kind: str, state: State) -> bool:
    """Say whether this program knows every path of *state*; a newer one may have written others."""
    known = {field.data_key or name for name, field in FIELDS[kind].fields.items()}
    groups = GROUPS.get(kind, {})
    return all(path in known or ("/" in path and path.partition("/")[0] in groups) for path in state)


def check_edit(kind: str, body: Any) -> dict[str, str]:
    """Return what is wrong with a register edit's *body*, by path; empty when nothing is."""
    if not isinstance(body, dict) or set(body) != {"set", "was"}:
        return {"body": "Thay đổi phải có hai phần set và was."}
    if not all(isinstance(part, dict) for part in body.values()) or set(body["set"]) != set(body["was"]):
        return {"body": "Mỗi mục thay đổi phải ghi giá trị trước đó."}
    problems: dict[str, str] = {}
    for path, value in body["set"].items():
        _check_path(kind, path, value, problems)
    return problems


def _check_path(kind: str, path: str, value: Any, problems: dict[str, str]) -> None:
    group, _, key = path.partition("/")
    if not key:
        error = _first_error(FIELDS[kind], {path: value}, partial=True)
    elif group not in GROUPS.get(kind, {}) or not 1 <= len(key) <= 60:
        error = "Không có mục này; xóa đi hoặc sửa tên mục."
    else:
        error = "" if value is None else _first_error(GROUPS[kind][group], value, partial=False)
    if error:
        problems[storable(path)] = error


def _first_error(schema: Schema, value: Any, *, partial: bool) -> str:
    return next(iter(messages(schema.validate(value, partial=partial)).values()), "")
