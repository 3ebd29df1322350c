"""Accounts and the table of rights for programs."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Record, Text, Truth
from server.api import Caller, InArea, NoQuestion, Page, Paged, page_of, read
from server.people.listing import Standing, accounts, chosen
from server.people.rights_page import table


class UsersQuestion(Paged):
    """Accounts whose area lies in the unit; by a part of the name, by role, by how they stand."""

    unit = InArea()
    name = Text(load_default="", limit=80)
    role = Text(load_default="", limit=20)
    standing = Choice(Standing, load_default=None)


class UserRowSchema(Record):
    """An account: nothing of its password, sessions or phone but since when one is set up."""

    id = Text(required=True)
    name = Text(required=True)
    role = Text(required=True)
    unit = Text(required=True)
    team = Text(required=True)
    demo = Truth(required=True)
    standing = Choice(Standing, required=True)
    until = Text(required=True)
    second_since = Text(required=True)
    second_missing = Truth(required=True)
    used_at = Text(required=True)


EXAMPLE_USER = {
    "id": "019a0000-0000-7000-8000-000000000002", "name": "hanh.trieuson", "role": "coordinator", "unit": "new:15664",
    "team": "", "demo": False, "standing": "in_use", "until": "", "second_since": "", "second_missing": False,
    "used_at": "2026-11-26T02:00:00Z",
}  # fmt: skip


@read(
    "/users", "people.manage", says="The accounts of an area, by name.", question=UsersQuestion,
    answer=page_of(UserRowSchema), example={"total": 1, "rows": [EXAMPLE_USER]},
    instead_of=("managing.page", "managing.file"),
)  # fmt: skip
def users(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    found = accounts(caller.conn, caller.tree, asked["unit"], caller.at)
    standing = asked["standing"].value if asked["standing"] else ""
    wanted = chosen(found, text=asked["name"], role=asked["role"], standing=standing)
    return Page(len(wanted), wanted[asked["offset"] : asked["offset"] + asked["limit"]])


class RightSchema(Record):
    """One act, and the roles that may do it."""

    act = Text(required=True)
    roles = fields.List(fields.String(), required=True)


class RightsSchema(Record):
    """The whole table."""

    rights = fields.List(fields.Nested(RightSchema), required=True)


@read(
    "/rights", "home.see", says="Which role may do what.", question=NoQuestion, answer=RightsSchema,
    example={"rights": [{"act": "visits.review", "roles": ["coordinator", "admin"]}]}, instead_of=("rights.page",),
)  # fmt: skip
def rights(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the table."""
    return {"rights": table()}
