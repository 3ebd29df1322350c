"""Returns for programs: the list of an area, who has sent, one with all that it says, what has changed since."""

from dataclasses import asdict
from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Record, Text, Truth
from schemas.ids import is_id
from schemas.plans import Report
from schemas.returns import ReturnStanding
from server import web
from server.api import Caller, InArea, NoQuestion, Page, Paged, Question, Whole, page_of, read
from server.pages.areas import inside
from server.problems import DamagedReturn, NotAllowed, NotFound
from server.returns import freezing
from server.returns.draft import Where
from server.returns.one import Shown, shown
from server.returns.sent import Asked, Return, find, returns, table
from server.store import reading


class ReturnsQuestion(Paged):
    """Returns of the units in an area whose days end in a year; by report, by how far they have come."""

    unit = InArea()
    year = Whole(load_default=None, least=2004, most=2100)
    report = Choice(Report, load_default=None)
    standing = Choice(ReturnStanding, load_default=None)


class ReturnSchema(Record):
    """One return; *code* is the one on paper, empty of a draft; *seq* the last arrival that its figures know."""

    id = Text(required=True)
    unit = Text(required=True)
    plan = Text(required=True)
    deadline = Text(required=True)
    report = Choice(Report, required=True)
    since = Text(required=True)
    until = Text(required=True)
    due = Text(required=True)
    strict = Truth(required=True)
    standing = Choice(ReturnStanding, required=True)
    version = Count(required=True)
    replaces = Text(required=True)
    number = Text(required=True)
    signed_on = Text(required=True)
    title = Text(required=True)
    document = Text(required=True)
    code = Text(required=True)
    seq = Count(required=True)
    sent_on = Text(required=True)
    sent_by = Text(required=True)
    late = Truth(required=True)


EXAMPLE_RETURN = {
    "id": "019a0000-0000-7000-8000-000000000031", "unit": "new:15664", "plan": "019a0000-0000-7000-8000-000000000004",
    "deadline": "HD2", "report": "half_year", "since": "2026-01-01", "until": "2026-06-18", "due": "2026-06-20",
    "strict": True, "standing": "sent", "version": 1, "replaces": "", "number": "12", "signed_on": "2026-06-18",
    "title": "Kết quả công tác phòng, chống mại dâm 6 tháng đầu năm 2026", "document": "ab" * 32,
    "code": "ABAB-ABAB-ABAB", "seq": 1234, "sent_on": "2026-06-18", "sent_by": "hanh", "late": False,
}  # fmt: skip


def as_row(one: Return) -> dict[str, Any]:
    """Return a return as programs read it in a list."""
    said = {name: getattr(one, name) for name in ReturnSchema().fields if name != "code"}
    return said | {"report": Report(one.report), "standing": ReturnStanding(one.standing),
                   "code": freezing.code(one.document) if one.document else ""}  # fmt: skip


@read(
    "/returns", "returns.see", says="The returns of the units in an area whose days end in a year.",
    question=ReturnsQuestion, answer=page_of(ReturnSchema), example={"total": 1, "rows": [EXAMPLE_RETURN]},
    instead_of=("returns.page", "returns.file"),
)  # fmt: skip
def returns_of_an_area(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    wanted = Asked(asked["unit"], asked["year"] or caller.today.year, *(
        asked[name].value if asked[name] else "" for name in ("report", "standing")))  # fmt: skip
    found = returns(caller.conn, caller.tree, wanted)
    return Page(len(found), [as_row(one) for one in found[asked["offset"] : asked["offset"] + asked["limit"]]])


class SentQuestion(Question):
    """The units right below one, in a year."""

    unit = InArea()
    year = Whole(load_default=None, least=2004, most=2100)


class SentCellSchema(Record):
    """Whether a unit sent a report; *quarter* 0 where it is none. An empty standing: there is no return."""

    report = Choice(Report, required=True)
    quarter = Count(required=True)
    id = Text(required=True)
    standing = Text(required=True)
    sent_on = Text(required=True)
    late = Truth(required=True)


class SentRowSchema(Record):
    """One unit."""

    unit = Text(required=True)
    name = Text(required=True)
    reports = fields.List(fields.Nested(SentCellSchema), required=True)


class SentSchema(Record):
    """Who of the units right below has sent, by unit."""

    rows = fields.List(fields.Nested(SentRowSchema), required=True)


EXAMPLE_SENT = {"rows": [{"unit": "new:15664", "name": "Xã Triệu Sơn", "reports": [
    {"report": "half_year", "quarter": 0, "id": "", "standing": "", "sent_on": "", "late": False}]}]}  # fmt: skip


@read(
    "/returns-sent", "returns.see", says="Who of the units right below an area has sent which report of a year.",
    question=SentQuestion, answer=SentSchema, example=EXAMPLE_SENT, instead_of=("returns.page",),
)  # fmt: skip
def returns_sent(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the table."""
    wanted = Asked(asked["unit"], asked["year"] or caller.today.year)
    columns, rows = table(caller.tree, asked["unit"], returns(caller.conn, caller.tree, wanted))
    return {"rows": [
        {"unit": row.unit, "name": row.name, "reports": [
            {"report": Report(column.report), "quarter": column.quarter, "id": one.id if one else "",
             "standing": one.standing if one else "", "sent_on": one.sent_on if one else "",
             "late": one.late if one else False}
            for column, one in zip(columns, row.returns, strict=True)
        ]} for row in rows
    ]}  # fmt: skip


class CauseSchema(Record):
    """What came after a return was sent: late, voided, corrected, rejected, reviewed, coded, handed_over, merged,
    unmerged, register, decision or tip; about an inspection, an establishment, a decision or a tip.
    """

    why = Text(required=True)
    thing = Text(required=True)
    id = Text(required=True)
    name = Text(required=True)
    day = Text(required=True)


class RestatementSchema(Record):
    """One figure that is another now than was reported; an empty kind is all of them."""

    code = Text(required=True)
    heading = Text(required=True)
    group = Text(required=True)
    counted = Text(required=True)
    unit = Text(required=True)
    unit_name = Text(required=True)
    kind = Text(required=True)
    kind_name = Text(required=True)
    reported = fields.Integer(required=True, allow_none=True)
    now = fields.Integer(required=True, allow_none=True)
    causes = fields.List(fields.Nested(CauseSchema), required=True)


class WholeReturnSchema(ReturnSchema):
    """A return with all that it says: of a draft now, of one that was sent as it was frozen; and what changed since.

    *says* is the canonical document whose hash stands in *document* (docs/returns.md).
    """

    says = fields.Dict(required=True)
    restatements = fields.List(fields.Nested(RestatementSchema), required=True)
    missing = fields.Dict(required=True)


EXAMPLE_WHOLE = {**EXAMPLE_RETURN, "says": {"format": "doi178-return-1"}, "restatements": [], "missing": {}}


@read(
    "/returns/<id>", "returns.see", says="One return with all that it says, and what has changed since it was sent.",
    question=NoQuestion, answer=WholeReturnSchema, example=EXAMPLE_WHOLE, problems=(NotFound, DamagedReturn),
    instead_of=("return_one.page", "return_one.ask_to_send", "return_files.document", "return_files.figures",
                "return_files.figure", "return_files.figure_file", "return_files.restated", "return_below.page",
                "return_below.file"),
)  # fmt: skip
def one_return(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    found = find(caller.conn, asked["id"]) if is_id(asked["id"]) else None
    if found is None:
        raise NotFound("Không có báo cáo này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, found.unit):
        raise NotAllowed("Báo cáo này của địa bàn khác; hỏi người quản trị.")
    with reading(caller.db):
        one = shown(Where(caller.conn, caller.tree, web.settings().files, caller.today), found.id)
    return whole(one)


def whole(one: Shown) -> dict[str, Any]:
    """Return a return with all that it says as programs read it."""
    lacking = one.missing
    missing = {} if lacking is None else {
        "values": list(lacking.values), "units": [unit for unit, _ in lacking.units],
        "laptops": [laptop.name for laptop in lacking.laptops],
    }  # fmt: skip
    return as_row(one.row) | {"says": one.content.as_json(), "missing": missing,
                              "restatements": [asdict(line) for line in one.restated]}  # fmt: skip
