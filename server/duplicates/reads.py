"""Records that may be one, for programs."""

from typing import Any

from marshmallow import fields

from schemas.fields import Count, Id, Record, Text
from server.api import Caller, InArea, Page, Paged, page_of, read
from server.duplicates.find import MOST, possible, too_many
from server.duplicates.side import named
from server.pages.areas import whole_communes
from server.problems import InvalidInput
from server.store import reading


class PairSchema(Record):
    """Two records that may be one, with the reasons; a person decides."""

    kind = Text(required=True, metadata={"enum": ["establishment", "operator"]})
    one = Id(required=True)
    one_name = Text(required=True)
    other = Id(required=True)
    other_name = Text(required=True)
    score = Count(required=True)
    reasons = fields.List(fields.String(), required=True)


class PairsQuestion(Paged):
    """The pairs of an area."""

    unit = InArea()


EXAMPLE = {
    "total": 1,
    "rows": [
        {"kind": "establishment", "one": "019a0000-0000-7000-8000-000000000005", "one_name": "Karaoke Đông Đô",
         "other": "019a0000-0000-7000-8000-000000000009", "other_name": "Karaoke Đông Đô 2", "score": 90,
         "reasons": ["phone"]}
    ],
}  # fmt: skip


@read(
    "/possible_duplicates", "duplicates.decide", says="Records of an area that may be one, the likeliest first.",
    question=PairsQuestion, answer=page_of(PairSchema), example=EXAMPLE, instead_of=("duplicates.page",),
)  # fmt: skip
def possible_duplicates(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the pairs."""
    communes = whole_communes(caller.tree, asked["unit"])
    with reading(caller.db) as conn:
        if too_many(conn, communes):
            sentence = f"Đơn vị này có hơn {MOST} cơ sở; hỏi từng đơn vị nhỏ hơn."
            raise InvalidInput(sentence, errors={"unit": sentence})
        found = possible(conn, communes)
        part = found[asked["offset"] : asked["offset"] + asked["limit"]]
        name_of = named(conn, caller.tree)
        rows = [
            {"kind": one.kind, "one": one.one, "one_name": name_of(one.kind, one.one), "other": one.other,
             "other_name": name_of(one.kind, one.other), "score": one.score,
             "reasons": [str(reason.value) for reason in one.reasons]}
            for one in part
        ]  # fmt: skip
        return Page(len(found), rows)
