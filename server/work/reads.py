"""The year's work for programs: tasks, inspections of units' own work, reviews of lists, proposals."""

from typing import Any

from marshmallow import fields

from schemas.checklists import Answer
from schemas.fields import Choice, Count, Id, Record, Text, Truth
from schemas.work import Asks, Decided, TaskStanding
from server.api import Caller, InArea, NoQuestion, Page, Paged, Whole, page_of, read
from server.office import state_of
from server.pages.areas import inside, whole_communes
from server.problems import NotAllowed, NotFound
from server.store import reading
from server.work.answer import year_tasks
from server.work.asked import FIRST_YEAR
from server.work.inspections import inspection, inspections
from server.work.model import Proposal, Review, UnitInspection, YearTask
from server.work.proposals import proposal, proposals
from server.work.reviews import reviews

ID = "019a0000-0000-7000-8000-000000000005"


class WorkQuestion(Paged):
    """The work of a unit in a year; without *year* this one."""

    unit = InArea()
    year = Whole(least=FIRST_YEAR, most=2100, load_default=None, allow_none=True)


class TaskQuestion(WorkQuestion):
    """Tasks of a year, of a standing where one is named."""

    standing = Choice(TaskStanding, load_default=None)


class YearTaskSchema(Record):
    """A task of a year; *plan* is empty for what is due every year, *id* until something was written down."""

    id = Text(required=True)
    plan = Text(required=True)
    plan_name = Text(required=True)
    plan_number = Text(required=True)
    code = Text(required=True)
    special = Text(required=True)
    name = Text(required=True)
    heading = Text(required=True)
    sentence = Text(required=True)
    time = Text(required=True)
    lead = fields.List(fields.String(), required=True)
    help = fields.List(fields.String(), required=True)
    due = Text(required=True)
    standing = Choice(TaskStanding, required=True)
    overdue = Truth(required=True)
    on = Text(required=True)
    paper_number = Text(required=True)
    paper_on = Text(required=True)
    paper_body = Text(required=True)
    note = Text(required=True)
    reason = Text(required=True)
    file = Text(required=True)
    file_name = Text(required=True)


EXAMPLE_TASK = {
    "id": "", "plan": "", "plan_name": "", "plan_number": "", "code": "TD1", "special": "renewal",
    "name": "Kiện toàn Đoàn, Đội kiểm tra liên ngành trong quý I", "heading": "", "sentence": "Thông tư 05/2006",
    "time": "Quý I", "lead": [], "help": [], "due": "2026-03-31", "standing": "doing", "overdue": True, "on": "",
    "paper_number": "", "paper_on": "", "paper_body": "", "note": "", "reason": "",
    "file": "", "file_name": "",
}  # fmt: skip


def _cut(asked: dict[str, Any], found: Any) -> Page:
    return Page(len(found), list(found[asked["offset"] : asked["offset"] + asked["limit"]]))


def _year(caller: Caller, asked: dict[str, Any]) -> int:
    return int(asked["year"] or caller.today.year)


@read("/year-tasks", "work.see", says="The tasks of a unit in a year, what is left first.", question=TaskQuestion,
      answer=page_of(YearTaskSchema), example={"total": 1, "rows": [EXAMPLE_TASK]},
      instead_of=("work.page", "work.file", "work.one", "work.attachment"))  # fmt: skip
def tasks_of_a_year(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    with reading(caller.db) as conn:
        found, _teams = year_tasks(conn, caller.tree, None, asked["unit"], _year(caller, asked), caller.today)
    rows: list[YearTask] = [one for one in found if asked["standing"] in (None, one.standing)]
    return _cut(asked, rows)


class UnitAnswerSchema(Record):
    """What was found at one question of the checklist."""

    code = Text(required=True)
    answer = Choice(Answer, required=True)
    note = Text(required=True)


class UnitInspectionSchema(Record):
    """An inspection of a unit's own work; days and texts are empty where there is none. It is no visit."""

    id = Id(required=True)
    unit = Text(required=True)
    on = Text(required=True)
    team = Text(required=True)
    team_name = Text(required=True)
    body = Text(required=True)
    members = Count(required=True)
    agencies = fields.List(fields.String(), required=True)
    version = Count(required=True)
    answers = fields.List(fields.Nested(UnitAnswerSchema), required=True)
    findings = Text(required=True, limit=5000)
    recommendations = Text(required=True, limit=5000)
    mend_by = Text(required=True)
    mended_on = Text(required=True)
    mended_how = Text(required=True)
    number = Text(required=True)
    void = Text(required=True)
    overdue = Truth(required=True)


EXAMPLE_INSPECTION = {
    "id": ID, "unit": "new:15664", "on": "2026-10-05", "team": "", "team_name": "", "body": "Sở Y tế", "members": 4,
    "agencies": ["Sở Y tế", "Công an tỉnh"], "version": 1,
    "answers": [{"code": "KTX-02", "answer": "fail", "note": "Chưa chốt danh sách"}],
    "findings": "Chưa chốt danh sách năm 2026", "recommendations": "Chốt danh sách trong tháng 11",
    "mend_by": "2026-11-30", "mended_on": "", "mended_how": "", "number": "05/BB-KT", "void": "", "overdue": False,
}  # fmt: skip


@read("/unit-inspections", "work.see", says="Inspections of the own work of units of an area in a year.",
      question=WorkQuestion, answer=page_of(UnitInspectionSchema), example={"total": 1, "rows": [EXAMPLE_INSPECTION]},
      instead_of=("unit_inspections.page", "unit_inspections.file"))  # fmt: skip
def unit_inspections(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them, what is to be mended first."""
    with reading(caller.db) as conn:
        day = caller.today.isoformat()
        return _cut(asked, inspections(conn, caller.tree, asked["unit"], _year(caller, asked), day))


@read("/unit-inspections/<id>", "work.see", says="One inspection of a unit's own work.", question=NoQuestion,
      answer=UnitInspectionSchema, example=EXAMPLE_INSPECTION, problems=(NotFound,),
      instead_of=("unit_inspections.one", "unit_inspections.minutes"))  # fmt: skip
def one_unit_inspection(caller: Caller, asked: dict[str, Any]) -> UnitInspection:
    """Answer one."""
    _reach(caller, "unit_inspection", asked["id"])
    return inspection(caller.conn, asked["id"], caller.today.isoformat())


def _reach(caller: Caller, kind: str, id: str) -> None:
    """Raise what a program must read where there is no such thing, or it is of another area."""
    state = state_of(caller.conn, kind, id)
    if state is None:
        raise NotFound("Không có mã này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, f"{state['epoch']}:{state['unit']}"):
        raise NotAllowed("Đơn vị này ngoài địa bàn của tài khoản; hỏi người quản trị.")


class ListReviewSchema(Record):
    """What the review of a commune's list found in a year; *on* is empty while the list is not confirmed in it."""

    commune = Text(required=True)
    places = Count(required=True)
    since = Text(required=True)
    on = Text(required=True)
    by = Text(required=True)
    new = Count(required=True)
    closed = Count(required=True)
    merged = Count(required=True)
    changed = Count(required=True)
    no_kind = Count(required=True)
    later = Count(required=True)
    proposals = Count(required=True)
    waiting = Count(required=True)


EXAMPLE_REVIEW = {
    "commune": "new:15664", "places": 24, "since": "2025-03-10", "on": "2026-03-05", "by": "Lê Thị Hạnh", "new": 2,
    "closed": 1, "merged": 0, "changed": 5, "no_kind": 0, "later": 3, "proposals": 1, "waiting": 0,
}  # fmt: skip


@read("/list-reviews", "work.see", says="The yearly review of the register, commune by commune.",
      question=WorkQuestion, answer=page_of(ListReviewSchema), example={"total": 1, "rows": [EXAMPLE_REVIEW]},
      instead_of=("list_reviews.page", "list_reviews.file"))  # fmt: skip
def list_reviews(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them, in the order of the communes' codes."""
    communes = whole_communes(caller.tree, asked["unit"])
    with reading(caller.db) as conn:
        wanted = communes[asked["offset"] : asked["offset"] + asked["limit"]]
        rows: tuple[Review, ...] = reviews(conn, wanted, _year(caller, asked), caller.today)
    return Page(len(communes), list(rows))


class ListProposalSchema(Record):
    """What a commune proposes after the review of its list, and what was decided."""

    id = Id(required=True)
    unit = Text(required=True)
    year = Count(required=True)
    asks = Choice(Asks, required=True)
    text = Text(required=True)
    establishment = Text(required=True)
    place_name = Text(required=True)
    proposed_on = Text(required=True)
    paper = Text(required=True)
    standing = Choice(Decided, required=True)
    decided_on = Text(required=True)
    reason = Text(required=True)


EXAMPLE_PROPOSAL = {
    "id": ID, "unit": "new:15664", "year": 2026, "asks": "remove", "text": "Cơ sở đã chuyển sang bán tạp hóa",
    "establishment": "", "place_name": "", "proposed_on": "2026-10-10", "paper": "31/BC-UBND", "standing": "refused",
    "decided_on": "2026-10-20", "reason": "Còn biển hiệu karaoke",
}  # fmt: skip


@read("/list-proposals", "work.see", says="Proposals of communes after the review of their lists in a year.",
      question=WorkQuestion, answer=page_of(ListProposalSchema), example={"total": 1, "rows": [EXAMPLE_PROPOSAL]},
      instead_of=("list_reviews.proposals_file",))  # fmt: skip
def list_proposals(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them, what waits for a decision first."""
    with reading(caller.db) as conn:
        return _cut(asked, proposals(conn, caller.tree, asked["unit"], _year(caller, asked)))


@read("/list-proposals/<id>", "work.see", says="One proposal of a commune.", question=NoQuestion,
      answer=ListProposalSchema, example=EXAMPLE_PROPOSAL, problems=(NotFound,),
      instead_of=("list_reviews.one",))  # fmt: skip
def one_list_proposal(caller: Caller, asked: dict[str, Any]) -> Proposal:
    """Answer one."""
    _reach(caller, "list_proposal", asked["id"])
    return proposal(caller.conn, asked["id"])
