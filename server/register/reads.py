"""The register for programs: the list, one place, who changed what."""

from typing import Any

from marshmallow import fields, validate

from schemas.fields import Choice, Count, Day, Id, Record, Text, Truth
from schemas.register import Kind, State, Status
from server.api import Caller, Flag, InArea, Many, Page, Paged, page_of, read
from server.office import state_of
from server.pages.areas import whole_communes
from server.problems import NotAllowed, NotFound
from server.register import asking, history
from server.register.place import read as read_place
from server.store import reading

NO_SUCH = "Không có cơ sở này; xem lại mã định danh."
ELSEWHERE = "Cơ sở này ngoài địa bàn của tài khoản; hỏi người quản trị."
UUID = "018f0000-0000-7000-8000-000000000001"


class PlacesQuestion(Paged):
    """The filters of the list."""

    unit = InArea()
    search = Text(limit=200, load_default="", metadata={"description": "With or without Vietnamese marks."})
    kind = Many(Choice(Kind), load_default=[], metadata={"description": "Any of them."})
    status = Choice(Status, load_default=None)
    not_inspected = fields.String(
        load_default="", validate=validate.OneOf(["", "this_year", "ever"], error="Chọn this_year hoặc ever."),
        metadata={"description": "No inspection that counts this year, or ever."},
    )  # fmt: skip
    expired = Flag(load_default=False, metadata={"description": "A paper that has run out."})
    open_findings = Flag(load_default=False, metadata={"description": "Findings that nobody has seen resolved."})


class PlaceRowSchema(Record):
    """A place as the list has it; several communes: it may stand in any of them."""

    id = Id(required=True)
    code = Text(required=True)
    name = Text(required=True)
    kinds = fields.List(fields.String(), required=True)
    communes = fields.List(fields.String(), required=True)
    address = Text(required=True)
    phone = Text(required=True)
    status = Text(required=True)
    operator = Text(required=True, metadata={"description": "Its id; empty where not known."})
    operator_name = Text(required=True)
    last_visit = Text(required=True, metadata={"description": "A day; empty where there is none."})
    expires_on = Text(required=True, metadata={"description": "The first day without a paper; empty: none ran out."})


EXAMPLE_ROW = {
    "id": UUID, "code": "TS-0001", "name": "Karaoke A", "kinds": ["karaoke"], "communes": ["new:15664"],
    "address": "12", "phone": "", "status": "open", "operator": "", "operator_name": "", "last_visit": "2026-05-06",
    "expires_on": "",
}  # fmt: skip
_LEFT = {"this_year": asking.THIS_YEAR, "ever": asking.NEVER, "": ""}


@read(
    "/establishments", "register.see", says="Establishments of an area, by name.", question=PlacesQuestion,
    answer=page_of(PlaceRowSchema), example={"total": 1, "rows": [EXAMPLE_ROW]},
    instead_of=("register.page", "register.file"),
)  # fmt: skip
def establishments(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the list."""
    question = asking.Asked(
        tuple(whole_communes(caller.tree, asked["unit"])), caller.today, asked["search"],
        tuple(str(kind) for kind in asked["kind"]), str(asked["status"] or ""), _LEFT[asked["not_inspected"]],
        asked["expired"], asked["open_findings"],
    )  # fmt: skip
    with reading(caller.db) as conn:
        found = asking.find(conn, question).ids
        shown = found[asked["offset"] : asked["offset"] + asked["limit"]]
        return Page(len(found), asking.rows(conn, shown, caller.today))


class SpanSchema(Record):
    """A span of one chain: operator, place, kind or status; no last day: until the next, or for good."""

    group = Text(required=True)
    path = Text(required=True)
    value = fields.Dict(required=True)
    since = Text(required=True)
    until = Text(required=True)
    holds = Truth(required=True)
    name = Text(required=True)


class PaperSchema(Record):
    """A licence or certificate."""

    path = Text(required=True)
    type = Text(required=True)
    number = Text(required=True)
    since = Text(required=True)
    until = Text(required=True)
    expired = Truth(required=True)


class PlaceVisitSchema(Record):
    """One of the latest visits."""

    id = Id(required=True)
    date = Day(required=True)
    team = Text(required=True)
    basis = Text(required=True)
    outcome = Text(required=True)
    counting = Truth(required=True)
    void = Truth(required=True)
    review = Text(required=True)


class PlaceAssignmentSchema(Record):
    """An assignment that is open."""

    id = Id(required=True)
    team = Text(required=True)
    basis = Text(required=True)
    given_on = Day(required=True)
    expires_on = Day(required=True)
    reserved = Truth(required=True)


class OtherSchema(Record):
    """Another record: an operator, or a place of a merge."""

    id = Id(required=True)
    name = Text(required=True)


class PlaceSchema(Record):
    """All that the page of a place shows."""

    id = Id(required=True)
    code = Text(required=True)
    name = Text(required=True)
    phone = Text(required=True)
    kinds = fields.List(fields.String(), required=True)
    status = Text(required=True)
    operator = fields.Nested(OtherSchema, required=True, allow_none=True)
    communes = fields.List(fields.String(), required=True)
    address = Text(required=True)
    point = fields.List(fields.Float(), required=True, allow_none=True)
    lines = fields.List(fields.Nested(SpanSchema), required=True)
    papers = fields.List(fields.Nested(PaperSchema), required=True)
    visits = fields.List(fields.Nested(PlaceVisitSchema), required=True)
    visits_in_all = Count(required=True)
    checks = fields.List(fields.List(fields.String()), required=True)
    sent = fields.List(fields.Nested(PlaceAssignmentSchema), required=True)
    merged_into = fields.Nested(OtherSchema, required=True, allow_none=True)
    merged_here = fields.List(fields.Nested(OtherSchema), required=True)
    flaws = fields.List(fields.List(fields.Raw()), required=True)


EXAMPLE_PLACE = {
    "id": UUID, "code": "TS-0001", "name": "Karaoke A", "phone": "", "kinds": ["karaoke"], "status": "open",
    "operator": None, "communes": ["new:15664"], "address": "12", "point": None, "visits": [], "visits_in_all": 0,
    "lines": [{"group": "status", "path": "status/1", "value": {"from": "2019-01-01", "status": "open"},
               "since": "2019-01-01", "until": "", "holds": True, "name": ""}],
    "papers": [], "checks": [], "sent": [], "merged_into": None, "merged_here": [], "flaws": [["no_operator", 1]],
}  # fmt: skip


@read(
    "/establishments/<id>", "register.see", says="One establishment with its spans, papers and latest visits.",
    answer=PlaceSchema, example=EXAMPLE_PLACE, problems=(NotFound,),
    instead_of=("place.page", "edit_place.page"),
)  # fmt: skip
def establishment(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer what the page of a place shows."""
    state = _place(caller, asked["id"])
    with reading(caller.db) as conn:
        return read_place(conn, asked["id"], state, caller.at, caller.today)


def _place(caller: Caller, id: str) -> State:
    state = state_of(caller.conn, "establishment", id)
    if state is None:
        raise NotFound(NO_SUCH)
    near = caller.conn.execute("SELECT commune FROM placements WHERE establishment = ?", (id,)).fetchall()
    if near and set(whole_communes(caller.tree, caller.area)).isdisjoint(commune for (commune,) in near):
        raise NotAllowed(ELSEWHERE)
    return state


class ChangedSchema(Record):
    """One field that an edit set."""

    path = Text(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)
    beside = Truth(required=True, metadata={"description": "It did not see what stood there."})


class EditSchema(Record):
    """One edit: by whom, when it was made and when it came."""

    item = Text(required=True)
    made_at = Text(required=True)
    came_at = Text(required=True)
    author = Text(required=True)
    device = Text(required=True)
    standing = Text(required=True)
    fields_ = fields.List(fields.Nested(ChangedSchema), required=True, attribute="fields", data_key="fields")
    erased = Truth(required=True)


class EditsSchema(Record):
    """The edits of a thing, the latest first."""

    edits = fields.List(fields.Nested(EditSchema), required=True)


EXAMPLE_EDITS = {"edits": [{
    "item": "0" * 64, "made_at": "2026-11-20T03:00:00Z", "came_at": "2026-11-20T03:00:01Z", "author": "dieuphoi",
    "device": "", "standing": "accepted", "erased": False,
    "fields": [{"path": "phone", "before": None, "after": "0912345678", "beside": False}],
}]}  # fmt: skip


@read(
    "/establishments/<id>/changes", "register.see", says="Who changed which field of an establishment, and when.",
    answer=EditsSchema, example=EXAMPLE_EDITS, problems=(NotFound,), instead_of=("place.changes",),
)  # fmt: skip
def establishment_changes(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer the edits of a place."""
    _place(caller, asked["id"])
    with reading(caller.db) as conn:
        return {"edits": history.edits(conn, "establishment", asked["id"])}
