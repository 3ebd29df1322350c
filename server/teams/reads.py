"""Teams for programs: the list of an area, and one with its members and cards."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Record, Text, Truth
from schemas.units import Level
from server.api import Caller, InArea, NoQuestion, Page, Paged, page_of, read
from server.office import state_of
from server.pages.areas import inside
from server.problems import NotAllowed, NotFound
from server.teams.listing import Card, Standing, Team, chosen, team, teams


class TeamsQuestion(Paged):
    """Teams whose area lies in the unit; by a part of name or decision, by how they stand today."""

    unit = InArea()
    text = Text(load_default="", limit=120)
    standing = Choice(Standing, load_default=None)


class MemberSchema(Record):
    """A member with the inspection card; *seat* is the path in the team."""

    seat = Text(required=True)
    name = Text(required=True)
    agency = Text(required=True)
    role = Text(required=True)
    card = Text(required=True)
    expires_on = Text(required=True)
    standing = Choice(Card, required=True)


class TeamRowSchema(Record):
    """A team; days are empty where none is known."""

    id = Text(required=True)
    name = Text(required=True)
    level = Choice(Level, required=True)
    unit = Text(required=True)
    decision = Text(required=True)
    valid_from = Text(required=True)
    valid_to = Text(required=True)
    closed_on = Text(required=True)
    standing = Choice(Standing, required=True)
    ends_soon = Truth(required=True)
    renews = Text(required=True)
    renewed_by = Text(required=True)
    run_out = Count(required=True)
    members = fields.List(fields.Nested(MemberSchema), required=True)


EXAMPLE_MEMBER = {"seat": "1", "name": "Lê Thị Hạnh", "agency": "Ủy ban nhân dân xã Triệu Sơn", "role": "Đội trưởng",
                  "card": "TT-01", "expires_on": "2027-06-30", "standing": "good"}  # fmt: skip
EXAMPLE_TEAM = {
    "id": "019a0000-0000-7000-8000-000000000003", "name": "Đội 178 xã Triệu Sơn", "level": "commune",
    "unit": "new:15664", "decision": "12/QĐ-UBND", "valid_from": "2026-01-01", "valid_to": "2026-12-31",
    "closed_on": "", "standing": "working", "ends_soon": False, "renews": "", "renewed_by": "", "run_out": 0,
    "members": [EXAMPLE_MEMBER],
}  # fmt: skip


def _row(one: Team) -> dict[str, Any]:
    return {name: getattr(one, name) for name in TeamRowSchema().fields} | {"level": Level(one.level)}


@read(
    "/teams", "teams.manage", says="The teams of an area, those that work first.", question=TeamsQuestion,
    answer=page_of(TeamRowSchema), example={"total": 1, "rows": [EXAMPLE_TEAM]},
    instead_of=("teams.page", "teams.file"),
)  # fmt: skip
def inspection_teams(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    found = teams(caller.conn, caller.tree, asked["unit"], caller.today)
    wanted = chosen(found, text=asked["text"], standing=asked["standing"].value if asked["standing"] else "")
    return Page(len(wanted), [_row(one) for one in wanted[asked["offset"] : asked["offset"] + asked["limit"]]])


@read(
    "/teams/<id>", "teams.manage", says="One team with its members and their cards.", question=NoQuestion,
    answer=TeamRowSchema, example=EXAMPLE_TEAM, problems=(NotFound,), instead_of=("teams.one",),
)  # fmt: skip
def inspection_team(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    state = state_of(caller.conn, "team", asked["id"])
    if state is None:
        raise NotFound("Không có đội này; xem mã ở danh sách.")
    if not inside(caller.tree, caller.area, f"{state['epoch']}:{state['area']}"):
        raise NotAllowed("Đội này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    return _row(team(caller.conn, asked["id"], caller.today))
