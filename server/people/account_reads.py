"""One account, and the own one, for programs: nothing of a password, of a phone's secret or of a session's token."""

from dataclasses import asdict
from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Id, Record, Text, Truth
from server.access import SIGNED_IN
from server.api import Caller, NoQuestion, read
from server.edits import edits
from server.office import state_of
from server.pages.areas import inside
from server.people import deputies, second, sessions
from server.people.listing import account
from server.people.reads import EXAMPLE_USER, UserRowSchema
from server.problems import NotAllowed, NotFound


class SessionSchema(Record):
    """Where an account is signed in; *second*: a code was given too."""

    machine = Text(required=True)
    address = Text(required=True)
    begun_at = Text(required=True)
    used_at = Text(required=True)
    second = Truth(required=True)


class DeputySchema(Record):
    """Who acts for whom on which days, both whole, by which paper."""

    id = Id(required=True)
    user = Text(required=True)
    acts_for = Text(required=True)
    since = Day(required=True)
    until = Day(required=True)
    paper = Text(required=True)
    withdrawn = Truth(required=True)


class AccountSchema(UserRowSchema):
    """An account with where it is signed in, and the deputies it gave or holds."""

    second_required = Truth(required=True)
    codes_left = Count(required=True, metadata={"description": "Recovery codes for the day the phone is gone."})
    sessions = fields.List(fields.Nested(SessionSchema), required=True)
    deputies = fields.List(fields.Nested(DeputySchema), required=True)


class AccountFieldSchema(Record):
    """A field that was changed."""

    path = Text(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class AccountChangeSchema(Record):
    """One change of an account: when it came, and by whom."""

    at = Text(required=True)
    author = Text(required=True)
    changed = fields.List(fields.Nested(AccountFieldSchema), required=True)


class ManagedSchema(AccountSchema):
    """An account as who manages it sees it: with its changes, the latest first."""

    changes = fields.List(fields.Nested(AccountChangeSchema), required=True)


EXAMPLE_ACCOUNT = {
    **EXAMPLE_USER, "second_required": False, "codes_left": 0,
    "sessions": [{"machine": "Firefox, Windows", "address": "192.0.2.7", "begun_at": "2026-11-26T01:00:00Z",
                  "used_at": "2026-11-26T02:00:00Z", "second": False}],
    "deputies": [{"id": "019a0000-0000-7000-8000-000000000003", "user": "lan.trieuson", "acts_for": "hanh.trieuson",
                  "since": "2026-12-01", "until": "2026-12-15", "paper": "12/GUQ", "withdrawn": False}],
}  # fmt: skip
EXAMPLE_MANAGED = {
    **EXAMPLE_ACCOUNT,
    "changes": [{"at": "2026-11-20T02:00:00Z", "author": "admin",
                 "changed": [{"path": "role", "before": "clerk", "after": "coordinator"}]}],
}  # fmt: skip


@read(
    "/users/<id>", "people.manage", question=NoQuestion, answer=ManagedSchema, example=EXAMPLE_MANAGED,
    says="One account: where it is signed in, who acts for it, who changed it.", problems=(NotFound,),
    instead_of=("managing.one",),
)  # fmt: skip
def one_user(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one account of the area."""
    id = asked["id"]
    state = state_of(caller.conn, "user", id)
    if state is None:
        raise NotFound("Không có tài khoản này; mở lại danh sách người dùng.")
    if not inside(caller.tree, caller.area, f"{state['epoch']}:{state['area']}"):
        raise NotAllowed("Tài khoản này ngoài địa bàn của người quản trị; hỏi quản trị cấp trên.")
    return {**_account(caller, id, state), "changes": _changes(caller, id)}


@read(
    "/account", SIGNED_IN, question=NoQuestion, answer=AccountSchema, example=EXAMPLE_ACCOUNT,
    says="The own account, also where one acts for another; its access tokens are at /access_tokens.",
    instead_of=("mine.page",),
)  # fmt: skip
def own_account(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the account of who asks."""
    id = deputies.people(caller.id)[0]
    return _account(caller, id, state_of(caller.conn, "user", id) or {})


def _account(caller: Caller, id: str, state: dict[str, Any]) -> dict[str, Any]:
    conn = caller.conn
    factor = second.of_user(conn, id)
    return {
        **asdict(account(conn, id, state, caller.at)),
        "second_required": second.is_required(state, state["role"]),
        "codes_left": factor.codes_left if factor else 0,
        "sessions": sessions.of_user(conn, id, caller.at),
        "deputies": [_named(caller, one) for one in deputies.every(conn) if id in (one.user, one.acts_for)],
    }  # fmt: skip


def _named(caller: Caller, one: deputies.Deputy) -> dict[str, Any]:
    names = {key: deputies.called(caller.conn, getattr(one, key)) for key in ("user", "acts_for")}
    return {**asdict(one), **names}


def _changes(caller: Caller, id: str) -> list[dict[str, Any]]:
    return [
        {"at": one.at, "author": one.author,
         "changed": [{"path": path, "before": before, "after": after} for path, before, after in one.fields]}
        for one in edits(caller.conn, "user", id) if one.fields
    ]  # fmt: skip
