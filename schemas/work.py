"""The work of a year: a task with its state and paper, an inspection of a unit's own work, a proposal of a review."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files as packaged
from typing import Any

from marshmallow import fields, validate

from schemas import data
from schemas.checklists import Answer
from schemas.fields import Choice, Count, Day, Id, Record, Text
from schemas.units import Epoch

_YEAR = validate.Range(2004, 2100, error="Năm không đúng.")


class TaskStanding(StrEnum):
    """How far a task of the year is."""

    TO_DO = "to_do"
    DOING = "doing"
    DONE = "done"
    NOT_DONE = "not_done"  # it is not to be done, with the reason


class Renewal(StrEnum):
    """How a team stands with the renewal of the first quarter."""

    RENEWED = "renewed"
    LATE = "late"  # renewed in the year, after the quarter
    HOLDS = "holds"  # an older decision that holds to the end of the year
    NOT_YET = "not_yet"


class Asks(StrEnum):
    """What a commune proposes after the review of its list."""

    ADD = "add"
    REMOVE = "remove"
    KIND = "kind"
    OTHER = "other"


class Decided(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"


class YearTaskFields(Record):
    """A task of a unit in a year: how far it is, on what day, by which paper. Its id is made of the first five."""

    plan = Id(allow_none=True, label=("Kế hoạch", "Plan"))  # none: ordered by law, whatever plan holds
    code = Text(limit=40, validate=validate.Length(min=1, error="Chọn nhiệm vụ."), label=("Nhiệm vụ", "Task"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Đơn vị", "Unit"))
    year = fields.Integer(strict=True, validate=_YEAR, metadata={"vi": "Năm", "en": "Year"})
    standing = Choice(TaskStanding, label=("Tình trạng", "Standing"))
    on = Day(allow_none=True, label=("Ngày", "Day"))
    paper_number = Text(allow_none=True, limit=120, label=("Số văn bản", "Paper"))
    paper_on = Day(allow_none=True, label=("Ngày văn bản", "Day of the paper"))
    paper_body = Text(allow_none=True, limit=300, label=("Cơ quan ban hành", "Body that issued it"))
    note = Text(allow_none=True, limit=2000, label=("Ghi chú", "Note"))
    reason = Text(allow_none=True, limit=1000, label=("Lý do không làm", "Why it is not done"))
    file = Text(allow_none=True, limit=64, label=("Tệp kèm theo", "File"))
    file_name = Text(allow_none=True, limit=200, label=("Tên tệp", "Name of the file"))


class UnitAnswer(Record):
    """What was found at one question of the checklist for a unit's own work."""

    answer = Choice(Answer, required=True, label=("Kết quả", "Answer"))
    note = Text(load_default="", limit=1000, label=("Ghi chú", "Note"))


class UnitInspectionFields(Record):
    """An inspection of a unit's own work. Who took part is a count and their agencies; names stand on paper only."""

    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    unit = Text(limit=10, label=("Đơn vị được kiểm tra", "Unit inspected"))
    on = Day(label=("Ngày kiểm tra", "Date"))
    team = Id(allow_none=True, label=("Đoàn, đội kiểm tra", "Team"))
    body = Text(allow_none=True, limit=300, label=("Cơ quan kiểm tra", "Body that inspects"))
    members = Count(most=100, label=("Số người tham gia", "How many took part"))
    agencies = fields.List(Text(limit=200), metadata={"vi": "Cơ quan tham gia", "en": "Agencies"})
    version = Count(most=1000, label=("Phiên bản bảng kiểm tra", "Version of the checklist"))
    findings = Text(allow_none=True, limit=5000, label=("Nhận xét, tồn tại", "Findings"))
    recommendations = Text(allow_none=True, limit=5000, label=("Kiến nghị", "Recommendations"))
    mend_by = Day(allow_none=True, label=("Hạn khắc phục", "To be mended by"))
    mended_on = Day(allow_none=True, label=("Đã khắc phục ngày", "Mended on"))
    mended_how = Text(allow_none=True, limit=1000, label=("Khắc phục thế nào", "How it was mended"))
    number = Text(allow_none=True, limit=120, label=("Số biên bản", "Number of the minutes"))
    void = Text(allow_none=True, limit=500, label=("Lý do hủy", "Why it is void"))


class ListProposalFields(Record):
    """What a commune proposes after the review of its list in a year, and what was decided of it."""

    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    unit = Text(limit=10, label=("Xã", "Commune"))
    year = fields.Integer(strict=True, validate=_YEAR, metadata={"vi": "Năm", "en": "Year"})
    asks = Choice(Asks, label=("Kiến nghị", "Proposes"))
    text = Text(limit=1000, validate=validate.Length(min=1, error="Ghi nội dung kiến nghị."),
                label=("Nội dung", "Text"))  # fmt: skip
    establishment = Id(allow_none=True, label=("Cơ sở", "Establishment"))
    proposed_on = Day(label=("Ngày đề xuất", "Proposed on"))
    paper = Text(allow_none=True, limit=120, label=("Số văn bản", "Paper"))
    standing = Choice(Decided, label=("Kết quả", "Decision"))
    decided_on = Day(allow_none=True, label=("Ngày quyết định", "Decided on"))
    reason = Text(allow_none=True, limit=1000, label=("Lý do", "Reason"))


@dataclass(frozen=True)
class StandingTask:
    """What is to be done every year whatever plan holds; *due*: MM-DD, to the end of that day."""

    code: str
    special: str
    name: str
    english: str
    due: str
    time: str
    source: str
    mark: str
    confirmed_by: str

    def last_day(self, year: int) -> date:
        """Return the last day on which it is in time in *year*."""
        return date(year, *map(int, self.due.split("-")))


@dataclass(frozen=True)
class Question:
    """One question about a unit's own work; *known*: what of our own records stands beside it."""

    code: str
    text: str
    english: str
    known: str
    source: str
    mark: str
    confirmed_by: str


@dataclass(frozen=True)
class Checklist:
    """The questions of a version; *tasks* of plans ask for such inspections, *known* of an indicator says how many."""

    version: int
    questions: tuple[Question, ...]
    tasks: tuple[str, ...]
    known: str
    law: str
    legal: str


@cache
def standing_tasks() -> tuple[StandingTask, ...]:
    """Read what is to be done every year."""
    return tuple(StandingTask(**row) for row in _rows()["task"])


@cache
def unit_checklist() -> Checklist:
    """Read the checklist for a unit's own work."""
    rows = _rows()
    questions = tuple(Question(**row) for row in rows["checklist"]["question"])
    asked = rows["inspection"]
    asked |= {"tasks": tuple(asked["tasks"])}
    return Checklist(questions=questions, version=rows["checklist"]["version"], **asked)


def _rows() -> dict[str, Any]:
    return tomllib.loads(packaged(data).joinpath("work.toml").read_text(encoding="utf-8"))
