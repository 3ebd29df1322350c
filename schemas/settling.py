"""What an office person decides of items that are not plainly in the truth: settle, release, decline, erase."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.fields import Choice, Record, Text


class Keep(StrEnum):
    """Which side of a conflict becomes the truth, seen from the item that stands beside it."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


class Name(Text):
    """The name of an item: a SHA-256 in lower-case hex."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Regexp(r"[0-9a-f]{64}\Z", error="Mã hồ sơ không đúng dạng.")
        super().__init__(limit=64, validate=rule, **kwargs)


class Why(Text):
    """A sentence that must be there: who is asked later reads it."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Length(min=1, error="Ghi lý do.")
        super().__init__(required=True, limit=1000, validate=rule, **kwargs)


class By(Text):
    """Who decided, as papers name the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_default="", limit=200, label=("Người quyết định", "By"), **kwargs)


class SettlementSchema(Record):
    """Ends a conflict. It names both sides: *item*, kept beside the truth, and what was the truth when a person looked.

    *with* is the name of that item; left out where the thing has no truth.
    """

    item = Name(required=True, label=("Hồ sơ", "Item"))
    other = Name(data_key="with", load_default=None, allow_none=True, label=("Bản trên máy chủ", "With"))
    keep = Choice(Keep, required=True, label=("Giữ bản nào", "Keep"))
    reason = Text(load_default="", limit=1000, label=("Lý do", "Reason"))
    by = By()


class ReleaseSchema(Record):
    """Lets in what its author had no right to write."""

    item = Name(required=True, label=("Hồ sơ", "Item"))
    reason = Why(label=("Lý do", "Reason"))
    by = By()


class DeclineSchema(Record):
    """Takes out of the truth, for good, what is quarantined or waits for a thing that does not come."""

    item = Name(required=True, label=("Hồ sơ", "Item"))
    reason = Why(label=("Lý do", "Reason"))
    by = By()


class ErasureSchema(Record):
    """Removes the bytes of an item. *left* is its body without any text of a person: what figures are folded from."""

    item = Name(required=True, label=("Hồ sơ", "Item"))
    ground = Why(label=("Căn cứ", "Ground"))
    left = fields.Dict(required=True)
    by = By()


SETTLING: dict[str, Schema] = {
    "settlement": SettlementSchema(),
    "release": ReleaseSchema(),
    "decline": DeclineSchema(),
    "erasure": ErasureSchema(),
}

# What a body says in its own words, wherever it stands in it; everything else is a code, a day, a number or an id.
WORDS = frozenset(
    {
        *("name", "phone", "address", "code", "registration", "number", "agency", "card", "decision", "paper"),
        *("comment", "note", "by", "authority", "caption", "reason", "purpose", "seen"),
        *("about", "answer_paper", "answer_note"),
    }
)
REMOVED = "–"  # stands where words stood


def without_words(part: Any) -> Any:
    """Return a body, or a part of one, with every text of a person replaced by REMOVED and no point on the map."""
    if isinstance(part, list):
        return [without_words(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {key: _bare(key, value) for key, value in part.items()}


def _bare(key: str, value: Any) -> Any:
    if key in {"lat", "lon"}:
        return None
    if isinstance(value, str):
        return REMOVED if value and key in WORDS else value
    if key.startswith("member/") and isinstance(value, dict):
        return {"name": REMOVED}
    return without_words(value)


def visit_without_words(body: dict[str, Any]) -> dict[str, Any]:
    """Return what figures are folded from of a visit: ids, days, numbers, how many members there were, which acts."""
    kept = ("establishment", "team", "date", "basis", "outcome", "revision", "found_working", "void")
    members: list[dict[str, Any]] = [{} for _ in body.get("members") or ()]
    of_an_act = ("id", "code", "committed_on")
    acts = [{key: one[key] for key in of_an_act if key in one} for one in body.get("violations") or ()]
    return {key: body[key] for key in kept if key in body} | {"members": members, "violations": acts}
