"""What of the register of an area needs a person, for programs: a look, a confirmed list, a commune that was split."""

from typing import Any

from marshmallow import fields, validate

from schemas.fields import Count, Id, Record, Text
from server.api import Caller, InArea, Page, Paged, Question, page_of, read
from server.pages.areas import name, whole_communes
from server.register.confirming import confirmed
from server.register.quality import PROBLEMS, Area, count, filled, lines
from server.register.split import undecided
from server.store import reading

LISTED = tuple(problem for problem in PROBLEMS if problem != "duplicate")
UUID = "018f0000-0000-7000-8000-000000000001"


class UnitQuestion(Question):
    """The unit of the page."""

    unit = InArea()


class QualitySchema(Record):
    """How many things need a look for each problem; null: not worked out since the register changed."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(allow_none=True), required=True)
    total = Count(required=True)


@read(
    "/register_quality", "register.see", says="How much in the register of an area needs a look, by kind of problem.",
    question=UnitQuestion, answer=QualitySchema, example={"counts": {"phone": 1, "duplicate": None}, "total": 1},
)  # fmt: skip
def register_quality(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer the counts."""
    with reading(caller.db) as conn:
        return count(conn, caller.tree, _area(caller, asked["unit"]))


def _area(caller: Caller, unit: str) -> Area:
    return Area(tuple(whole_communes(caller.tree, unit)), frozenset(caller.tree.scope(unit)), caller.today)


class FlawsQuestion(Paged):
    """The problem and the unit of the page; duplicates have a page of their own."""

    unit = InArea()
    problem = fields.String(
        load_default="", validate=validate.OneOf(["", *LISTED], error="Chọn một loại trong register_quality."),
        metadata={"description": "Every problem where none is asked for."},
    )  # fmt: skip


class FlawSchema(Record):
    """One thing that needs a look: the place, visit, decision or team *id*, and what stands there now."""

    problem = Text(required=True)
    id = Text(required=True)
    place = Text(required=True)
    name = Text(required=True)
    code = Text(required=True)
    said = Text(required=True)
    day = Text(required=True)


EXAMPLE_FLAW = {"problem": "phone", "id": UUID, "place": UUID, "name": "Karaoke A", "code": "", "said": "12", "day": ""}


@read(
    "/register_quality/lines", "register.see", says="What needs a look for one kind of problem.",
    question=FlawsQuestion, answer=page_of(FlawSchema), example={"total": 1, "rows": [EXAMPLE_FLAW]},
    instead_of=("quality.page", "quality.file"),
)  # fmt: skip
def register_quality_lines(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of what needs a look."""
    with reading(caller.db) as conn:
        area, wanted = _area(caller, asked["unit"]), [asked["problem"]] if asked["problem"] else LISTED
        found = [line for problem in wanted for line in lines(conn, caller.tree, area, problem)]
        return Page(len(found), filled(conn, found[asked["offset"] : asked["offset"] + asked["limit"]]))


class ConfirmedSchema(Record):
    """The list of a commune: when it was confirmed last, by whom; empty where never."""

    commune = Text(required=True)
    name = Text(required=True)
    places = Count(required=True)
    changed = Count(required=True, metadata={"description": "Places that changed since."})
    on = Text(required=True)
    by = Text(required=True)


class ListsSchema(Record):
    """The lists of the communes of an area."""

    lists = fields.List(fields.Nested(ConfirmedSchema), required=True)


EXAMPLE_LIST = {"commune": "new:15664", "name": "A", "places": 12, "changed": 0, "on": "2026-03-15", "by": "B"}


@read(
    "/confirmed_lists", "register.see", says="Which communes have gone through their list of establishments.",
    question=UnitQuestion, answer=ListsSchema, example={"lists": [EXAMPLE_LIST]},
    instead_of=("confirming.page", "confirming.file"),
)  # fmt: skip
def confirmed_lists(caller: Caller, asked: dict[str, Any]) -> Any:
    """Answer the lists of an area."""
    with reading(caller.db) as conn:
        names = {key: name(caller.tree, key) for key in whole_communes(caller.tree, asked["unit"])}
        return {"lists": confirmed(conn, names)}


class UndecidedSchema(Record):
    """A place whose old commune went into several new ones, and which of these nobody has said."""

    id = Id(required=True)
    unit = Text(required=True)
    choices = fields.List(fields.String(), required=True)


EXAMPLE_UNDECIDED = {"total": 1, "rows": [{"id": UUID, "unit": "old:15700", "choices": ["new:15664", "new:15682"]}]}


@read(
    "/undecided_places", "register.edit", says="Places of communes that were split on 1 July 2025, not yet decided.",
    question=Paged, answer=page_of(UndecidedSchema), example=EXAMPLE_UNDECIDED, instead_of=("split.page",),
)  # fmt: skip
def undecided_places(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of the places that wait for a person."""
    with reading(caller.db) as conn:
        found = undecided(conn, caller.tree, whole_communes(caller.tree, caller.area))
    shown = found[asked["offset"] : asked["offset"] + asked["limit"]]
    rows = [{"id": id, "unit": unit, "choices": list(caller.tree.successors(unit))} for id, unit in shown]
    return Page(len(found), rows)
