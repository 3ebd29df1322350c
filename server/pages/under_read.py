"""The lists under the numbers of the share inspected for programs: the same as the page, in English words."""

from typing import Any

from marshmallow import fields, validate

from schemas.fields import Count, Day, Record, Text
from schemas.units import Epoch
from server.api import Caller, Page, Paged, page_of, read
from server.coverage.question import ask
from server.coverage.under import PLACES, Listing, Under, What
from server.pages.coverage_read import CoverageQuestion, filters_of
from server.pages.links import GROUPS
from server.store import reading

NO_NUMBER = "Không có số liệu này; chọn một trong: {choices}."
NO_ROW = "Không có dòng này; nhập dạng nhóm:mã, ví dụ unit:new:15664."


class UnderQuestion(CoverageQuestion, Paged):
    """The question of the figures, which number of them, and of which row; without a row, of the total."""

    what = fields.String(
        load_default=What.LEFT.value,
        validate=validate.OneOf([what.value for what in What], error=NO_NUMBER),
        metadata={"description": "Which number: of establishments, of visits, or of visits that are not counted."},
    )
    row = fields.String(
        load_default="", validate=validate.Regexp(rf"\Z|({'|'.join(GROUPS)}):", error=NO_ROW),
        metadata={"description": "The row, as group:key; groups are unit, unknown, kind, basis, team."},
    )  # fmt: skip


class UnderSchema(Record):
    """One establishment, or one visit, under a number; what the other kind of list has is null."""

    id = Text(required=True)
    date = Day(required=True, allow_none=True)
    establishment = Text(required=True, allow_none=True)
    name = Text(required=True)
    code = Text(required=True, allow_none=True)
    unit = Text(required=True)
    unit_name = Text(required=True)
    kinds = fields.List(fields.String(), required=True)
    address = Text(required=True, allow_none=True)
    visits = Count(required=True, allow_none=True)
    last_visit = Day(required=True, allow_none=True)
    team_name = Text(required=True, allow_none=True)
    basis = Text(required=True, allow_none=True)
    outcome = Text(required=True, allow_none=True)
    violations = Count(required=True, allow_none=True)
    why = Text(required=True, allow_none=True)


EMPTY = dict.fromkeys(
    ("date", "establishment", "code", "address", "visits", "last_visit", "team_name", "basis", "outcome", "violations",
     "why")
) | {"kinds": []}  # fmt: skip
EXAMPLE = {
    "total": 112,
    "rows": [
        EMPTY
        | {
            "id": "019a0000-0000-7000-8000-000000000003", "establishment": "019a0000-0000-7000-8000-000000000003",
            "name": "Karaoke Đông Đô", "code": "D178-000001", "unit": "new:15664", "unit_name": "Xã Triệu Sơn",
            "kinds": ["karaoke"], "address": "Số 12, phố Giắt", "visits": 0, "last_visit": "2025-03-12",
        }
    ],
}  # fmt: skip


@read(
    "/coverage/list", "coverage.see", says="The establishments or visits under a number of the share inspected.",
    question=UnderQuestion, answer=page_of(UnderSchema), example=EXAMPLE, instead_of=("under.page", "under.file"),
)  # fmt: skip
def coverage_list(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of what stands under a number."""
    found = filters_of(caller, asked)
    group, _, key = asked["row"].partition(":")
    under = Under(What(asked["what"]), found.by if group else "unit", (group, key) if group else None)
    with reading(caller.db) as conn:
        question = ask(
            conn, caller.tree, Epoch(found.unit.partition(":")[0]), found.unit, year=found.year, as_of=found.as_of,
            kinds=found.kinds, period=found.period, team=found.team, basis=found.basis,
        )  # fmt: skip
        listing = Listing(conn, question, under)
        return Page(listing.total, [EMPTY | _told(one) for one in _page(listing, asked["offset"], asked["limit"])])


def _page(listing: Listing, offset: int, limit: int) -> list[Any]:
    if listing.under.what is What.NOT_COUNTED:
        return list(listing.not_counted(offset, limit))
    return list((listing.places if listing.under.what in PLACES else listing.visits)(offset, limit))


def _told(one: Any) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in EMPTY if hasattr(one, name)}
    place = getattr(one, "place", None)
    return told | {
        "id": getattr(one, "id", None) or one.item,
        "establishment": one.id if hasattr(one, "address") else place,
        "name": one.name if hasattr(one, "address") else one.place_name,
        "unit": one.unit,
        "unit_name": one.unit_name,
    }
