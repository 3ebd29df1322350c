"""The board for programs."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Count, Day, Record, Text, Truth
from schemas.plans import Report
from server.api import Caller, InArea, Question, read
from server.boards.board import Direction, Line, Verdict
from server.boards.shown import Shown, shown
from server.boards.units import UnitRow
from server.indicators.view import view
from server.problems import NotFound
from server.store import reading


class BoardQuestion(Question):
    """A unit, a plan by its id, the days of a report, and another plan to compare with; what is left out is chosen."""

    unit = InArea()
    plan = Text(load_default="", limit=60)
    since = Day(load_default=None)
    until = Day(load_default=None)
    compare = Text(load_default="", limit=60)


class BoardLineSchema(Record):
    """One indicator: where it stands and stood in the same days of the year before; shares in tenths of a percent."""

    indicator = Text(required=True)
    name = Text(required=True)
    target = Text(required=True)
    numerator = Count(required=True, allow_none=True)
    denominator = Count(required=True, allow_none=True)
    share_tenths = fields.Integer(required=True, allow_none=True)
    growth_tenths = fields.Integer(required=True, allow_none=True)
    met = Truth(required=True, allow_none=True)
    verdict = Choice(Verdict, required=True)
    direction = Choice(Direction, required=True)
    change_tenths = fields.Integer(required=True, allow_none=True)
    as_of = Text(required=True)
    data_age = fields.Integer(required=True, allow_none=True)
    missing_units = fields.List(Text(), required=True)
    hidden = Truth(required=True)


class BoardCellSchema(Record):
    """One figure of one unit."""

    indicator = Text(required=True)
    numerator = Count(required=True, allow_none=True)
    denominator = Count(required=True, allow_none=True)
    met = Truth(required=True, allow_none=True)
    hidden = Truth(required=True)


class BoardUnitSchema(Record):
    """One unit right below; empty where the unit is not known."""

    unit = Text(required=True)
    cells = fields.List(fields.Nested(BoardCellSchema), required=True)


class BoardDifferenceSchema(Record):
    """What two plans ask for differently: codes and targets."""

    ours = Text(required=True)
    theirs = Text(required=True)
    our_least = Count(required=True, allow_none=True)
    their_least = Count(required=True, allow_none=True)
    our_counts = Text(required=True)
    their_counts = Text(required=True)


class BoardDueSchema(Record):
    """A report that is due on another day in the other plan, MM-DD."""

    report = Choice(Report, required=True)
    compiled = Truth(required=True)
    ours = Text(required=True)
    theirs = Text(required=True)


class BoardSchema(Record):
    """The board; without a plan where none with indicators holds there.

    *complete_to*: the day up to which all laptops of the unit have reported, empty where not known.
    """

    plan = Text(required=True, allow_none=True)
    unit = Text(required=True)
    report = Text(required=True, allow_none=True)
    since = Day(required=True, allow_none=True)
    until = Day(required=True, allow_none=True)
    complete_to = Text(required=True)
    lines = fields.List(fields.Nested(BoardLineSchema), required=True)
    units = fields.List(fields.Nested(BoardUnitSchema), required=True)
    other_plan = Text(required=True)
    differences = fields.List(fields.Nested(BoardDifferenceSchema), required=True)
    deadlines = fields.List(fields.Nested(BoardDueSchema), required=True)


EXAMPLE_BOARD = {
    "plan": "019a0000-0000-7000-8000-000000000004", "unit": "new:38", "report": "year", "since": "2026-01-01",
    "until": "2026-12-14", "complete_to": "2026-11-20",
    "lines": [{
        "indicator": "T3.3", "name": "Cơ sở được kiểm tra trong năm", "target": "≥ 25 %", "numerator": 42,
        "denominator": 168, "share_tenths": 250, "growth_tenths": None, "met": True, "verdict": "met",
        "direction": "up", "change_tenths": 32, "as_of": "2026-11-27", "data_age": 0, "missing_units": [],
        "hidden": False,
    }],
    "units": [{"unit": "new:15664", "cells": [
        {"indicator": "T3.3", "numerator": 5, "denominator": 20, "met": True, "hidden": False}]}],
    "other_plan": "019a0000-0000-7000-8000-000000000005",
    "differences": [{"ours": "T3.3", "theirs": "H3.3", "our_least": 25, "their_least": 20,
                     "our_counts": "establishments", "their_counts": "establishments"}],
    "deadlines": [{"report": "half_year", "compiled": True, "ours": "06-20", "theirs": "06-25"}],
}  # fmt: skip


@read(
    "/board", "indicators.see", question=BoardQuestion, answer=BoardSchema, example=EXAMPLE_BOARD,
    says="Where each indicator of a plan stands for a unit, by unit below, and where another plan differs.",
    problems=(NotFound,), instead_of=("boards.page", "boards.file"),
)  # fmt: skip
def board_of_a_plan(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer as the page does."""
    query = {"ke-hoach": asked["plan"], "don-vi": asked["unit"] if asked["unit"] != caller.area else ""}
    if asked["since"] and asked["until"]:
        query["ky"] = f"year:{asked['since']}:{asked['until']}"
    with reading(caller.db) as conn:
        found = view(conn, caller.tree, query, caller.area, caller.today)
        if found is None:
            return _NOTHING | {"unit": asked["unit"]}
        return _said(shown(conn, caller.tree, found, caller.area, caller.today, asked["compare"]))


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("plan", "report", "since", "until")), "complete_to": "", "lines": [], "units": [],
    "other_plan": "", "differences": [], "deadlines": [],
}  # fmt: skip


def _said(found: Shown) -> dict[str, Any]:
    board, mate = found.board, found.beside
    return {
        "plan": board.plan.id, "unit": board.unit, "report": board.period.report, "since": board.period.first,
        "until": board.period.last, "complete_to": board.complete_to, "lines": [_line(line) for line in board.lines],
        "units": [_unit(row) for row in found.units.rows], "other_plan": mate.other.id if mate else "",
        "differences": [
            {"ours": ours.code, "theirs": theirs.code, "our_least": ours.at_least, "their_least": theirs.at_least,
             "our_counts": ours.counts, "their_counts": theirs.counts}
            for ours, theirs in (mate.indicators if mate else ())
        ],
        "deadlines": [
            {"report": Report(one.report), "compiled": one.compiled, "ours": one.ours.due, "theirs": one.theirs.due}
            for one in (mate.deadlines if mate else ()) if one.ours and one.theirs
        ],
    }  # fmt: skip


_PLAIN = ("target", "numerator", "denominator", "share_tenths", "growth_tenths", "met", "as_of", "data_age", "hidden")


def _line(line: Line) -> dict[str, Any]:
    one = line.now
    plain = {name: getattr(one, name) for name in _PLAIN}
    return plain | {
        "indicator": one.indicator.code, "name": one.indicator.name, "verdict": line.verdict,
        "direction": line.direction, "change_tenths": line.change, "missing_units": list(one.missing_units),
    }  # fmt: skip


def _unit(row: UnitRow) -> dict[str, Any]:
    return {"unit": row.unit, "cells": [{"indicator": code, **vars(cell)} for code, cell in row.cells.items()]}
