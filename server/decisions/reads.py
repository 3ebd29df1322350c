"""The decisions of an area for programs: the list, and one with its parts, windows and history."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Id, Record, Text, Truth
from server.api import Caller, InArea, Page, Paged, Whole, page_of, read
from server.decisions.listing import Filter, State, decisions_in, in_area
from server.decisions.one import decision
from server.pages.areas import whole_communes
from server.problems import NotAllowed, NotFound
from server.store import reading

NOT_THERE = "Không có quyết định này; mở lại danh sách."
ELSEWHERE = "Quyết định này ngoài địa bàn của tài khoản; hỏi người quản trị."


class DecisionsQuestion(Paged):
    """The filters of the page."""

    unit = InArea()
    authority = Text(load_default="", limit=200)
    year = Whole(least=2000, most=2099, load_default=None)
    state = Choice(State, load_default=None)
    number = Text(load_default="", limit=80, metadata={"description": "A part of the number."})


class DecisionRowSchema(Record):
    """A decision as the list has it. `states`: what it is today, the plainest first."""

    id = Id(required=True)
    number = Text(required=True)
    authority = Text(required=True)
    decided_on = Text(required=True)
    operator = Text(required=True)
    operator_name = Text(required=True)
    establishment = Text(required=True)
    place = Text(required=True)
    codes = fields.List(fields.String(), required=True)
    sanction = Text(required=True)
    amount = Count(required=True, allow_none=True, most=1_000_000_000_000)
    done_on = Text(required=True)
    states = fields.List(fields.String(), required=True)


EXAMPLE_ROW = {
    "id": "019a0000-0000-7000-8000-000000000001", "number": "12/QĐ-XPHC", "authority": "Chủ tịch UBND xã Triệu Sơn",
    "decided_on": "2026-03-10", "operator": "019a0000-0000-7000-8000-000000000002",
    "operator_name": "Hộ kinh doanh Đỗ Văn Được", "establishment": "019a0000-0000-7000-8000-000000000003",
    "place": "Karaoke Đông Đô", "codes": ["ND38-15.5b"], "sanction": "fine", "amount": 12_500_000,
    "done_on": "2026-04-01", "states": ["done"],
}  # fmt: skip


@read(
    "/decisions", "decisions.see", says="Sanction decisions of an area, the newest first.",
    question=DecisionsQuestion, answer=page_of(DecisionRowSchema), example={"total": 1, "rows": [EXAMPLE_ROW]},
    instead_of=("decisions.page", "decisions.file"),
)  # fmt: skip
def decisions(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the list."""
    wanted = Filter(asked["authority"], asked["year"], asked["state"], asked["number"])
    communes = whole_communes(caller.tree, asked["unit"])
    with reading(caller.db) as conn:
        found = decisions_in(
            conn, communes, wanted, caller.today, offset=asked["offset"], limit=asked["limit"]
        )  # fmt: skip
    return Page(found.total, found.rows)


class DecisionWindowSchema(Record):
    """Days on which an act of a group is a repeat because of the decision, or nobody can tell; no `to`: no end yet."""

    act_group = Text(required=True)
    codes = fields.List(fields.String(), required=True)
    since = Text(required=True, data_key="from")
    until = Text(required=True, data_key="to")
    answer = fields.String(required=True)
    cleared_on = Text(required=True)
    basis = fields.String(required=True)


class DecisionEditSchema(Record):
    """A change of the decision: when, by whom, which fields."""

    at = Text(required=True)
    by = Text(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields")


class DecisionSchema(Record):
    """One decision. `facts` are its fields as `apply decision` names them; what is not known is left out."""

    id = Id(required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    operator_name = Text(required=True)
    place = Text(required=True)
    coded = fields.List(fields.String(), required=True)
    states = fields.List(fields.String(), required=True)
    cancelled = Truth(required=True)
    windows = fields.List(fields.Nested(DecisionWindowSchema), required=True)
    history = fields.List(fields.Nested(DecisionEditSchema), required=True)


EXAMPLE_DECISION = {
    "id": EXAMPLE_ROW["id"],
    "facts": {"number": "12/QĐ-XPHC", "decided_on": "2026-03-10", "sanction": "fine", "main_done_on": "2026-04-01"},
    "operator_name": "Hộ kinh doanh Đỗ Văn Được", "place": "Karaoke Đông Đô", "coded": [], "states": ["done"],
    "cancelled": False,
    "windows": [
        {"act_group": "ND38-15.5b", "codes": ["ND38-15.5b"], "from": "2026-03-10", "to": "2027-04-01",
         "answer": "repeat", "cleared_on": "2027-04-01", "basis": "completed"}
    ],
    "history": [{"at": "2026-03-11T02:00:00Z", "by": "Lê Thị Hạnh", "fields": ["number", "decided_on"]}],
}  # fmt: skip


@read(
    "/decisions/<id>", "decisions.see", says="One decision with its parts, the windows of days it opens, its history.",
    answer=DecisionSchema, example=EXAMPLE_DECISION, instead_of=("decisions.one",),
)  # fmt: skip
def decision_of(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one decision of the area."""
    with reading(caller.db) as conn:
        found = decision(conn, asked["id"], caller.today)
        if found is None:
            raise NotFound(NOT_THERE)
        own = whole_communes(caller.tree, caller.area)
        if not in_area(conn, found.state["operator"], str(found.state.get("establishment") or ""), own):
            raise NotAllowed(ELSEWHERE)
    return {
        "id": found.id, "facts": found.state, "operator_name": found.operator_name, "place": found.place,
        "coded": found.coded, "states": found.states, "cancelled": State.CANCELLED in found.states,
        "windows": found.windows,
        "history": [
            {"at": edit.at, "by": edit.by, "fields_": [path for path, _, _ in edit.fields]} for edit in found.history
        ],
    }  # fmt: skip


