"""What waits for a person, for programs: what stands aside in an area, and one of it with its problems."""

from typing import Any

from marshmallow import fields

from schemas.fields import Record, Text
from server.api import Caller, InArea, Page, Paged, page_of, read
from server.deciding.shown import Shown, laptop_name, shown, title
from server.deciding.waiting import Waiting, find, lies_in, line_of, waiting
from server.pages.areas import whole_communes
from server.problems import NotAllowed, NotFound
from server.store import reading


class WaitingSchema(Record):
    """An item that stands aside; `group` says what a person can do about it."""

    item = Text(required=True)
    kind = Text(required=True)
    id = Text(required=True)
    standing = Text(required=True)
    group = Text(required=True, metadata={"enum": ["conflict", "right", "content", "held", "ours"]})
    title = Text(required=True)
    laptop = Text(required=True)
    received_at = fields.String(required=True)


class DifferenceSchema(Record):
    """Where the item and the truth differ, in words."""

    label = Text(required=True)
    one = Text(required=True)
    other = Text(required=True)


class WrongFieldSchema(Record):
    """A field that is to be put right."""

    path = Text(required=True)
    label = Text(required=True)
    value = Text(required=True)
    problem = Text(required=True)


class OneWaitingSchema(WaitingSchema):
    """The same with all that is needed to decide: differences, fields to put right, what is waited for."""

    author = Text(required=True)
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
    fields_wrong = fields.List(fields.Nested(WrongFieldSchema), required=True)
    missing = fields.List(fields.String(), required=True)


class WaitingQuestion(Paged):
    """What waits in an area."""

    unit = InArea()


EXAMPLE_ROW = {
    "item": "5c3259de" * 8, "kind": "inspection", "id": "019a0000-0000-7000-8000-00000000000a",
    "standing": "quarantined", "group": "content", "title": "Karaoke Đông Đô, 05/11/2026", "laptop": "Máy Đội 1",
    "received_at": "2026-11-05T14:30:00Z",
}  # fmt: skip
EXAMPLE_ONE = EXAMPLE_ROW | {
    "author": "Lê Thị Hạnh", "differences": [{"label": "Ngày kiểm tra", "one": "05/11/2026", "other": "06/11/2026"}],
    "fields_wrong": [
        {"path": "date", "label": "Ngày kiểm tra", "value": "2036-11-05", "problem": "Ngày ở sau hôm nay."}
    ],
    "missing": [],
}  # fmt: skip


def _row(caller: Caller, one: Waiting) -> dict[str, Any]:
    return {
        "item": one.item, "kind": one.kind, "id": one.id, "standing": one.standing, "group": one.group,
        "title": title(caller.conn, line_of(caller.conn, one.item)), "laptop": laptop_name(caller.conn, one.device),
        "received_at": one.at,
    }  # fmt: skip


def _area(caller: Caller, unit: str) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(whole_communes(caller.tree, unit)), caller.tree.scope(unit)


@read(
    "/waiting", "arrivals.decide", says="What waits for a person's decision in an area, the earliest first.",
    question=WaitingQuestion, answer=page_of(WaitingSchema), example={"total": 1, "rows": [EXAMPLE_ROW]},
    instead_of=("deciding.page",),
)  # fmt: skip
def waiting_of_area(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of what waits."""
    with reading(caller.db) as conn:
        found = waiting(conn, *_area(caller, asked["unit"]))
        part = found[asked["offset"] : asked["offset"] + asked["limit"]]
        return Page(len(found), [_row(caller, one) for one in part])


@read(
    "/waiting/<name>", "arrivals.decide", says="One item that waits for a decision, beside what it differs from.",
    answer=OneWaitingSchema, example=EXAMPLE_ONE, instead_of=("deciding.one",),
)  # fmt: skip
def one_waiting(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one item by its name."""
    with reading(caller.db) as conn:
        one = find(conn, asked["name"])
        if one is None:
            raise NotFound("Hồ sơ này không chờ ai quyết định.")
        if not lies_in(conn, one, *_area(caller, caller.area)):
            raise NotAllowed("Hồ sơ này ở ngoài địa bàn của tài khoản; hỏi người quản trị.")
        return _row(caller, one) | _more(shown(conn, caller.tree, one))


def _more(seen: Shown) -> dict[str, Any]:
    return {
        "author": seen.author,
        "differences": [dict(zip(("label", "one", "other"), map(str, row), strict=True)) for row in seen.rows],
        "fields_wrong": seen.fields,
        "missing": [str(one) for one in seen.missing],
    }
