"""The figures of a return for programs: the table of any unit of the area and any days."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import Count, Day, Record, Text, Truth
from server.api import Caller, InArea, Question, read
from server.returns.figures.counting import figures
from server.returns.table import Row
from server.store import reading

FIRST_YEAR, LAST_YEAR = 2005, 2099


class FiguresQuestion(Question):
    """The area and its days: this year to today where nothing is said."""

    unit = InArea()
    since = Day(load_default=None, data_key="from")
    until = Day(load_default=None, data_key="to")
    plan = Text(load_default=None, limit=60, metadata={"description": "Whose kinds count; the one in force."})

    @validates_schema
    def the_days_are_in_order(self, data: dict[str, Any], **kwargs: Any) -> None:
        for word, day in (("from", data.get("since")), ("to", data.get("until"))):
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValidationError(f"Nhập ngày từ năm {FIRST_YEAR} đến năm {LAST_YEAR}.", word)
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            raise ValidationError("Ngày cuối kỳ ở trước ngày đầu kỳ; nhập lại.", "to")


class FigureColumnSchema(Record):
    """A column; *things* says what the ids under it are, empty of the share."""

    code = Text(required=True)
    heading = Text(required=True)
    group = Text(required=True)
    things = Text(required=True)
    unit = Text(required=True)


class FigureCellSchema(Record):
    """A number, that of the same days of the year before, the difference, and what stands under both."""

    value = fields.Integer(required=True, allow_none=True)
    before = fields.Integer(required=True, allow_none=True)
    difference = fields.Integer(required=True, allow_none=True)
    ids = fields.List(fields.String(), required=True)
    ids_before = fields.List(fields.String(), required=True)


class FigureRowSchema(Record):
    """A line: of a commune and a kind, of one of them, or of all. *cells* by code; one that is left out says nothing.

    *sure* false: the commune is not known, *unit* is the smallest unit that surely holds what stands there.
    """

    unit = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True)
    kind_name = Text(required=True)
    sure = Truth(required=True)
    cells = fields.Dict(keys=fields.String(), values=fields.Nested(FigureCellSchema), required=True)


class FiguresSchema(Record):
    """The table; a place of two kinds stands in each of them and once in the sums. Shares are tenths of a percent."""

    unit = Text(required=True, allow_none=True)
    name = Text(required=True)
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")
    before = fields.List(Day(), required=True, allow_none=True)
    kinds = fields.List(fields.String(), required=True)
    plan = Text(required=True, allow_none=True)
    target = Count(required=True, allow_none=True)
    exact = Truth(required=True)
    columns = fields.List(fields.Nested(FigureColumnSchema), required=True)
    rows = fields.List(fields.Nested(FigureRowSchema), required=True)
    of_units = fields.List(fields.Nested(FigureRowSchema), required=True)
    of_kinds = fields.List(fields.Nested(FigureRowSchema), required=True)
    total = fields.Nested(FigureRowSchema, required=True)


EXAMPLE_CELL = {
    "value": 42, "before": 40, "difference": 2, "ids": ["019a0000-0000-7000-8000-000000000001"],
    "ids_before": ["019a0000-0000-7000-8000-000000000001"],
}  # fmt: skip
EXAMPLE_ROW = {
    "unit": "new:15664", "name": "Xã Triệu Sơn", "kind": "karaoke", "kind_name": "Karaoke", "sure": True,
    "cells": {"inspected": EXAMPLE_CELL},
}  # fmt: skip
EXAMPLE_OF_ALL = EXAMPLE_ROW | {"kind": "", "kind_name": ""}
EXAMPLE_FIGURES = {
    "unit": "new:15664", "name": "Xã Triệu Sơn", "from": "2026-01-01", "to": "2026-06-14",
    "before": ["2025-01-01", "2025-06-14"], "kinds": ["karaoke"], "plan": "019a0000-0000-7000-8000-000000000002",
    "target": 25, "exact": True,
    "columns": [
        {"code": "inspected", "heading": "Tổng số", "group": "Cơ sở được kiểm tra", "things": "place", "unit": "cơ sở"}
    ],
    "rows": [EXAMPLE_ROW], "of_units": [EXAMPLE_OF_ALL], "of_kinds": [EXAMPLE_ROW | {"name": "Xã Triệu Sơn"}],
    "total": EXAMPLE_OF_ALL,
}  # fmt: skip


@read(
    "/return-figures", "returns.see", says="The figures of a return: by commune and kind, beside the year before.",
    question=FiguresQuestion, answer=FiguresSchema, example=EXAMPLE_FIGURES,
)  # fmt: skip
def return_figures(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer the table of a unit and its days, with all that is known now."""
    until = asked["until"] or max(caller.today, asked["since"] or caller.today)
    since = asked["since"] or date(until.year, 1, 1)
    with reading(caller.db) as conn:
        found = figures(conn, caller.tree, asked["unit"], since, until, plan=asked["plan"])
    plain = ("unit", "name", "first", "last", "before", "kinds", "plan", "target", "exact", "columns")
    return {
        **{name: getattr(found, name) for name in plain},
        **{name: [_row(row) for row in getattr(found, name)] for name in ("rows", "of_units", "of_kinds")},
        "total": _row(found.total),
    }


def _row(row: Row) -> dict[str, Any]:
    cells = {code: cell for code, cell in row.cells.items() if cell.value or cell.before}
    return {"unit": row.unit, "name": row.name, "kind": row.kind, "kind_name": row.kind_name, "sure": row.sure,
            "cells": cells}  # fmt: skip
