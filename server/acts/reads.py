"""The catalogue for programs: rows, groups, and the violations that have no code."""

from typing import Any

from marshmallow import fields

from schemas.fields import Count, Record, Text, Truth
from schemas.violations import CatalogueRow
from server.acts.reading import groups, rows_like, uncoded
from server.api import Caller, InArea, NoQuestion, Page, Paged, Question, page_of, read
from server.law.catalogue import current
from server.pages.areas import whole_communes
from server.store import reading

MOST = 1_000_000_000_000


class ActsQuestion(Question):
    """The filter of the page."""

    text = Text(load_default="", limit=200)


class ActSchema(Record):
    """A row of the catalogue as its newest version has it. An amount that nobody confirmed is null."""

    key = Text(required=True)
    code = Text(required=True)
    name_vi = Text(required=True)
    name_en = Text(required=True)
    act_group = Text(required=True)
    citation = Text(required=True)
    effective_from = Text(required=True, allow_none=True)
    effective_from_certain = Truth(required=True)
    effective_to = Text(required=True, allow_none=True)
    mark = Text(required=True)
    household_as = Text(required=True)
    confirmed_by = Text(required=True)
    confirmed_on = Text(required=True, allow_none=True)
    ind_min = Count(required=True, allow_none=True, most=MOST)
    ind_max = Count(required=True, allow_none=True, most=MOST)
    org_min = Count(required=True, allow_none=True, most=MOST)
    org_max = Count(required=True, allow_none=True, most=MOST)


EXAMPLE_ACT = {
    "key": "ND38-15.5b@2021-06-01", "code": "ND38-15.5b", "name_vi": "Karaoke hoạt động ngoài 8h-24h",
    "name_en": "karaoke outside 08:00-24:00", "act_group": "ND38-15.5b", "citation": "NĐ 38/2021 Đ.15.5.b",
    "effective_from": "2021-06-01", "effective_from_certain": True, "effective_to": None, "mark": "V-2nd",
    "household_as": "", "confirmed_by": "", "confirmed_on": None, "ind_min": None, "ind_max": None, "org_min": None,
    "org_max": None,
}  # fmt: skip


@read(
    "/acts", "law.see", says="The catalogue of acts: every row as its newest version has it.", question=ActsQuestion,
    answer=page_of(ActSchema), example={"total": 1, "rows": [EXAMPLE_ACT]},
    instead_of=("acts.page", "acts.file", "acts.row"),
)  # fmt: skip
def acts(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer the rows."""
    catalogue = current(caller.conn)
    rows = [_said(row, catalogue.group_of(row.code, "9999-12-31")) for row in rows_like(catalogue, asked["text"])]
    return Page(len(rows), rows)


_PLAIN = ("key", "code", "name_vi", "name_en", "citation", "effective_from_certain", "mark", "household_as")


def _said(row: CatalogueRow, group: str) -> dict[str, Any]:
    said: dict[str, Any] = {field: getattr(row, field) for field in _PLAIN}
    days = ("effective_from", "effective_to", "confirmed_on")
    said |= {field: day.isoformat() if (day := getattr(row, field)) else None for field in days}
    amounts = ("ind_min", "ind_max", "org_min", "org_max")
    said |= {field: getattr(row, field) if row.confirmed_by else None for field in amounts}
    return said | {"act_group": group, "confirmed_by": row.confirmed_by}


class ActGroupSchema(Record):
    """Codes that are the same act in law."""

    id = Text(required=True)
    name = Text(required=True)
    codes = fields.List(fields.String(), required=True)
    confirmed = Truth(required=True)
    confirmed_by = Text(required=True)
    confirmed_on = Text(required=True)


EXAMPLE_GROUP = {
    "id": "AG-business-method", "name": "", "codes": ["ND144-27.1"], "confirmed": False, "confirmed_by": "",
    "confirmed_on": "",
}  # fmt: skip


@read(
    "/act-groups", "law.see", says="The act groups: which codes are the same act in law.", question=NoQuestion,
    answer=page_of(ActGroupSchema), example={"total": 1, "rows": [EXAMPLE_GROUP]},
    instead_of=("acts.group_list", "acts.group"),
)  # fmt: skip
def act_groups(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer the groups."""
    found = groups(caller.conn, current(caller.conn))
    return Page(len(found), found)


class UncodedQuestion(Paged):
    """Of which area."""

    unit = InArea()


class UncodedSchema(Record):
    """A violation without a code; `said`: a legal officer has said that none fits."""

    inspection = Text(required=True)
    violation = Text(required=True)
    date = Text(required=True)
    place = Text(required=True)
    text = Text(required=True)
    citation = Text(required=True)
    said = Truth(required=True)


EXAMPLE_UNCODED = {
    "inspection": "019a0000-0000-7000-8000-000000000004", "violation": "019a0000-0000-7000-8000-000000000005",
    "date": "2026-05-06", "place": "Karaoke Đông Đô", "text": "Chưa niêm yết giá dịch vụ", "citation": "",
    "said": False,
}  # fmt: skip


@read(
    "/uncoded-violations", "law.edit", says="Violations of an area that no row of the catalogue fitted.",
    question=UncodedQuestion, answer=page_of(UncodedSchema), example={"total": 1, "rows": [EXAMPLE_UNCODED]},
    instead_of=("acts.queue",),
)  # fmt: skip
def uncoded_violations(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the queue."""
    communes = whole_communes(caller.tree, asked["unit"])
    with reading(caller.db) as conn:
        total, found = uncoded(conn, communes, offset=asked["offset"], limit=asked["limit"])
    rows = [
        {"inspection": one.inspection, "violation": one.act.id, "date": one.date, "place": one.place,
         "text": one.act.text, "citation": one.act.citation, "said": one.said}
        for one in found
    ]  # fmt: skip
    return Page(total, rows)
