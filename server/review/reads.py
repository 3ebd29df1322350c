"""Received visits, one visit whole, and the duties of teams, for programs: what the pages show."""

from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Id, Record, Text, Truth
from server.api import Caller, Flag, InArea, Page, Paged, page_of, read
from server.arrivals.fold_review import WAITING
from server.duplicates.side import named
from server.history.purpose import Looker
from server.pages.areas import whole_communes
from server.problems import InvalidInput, NotAllowed, NotFound
from server.review import duties, looked, queue
from server.review.visit import Whole, whole
from server.store import reading

STATES = ("new", "mended", "answered", "issues", "accepted", "rejected")
NO_STATE = "Không có trạng thái này; chọn new, mended, answered, issues, accepted hoặc rejected."


class VisitsQuestion(Paged):
    """The filters of the queue; without *state* what is to be looked at."""

    unit = InArea()
    team = Text(load_default="", limit=60)
    state = fields.List(Text(limit=20), load_default=[], metadata={"description": ", ".join(STATES)})
    violations = Flag(load_default=False)
    lacks_quorum = Flag(load_default=False)
    lacks_paper = Flag(load_default=False)
    lacks_number = Flag(load_default=False)


class ReceivedVisitSchema(Record):
    """A visit as the queue has it; *risk*: 4 crime or people under 18, 2 violations, 1 no quorum, added up."""

    id = Id(required=True)
    item = Text(required=True, metadata={"description": "The revision that is the truth."})
    establishment = Id(required=True)
    place = Text(required=True)
    code = Text(required=True)
    commune = Text(required=True, allow_none=True)
    team = Text(required=True)
    team_name = Text(required=True)
    date = Text(required=True)
    basis = Text(required=True)
    outcome = Text(required=True)
    revision = Count(required=True)
    members = Count(required=True)
    violations = Count(required=True)
    void = Truth(required=True)
    counting = Truth(required=True)
    risk = Count(required=True)
    state = Text(required=True)
    paper = Truth(required=True, metadata={"description": "Whether the paper is there."})
    review = Text(required=True, metadata={"description": "The name of the last review, for `was`."})
    said = Text(required=True)
    comment = Text(required=True)


class DutySchema(Record):
    """A duty of one visit; *done_on* is empty while it is to be done."""

    inspection = Id(required=True)
    establishment = Id(required=True)
    place = Text(required=True)
    commune = Text(required=True)
    team = Text(required=True)
    team_name = Text(required=True)
    date = Text(required=True)
    duty = Text(required=True)
    words = Text(required=True)
    due_on = Text(required=True)
    due_at = Text(required=True)
    extended = Text(required=True)
    later = Text(required=True)
    overdue = Truth(required=True)
    done_on = Text(required=True)
    done_by = Text(required=True)
    note = Text(required=True)
    source = Text(required=True)
    model = Truth(required=True)
    confirmed = Truth(required=True)


class ChangeSchema(Record):
    """One thing that a revision says otherwise than the one before."""

    path = Text(required=True)
    label = Text(required=True)
    one = Text(required=True)
    other = Text(required=True)


class RevisionSchema(Record):
    """One revision that was let in."""

    item = Text(required=True)
    number = Count(required=True)
    author = Text(required=True)
    received_at = Text(required=True)
    reason = Text(required=True)
    erased = Truth(required=True)
    void = Truth(required=True)
    changed = fields.List(fields.Nested(ChangeSchema), required=True)


class WordSchema(Record):
    """A review (*review* is not empty) or a comment; *team*: it came from a laptop."""

    id = Id(required=True)
    review = Text(required=True)
    comment = Text(required=True)
    who = Text(required=True)
    team = Truth(required=True)
    at = Text(required=True)
    to = Text(required=True)


class HappenedSchema(Record):
    """An event of the paper."""

    item = Text(required=True)
    happening = Text(required=True)
    on = Day(required=True)
    number = Text(required=True)
    original = Text(required=True, allow_none=True)
    witness = Text(required=True, allow_none=True)
    copies = Count(required=True, allow_none=True)
    note = Text(required=True)


class VisitFileSchema(Record):
    """A photo or a scan; under /tep/ where it was received."""

    sha256 = Text(required=True)
    type = Text(required=True)
    role = Text(required=True)
    caption = Text(required=True)
    size = Count(required=True, most=10**12)
    received = Truth(required=True)


class VisitSchema(Record):
    """One visit whole; *body* is the present revision as the item has it."""

    visit = fields.Nested(ReceivedVisitSchema, required=True)
    body = fields.Dict(required=True)
    address = Text(required=True)
    seq = Count(required=True, most=10**12)
    received_at = Text(required=True)
    laptop = Text(required=True)
    author = Text(required=True)
    code = Text(required=True)
    revisions = fields.List(fields.Nested(RevisionSchema), required=True)
    paper = fields.List(fields.Nested(HappenedSchema), required=True)
    files = fields.List(fields.Nested(VisitFileSchema), required=True)
    duties = fields.List(fields.Nested(DutySchema), required=True)
    words = fields.List(fields.Nested(WordSchema), required=True)


class DutiesQuestion(Paged):
    """The filters of the list; without *overdue* and *done* what is to be done."""

    unit = InArea()
    team = Text(load_default="", limit=60)
    duty = Text(load_default="", limit=60)
    overdue = Flag(load_default=False)
    done = Flag(load_default=False)


ID, PLACE = "018f6d3c-5a10-7c21-9b44-6f0a1d2e4010", "018f6d3c-5a10-7c21-9b44-6f0a1d2e4001"
TEAM = "018f6d3c-5a10-7c21-9b44-6f0a1d2e4002"
EXAMPLE_VISIT_ROW = {
    "id": ID, "item": "0" * 64, "establishment": PLACE, "place": "Karaoke Đông Đô", "code": "TS-001",
    "commune": "new:15664", "team": TEAM, "team_name": "Đội 178", "date": "2026-11-05", "basis": "planned",
    "outcome": "violations", "revision": 1, "members": 3, "violations": 1, "void": False, "counting": True, "risk": 2,
    "state": "issues", "paper": True, "review": "1" * 64, "said": "issues", "comment": "Bổ sung ảnh giấy phép",
}  # fmt: skip
EXAMPLE_DUTY = {
    "inspection": ID, "establishment": PLACE, "place": "Karaoke Đông Đô", "commune": "new:15664", "team": TEAM,
    "team_name": "Đội 178", "date": "2026-11-05", "duty": "violation-record",
    "words": "Lập biên bản vi phạm hành chính", "due_on": "2026-11-09", "due_at": "", "extended": "2026-11-12",
    "later": "", "overdue": True, "done_on": "", "done_by": "", "note": "",
    "source": "Luật Xử lý vi phạm hành chính Đ.58", "model": False, "confirmed": False,
}  # fmt: skip
EXAMPLE_VISIT = {
    "visit": EXAMPLE_VISIT_ROW, "body": {"outcome": "violations"}, "address": "Phố Giắt", "seq": 4710,
    "received_at": "2026-11-05T16:20:00Z", "laptop": "Máy Đội 178", "author": "Lê Thị Hạnh",
    "code": "4938 5018 5436 5851 2614",
    "revisions": [{"item": "0" * 64, "number": 1, "author": "Lê Thị Hạnh", "received_at": "2026-11-05T16:20:00Z",
                   "reason": "", "erased": False, "void": False, "changed": []}],
    "paper": [{"item": "0" * 64, "happening": "signed", "on": "2026-11-05", "number": "", "original": None,
               "witness": None, "copies": None, "note": ""}],
    "files": [{"sha256": "a" * 64, "type": "image/jpeg", "role": "photo", "caption": "Mặt tiền", "size": 204800,
               "received": True}],
    "duties": [EXAMPLE_DUTY],
    "words": [{"id": ID, "review": "issues", "comment": "Bổ sung ảnh giấy phép", "who": "Phạm Thị Mai", "team": False,
               "at": "2026-11-06T02:00:00Z", "to": ""}],
}  # fmt: skip


@read(
    "/visits", "visits.paper", says="Received visits of an area, the riskiest first, then the newest.",
    question=VisitsQuestion, answer=page_of(ReceivedVisitSchema), example={"total": 1, "rows": [EXAMPLE_VISIT_ROW]},
    instead_of=("review.page", "review.file"),
)  # fmt: skip
def received_visits(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a part of the queue."""
    if set(asked["state"]) - set(STATES):
        raise InvalidInput(NO_STATE, errors={"state": NO_STATE})
    everything = STATES if asked["lacks_number"] else WAITING
    question = queue.Question(
        tuple(whole_communes(caller.tree, asked["unit"])), asked["team"], tuple(asked["state"]) or everything,
        asked["lacks_paper"], asked["lacks_quorum"], asked["violations"], asked["lacks_number"],
    )  # fmt: skip
    with reading(caller.db) as conn:
        return Page(*queue.part(conn, question, offset=asked["offset"], limit=asked["limit"]))


@read(
    "/visits/<id>", "visits.see", says="One visit: minutes, revisions, paper, files, duties, words of both sides.",
    answer=VisitSchema, example=EXAMPLE_VISIT, instead_of=("visits.page",), problems=(NotFound, NotAllowed),
)  # fmt: skip
def received_visit(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one visit of the area."""
    with reading(caller.db) as conn:
        found = whole(conn, asked["id"], named(conn, caller.tree), caller.at)
        if found is None:
            raise NotFound("Không có cuộc kiểm tra này trên máy chủ; kiểm tra lại địa chỉ.")
        place = found.row.establishment
        rows = conn.execute("SELECT commune FROM placements WHERE establishment = ?", (place,)).fetchall()
    if frozenset(whole_communes(caller.tree, caller.area)).isdisjoint(row[0] for row in rows):
        raise NotAllowed("Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    looked.note(caller.db, Looker(caller.id, caller.role), place, found.row.id, caller.at)
    return _said(found)


def _said(found: Whole) -> dict[str, Any]:
    keys = ("body", "address", "seq", "received_at", "laptop", "author", "code", "revisions", "files", "words")
    said = {key: getattr(found, key) for key in keys}
    return {**said, "visit": found.row, "paper": [one.happened for one in found.events], "duties": found.tasks}


@read(
    "/duties", "duties.see", says="Duties of an area's teams after the visits of 180 days, by team and last day.",
    question=DutiesQuestion, answer=page_of(DutySchema), example={"total": 1, "rows": [EXAMPLE_DUTY]},
    instead_of=("duties.page", "duties.file"),
)  # fmt: skip
def team_duties(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a part of the list."""
    with reading(caller.db) as conn:
        found = duties.of_area(conn, whole_communes(caller.tree, asked["unit"]), caller.at)
        found = [one for one in found if asked["team"] in ("", one.team) and asked["duty"] in ("", one.duty)]
        found = [one for one in found if bool(one.done_on) == asked["done"] and (one.overdue or not asked["overdue"])]
        return Page(len(found), duties.part(conn, found, asked["offset"], asked["limit"]))
