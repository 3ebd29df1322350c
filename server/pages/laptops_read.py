"""The laptops of the area for programs."""

from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Id, Record, Text
from server.api import Caller, InArea, Page, Paged, page_of, read
from server.laptops import Laptop, laptops
from server.office import things
from server.pages import laptop_words
from server.pages.areas import inside, name


class LaptopSchema(Record):
    """A laptop as the office sees it; `complete_to` is the day up to which it has reported."""

    id = Id(required=True)
    name = Text(required=True)
    unit = Text(required=True)
    area = Text(required=True)
    team = Text(required=True)
    team_name = Text(required=True)
    state = Text(required=True, metadata={"enum": ["in_use", "silent", "locked", "retired"]})
    last_contact = fields.String(required=True, allow_none=True)
    complete_to = Day(required=True, allow_none=True)
    drafts = Count(required=True)
    unsent = Count(required=True)
    earliest = Day(required=True, allow_none=True)
    clock_offset_s = fields.Integer(required=True, allow_none=True)
    version = Text(required=True)
    schema = Count(required=True)
    run = Text(required=True)
    missing = Count(required=True)
    copied = Count(required=True)
    copied_at = fields.String(required=True, allow_none=True)
    revoked_on = Day(required=True, allow_none=True)
    retired_on = Day(required=True, allow_none=True)
    retired_by = Text(required=True)


class LaptopsQuestion(Paged):
    """The laptops of an area."""

    unit = InArea()


EXAMPLE = {
    "total": 1,
    "rows": [
        {"id": "019a0000-0000-7000-8000-000000000002", "name": "Máy Đội 1", "unit": "new:15664", "area": "Xã Triệu Sơn",
         "team": "019a0000-0000-7000-8000-000000000008", "team_name": "Đội 178 xã Triệu Sơn", "state": "in_use",
         "last_contact": "2026-11-05T14:30:00Z", "complete_to": "2026-11-04", "drafts": 1, "unsent": 0,
         "earliest": None, "clock_offset_s": -3, "version": "0.1.0", "schema": 3, "run": "019a", "missing": 0,
         "copied": 0, "copied_at": None, "revoked_on": None, "retired_on": None, "retired_by": ""}
    ],
}  # fmt: skip


@read(
    "/laptops", "laptops.keep", says="The laptops of an area, those that reported least far first.",
    question=LaptopsQuestion, answer=page_of(LaptopSchema), example=EXAMPLE,
    instead_of=("laptops.page", "laptops.file"),
)  # fmt: skip
def laptops_of_area(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the laptops."""
    found = [one for one in laptops(caller.conn) if inside(caller.tree, asked["unit"], one.unit)]
    teams = things(caller.conn, "team")

    def told(one: Laptop) -> dict[str, Any]:
        return laptop_words.as_json(one, (name(caller.tree, one.unit), teams.get(one.team, {}).get("name", "")))

    part = found[asked["offset"] : asked["offset"] + asked["limit"]]
    return Page(len(found), [told(one) for one in part])
