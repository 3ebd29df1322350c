"""Assignments, proposed lists and weights for programs."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Day, Record, Text, Truth
from server.api import Caller, InArea, NoQuestion, Page, Paged, Question, page_of, read
from server.pages.areas import inside, whole_communes
from server.planning import keeping
from server.planning.open import State, Wanted, assignments
from server.planning.weights import history, in_force
from server.problems import NotAllowed, NotFound
from server.rights import may
from server.store import reading


class OtherAssignmentSchema(Record):
    """Who else is on the way to the same place."""

    team = Text(required=True)
    basis = Text(required=True)
    expires_on = Day(required=True)


class AssignmentSchema(Record):
    """That a team is to visit a place; *done*: the day of an inspection since, or empty."""

    id = Text(required=True)
    establishment = Text(required=True)
    name = Text(required=True)
    code = Text(required=True)
    commune = Text(required=True)
    team_id = Text(required=True)
    team = Text(required=True)
    basis = Text(required=True)
    given_on = Day(required=True)
    starts_on = Text(required=True)
    expires_on = Day(required=True)
    reserved = Truth(required=True)
    done = Text(required=True)
    state = Choice(State, required=True)
    others = fields.List(fields.Nested(OtherAssignmentSchema), required=True)


class AssignmentsQuestion(Paged):
    """The filters of the page; without a state those that are open."""

    unit = InArea()
    team = Text(load_default="", limit=60)
    state = Choice(State, load_default=None)


EXAMPLE_ASSIGNMENT = {
    "id": "019a0000-0000-7000-8000-000000000001", "establishment": "019a0000-0000-7000-8000-000000000002",
    "name": "Karaoke Đông Đô", "code": "TS-001", "commune": "new:15664",
    "team_id": "019a0000-0000-7000-8000-000000000003", "team": "Đội 178", "basis": "planned",
    "given_on": "2026-11-20", "starts_on": "", "expires_on": "2026-12-31", "reserved": False, "done": "",
    "state": "waiting", "others": [{"team": "Đội tỉnh", "basis": "recheck", "expires_on": "2026-12-15"}],
}  # fmt: skip


@read(
    "/assignments", "assignments.see", says="Which team is to visit which place of an area, the nearest end first.",
    question=AssignmentsQuestion, answer=page_of(AssignmentSchema),
    example={"total": 1, "rows": [EXAMPLE_ASSIGNMENT]},
    instead_of=("assignments.page", "assignments.file", "assignments.print_page"),
)  # fmt: skip
def assigned_visits(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them; unscheduled ones only to whoever decides."""
    secrets = may(caller.role, "assignments.decide")
    communes = whole_communes(caller.tree, asked["unit"])
    found = assignments(caller.conn, Wanted(communes, caller.at, asked["team"], asked["state"], secrets))
    return Page(len(found), found[asked["offset"] : asked["offset"] + asked["limit"]])


class ProposalSchema(Record):
    """A list that was drawn: for whom, by whom, with which seed, and what became of it."""

    id = Text(required=True)
    unit = Text(required=True)
    year = Count(required=True)
    state = Text(required=True)
    made_at = Text(required=True)
    made_by = Text(required=True)
    decided_at = Text(required=True, allow_none=True)
    decided_by = Text(required=True, allow_none=True)
    as_of = Day(required=True)
    seed = Text(required=True)
    facts = Text(required=True)
    list_hash = Text(required=True)
    looked_at = Count(required=True)


class PartSchema(Record):
    """One line of the working of a sum of points."""

    why = Text(required=True)
    count = Count(required=True)
    each = Count(required=True)
    percent = Count(required=True)
    points = Count(required=True)
    on = Text(required=True)
    number = Text(required=True)


class ProposalLineSchema(Record):
    """A line as it was proposed and as people decided it."""

    establishment = Text(required=True)
    place = Count(required=True)
    commune = Text(required=True)
    kinds = fields.List(fields.String(), required=True)
    points = Count(required=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)
    chosen = Text(required=True)
    first_team = Text(required=True)
    team = Text(required=True)
    first_from = Text(required=True)
    first_to = Text(required=True)
    month_from = Text(required=True)
    month_to = Text(required=True)
    again = Truth(required=True)
    kept = Truth(required=True)
    decided = Text(required=True)
    swapped_for = Text(required=True, allow_none=True)
    changed_by = Text(required=True, allow_none=True)
    changed_at = Text(required=True, allow_none=True)
    assignment = Text(required=True, allow_none=True)
    problem = Text(required=True, allow_none=True)


class QuotaSchema(Record):
    """How many places of a commune or kind the list needed, and why."""

    key = Text(required=True)
    open = Count(required=True)
    done = Count(required=True)
    given = Count(required=True)
    required = Count(required=True)
    period_left = Count(required=True)
    fresh = Count(required=True)
    need = Count(required=True)


class WholeProposalSchema(ProposalSchema):
    """A list with its quotas and all its lines."""

    communes = fields.List(fields.Nested(QuotaSchema), required=True)
    kinds = fields.List(fields.Nested(QuotaSchema), required=True)
    lines = fields.List(fields.Nested(ProposalLineSchema), required=True)


class ProposalsQuestion(Paged):
    """The lists of an area."""

    unit = InArea()


EXAMPLE_PROPOSAL = {
    "id": "019a0000-0000-7000-8000-000000000004", "unit": "new:38", "year": 2027, "state": "open",
    "made_at": "2026-11-26T17:00:00Z", "made_by": "019a0000-0000-7000-8000-000000000005", "decided_at": None,
    "decided_by": None, "as_of": "2026-11-27", "seed": "0f" * 16, "facts": "ab" * 32, "list_hash": "cd" * 32,
    "looked_at": 3090,
}  # fmt: skip
EXAMPLE_QUOTA = {"key": "new:15664", "open": 18, "done": 0, "given": 0, "required": 5, "period_left": 0, "fresh": 0,
                 "need": 5}  # fmt: skip
EXAMPLE_LINE = {
    "establishment": "019a0000-0000-7000-8000-000000000002", "place": 1, "commune": "new:15664", "kinds": ["karaoke"],
    "points": 25, "parts": [{"why": "open_finding", "count": 2, "each": 10, "percent": 100, "points": 20,
                             "on": "2026-03-12", "number": ""}],
    "chosen": "points", "first_team": "019a0000-0000-7000-8000-000000000003",
    "team": "019a0000-0000-7000-8000-000000000003", "first_from": "2027-01", "first_to": "2027-03",
    "month_from": "2027-01", "month_to": "2027-03", "again": False, "kept": True, "decided": "same",
    "swapped_for": None, "changed_by": None, "changed_at": None, "assignment": None, "problem": None,
}  # fmt: skip


@read(
    "/proposals", "assignments.decide", says="The lists that were drawn for an area and the units in it.",
    question=ProposalsQuestion, answer=page_of(ProposalSchema), example={"total": 1, "rows": [EXAMPLE_PROPOSAL]},
    instead_of=("planning.page",),
)  # fmt: skip
def proposals_of_area(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them, the latest first."""
    found = keeping.of_area(caller.conn, caller.tree, asked["unit"])
    return Page(len(found), found[asked["offset"] : asked["offset"] + asked["limit"]])


@read(
    "/proposals/<id>", "assignments.decide", says="A drawn list with its quotas, its lines and what was decided.",
    question=NoQuestion, answer=WholeProposalSchema, problems=(NotFound,),
    example=EXAMPLE_PROPOSAL | {"communes": [EXAMPLE_QUOTA], "kinds": [EXAMPLE_QUOTA | {"key": "karaoke"}],
                                "lines": [EXAMPLE_LINE]},
    instead_of=("planning.one", "planning.file", "planning.line"),
)  # fmt: skip
def one_proposal(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    with reading(caller.db) as conn:
        found = keeping.find(conn, asked["id"])
        if found is None:
            raise NotFound("Không có danh sách này; xem mã ở danh sách.")
        if not inside(caller.tree, caller.area, found.unit):
            raise NotAllowed("Danh sách này ngoài địa bàn của tài khoản; hỏi người quản trị.")
        lines = [vars(line) | {"decided": line.decided} for line in keeping.lines(conn, found.id)]
    return vars(found) | found.quotas | {"lines": lines}


class WeightsQuestion(Question):
    """Of which unit."""

    unit = InArea()


class WeightsChangeSchema(Record):
    """Who changed the weights of a unit, when, and why."""

    at = Text(required=True)
    author = Text(required=True)
    note = Text(required=True)


class WeightsSchema(Record):
    """The weights in force for a unit; *area* is the unit they were set for, empty: the program's own."""

    values = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    area = Text(required=True)
    changes = fields.List(fields.Nested(WeightsChangeSchema), required=True)


@read(
    "/weights", "assignments.see", says="By which weights a unit's list is ranked, and who changed them.",
    question=WeightsQuestion, answer=WeightsSchema, instead_of=("planning.weights",),
    example={"values": {"open_finding": 10, "tip": 15}, "area": "new:38", "changes": [
        {"at": "2026-11-26T17:00:00Z", "author": "019a0000-0000-7000-8000-000000000005", "note": "Ý kiến của Sở"}]},
)  # fmt: skip
def weights_in_force(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer them."""
    found = in_force(caller.conn, caller.tree, asked["unit"])
    return {"values": found.values, "area": found.area, "changes": history(caller.conn, asked["unit"])}
