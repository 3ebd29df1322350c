"""Figures of indicators for programs: which units have sent what, where each indicator stands, and one figure."""

from datetime import date
from typing import Any

from marshmallow import fields

from schemas.fields import Count, Day, Record, Text, Truth
from schemas.ids import is_id
from schemas.plans import Report
from server.api import Caller, InArea, NoQuestion, Page, Paged, Question, page_of, read
from server.indicators.across import across
from server.indicators.entry import Entry, Who, entries
from server.indicators.history import changes
from server.indicators.periods import Asked
from server.indicators.standing import Standing, at_a_glance
from server.indicators.view import View, view
from server.office import state_of
from server.pages.areas import inside
from server.problems import NotAllowed, NotFound
from server.store import reading


class IndicatorsQuestion(Paged):
    """A plan, by its id, and the days of a report; the plan in force and its present report where nothing is said."""

    unit = InArea()
    plan = Text(load_default="", limit=60)
    since = Day(load_default=None)
    until = Day(load_default=None)


class IndicatorStandingsQuestion(Question):
    """The same."""

    unit = InArea()
    plan = Text(load_default="", limit=60)
    since = Day(load_default=None)
    until = Day(load_default=None)


class IndicatorRowSchema(Record):
    """The figure of one unit for one indicator; *hidden*: small numbers of persons; *missing*: units without one."""

    unit = Text(required=True)
    indicator = Text(required=True)
    numerator = Count(required=True, allow_none=True)
    denominator = Count(required=True, allow_none=True)
    standing = Text(required=True)
    missing = Count(required=True)
    on = Text(required=True)
    hidden = Truth(required=True)


class IndicatorPartSchema(Record):
    """What a unit, or a body of it, gives to a figure."""

    unit = Text(required=True)
    agency = Text(required=True)
    numerator = Count(required=True, allow_none=True)
    denominator = Count(required=True, allow_none=True)
    standing = Text(required=True)
    hidden = Truth(required=True)


class IndicatorStandingSchema(Record):
    """Where one indicator stands, as of a day; shares and growth in tenths of a percent."""

    indicator = Text(required=True)
    name = Text(required=True)
    target = Text(required=True)
    source = Text(required=True)
    numerator = Count(required=True, allow_none=True)
    denominator = Count(required=True, allow_none=True)
    share_tenths = fields.Integer(required=True, allow_none=True)
    growth_tenths = fields.Integer(required=True, allow_none=True)
    text = Text(required=True, limit=100_000)
    met = Truth(required=True, allow_none=True)
    since = Text(required=True)
    as_of = Text(required=True)
    data_age = fields.Integer(required=True, allow_none=True)
    from_units = fields.List(fields.Nested(IndicatorPartSchema), required=True)
    missing_units = fields.List(Text(), required=True)
    waiting = Count(required=True)
    hidden = Truth(required=True)


class IndicatorStandingsSchema(Record):
    """Every indicator of a plan, in its order; no plan with indicators holds where the plan is null."""

    plan = Text(required=True, allow_none=True)
    unit = Text(required=True)
    report = Text(required=True, allow_none=True)
    since = Day(required=True, allow_none=True)
    until = Day(required=True, allow_none=True)
    indicators = fields.List(fields.Nested(IndicatorStandingSchema), required=True)


class IndicatorChangeSchema(Record):
    """One change of a figure."""

    at = Text(required=True)
    author = Text(required=True)
    set = fields.Dict(keys=fields.String(), required=True)


class IndicatorValueSchema(Record):
    """One figure as it stands, with its changes, the latest first."""

    id = Text(required=True)
    state = fields.Dict(keys=fields.String(), required=True)
    changes = fields.List(fields.Nested(IndicatorChangeSchema), required=True)


EXAMPLE_ROW = {"unit": "new:15664", "indicator": "T1.3a", "numerator": 42, "denominator": 60, "standing": "sent",
               "missing": 0, "on": "2026-06-12", "hidden": False}  # fmt: skip
EXAMPLE_STANDING = {
    "indicator": "T1.3a", "name": "Người lao động tại các cơ sở được tuyên truyền", "target": "≥ 20 %",
    "source": "summed", "numerator": 42, "denominator": 60, "share_tenths": 700, "growth_tenths": None, "text": "",
    "met": True, "since": "2026-01-01", "as_of": "2026-06-14", "data_age": 3, "missing_units": [], "waiting": 1,
    "hidden": False,
    "from_units": [{"unit": "new:15664", "agency": "", "numerator": 42, "denominator": 60, "standing": "sent",
                    "hidden": False}],
}  # fmt: skip
EXAMPLE_STANDINGS = {"plan": "019a0000-0000-7000-8000-000000000004", "unit": "new:38", "report": "half_year",
                     "since": "2026-01-01", "until": "2026-06-14", "indicators": [EXAMPLE_STANDING]}  # fmt: skip


def _view(caller: Caller, asked: dict[str, Any]) -> View | None:
    query = {"don-vi": asked["unit"] if asked["unit"] != caller.area else "", "ke-hoach": asked["plan"]}
    if asked["since"] and asked["until"] and asked["since"] <= asked["until"]:
        query["ky"] = Asked(_report(asked["since"], asked["until"]), asked["since"], asked["until"]).key
    return view(caller.conn, caller.tree, query, caller.area, caller.today)


def _report(since: date, until: date) -> str:
    """Return a kind for days that were named without one; what is summed goes by the days alone."""
    return (Report.HALF_YEAR if (until - since).days < 200 else Report.YEAR).value


@read(
    "/indicators", "indicators.see", says="The figures that the units of an area have entered for a report of a plan.",
    question=IndicatorsQuestion, answer=page_of(IndicatorRowSchema), example={"total": 1, "rows": [EXAMPLE_ROW]},
    problems=(NotFound,), instead_of=("indicators.page", "indicators.file"),
)  # fmt: skip
def indicators_of_units(caller: Caller, asked: dict[str, Any]) -> Page:
    """Answer a page of them."""
    wanted = _view(caller, asked)
    if wanted is None:
        return Page(0, [])
    with reading(caller.db) as conn:
        found = across(conn, caller.tree, wanted.plan, wanted.unit, wanted.period, caller.area)
    rows = [{"unit": row.unit, "indicator": row.indicator.code, "numerator": row.numerator,
             "denominator": row.denominator, "standing": row.standing, "missing": row.missing, "on": row.on,
             "hidden": row.hidden} for row in found[asked["offset"] : asked["offset"] + asked["limit"]]]  # fmt: skip
    return Page(len(found), rows)


@read(
    "/indicators/standings", "indicators.see", says="Where each indicator of a plan stands for a unit and a report.",
    question=IndicatorStandingsQuestion, answer=IndicatorStandingsSchema, example=EXAMPLE_STANDINGS,
    problems=(NotFound,), instead_of=("indicators.unit",),
)  # fmt: skip
def indicator_standings(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer all of them."""
    wanted = _view(caller, asked)
    if wanted is None:
        return {"plan": None, "unit": asked["unit"], "report": None, "since": None, "until": None, "indicators": []}
    period = wanted.period
    with reading(caller.db) as conn:
        found = at_a_glance(conn, caller.tree, wanted.plan, wanted.unit, period.first, period.last, caller.today,
                            seen_by=caller.area)  # fmt: skip
    return {"plan": wanted.plan.id, "unit": wanted.unit, "report": period.report, "since": period.first,
            "until": period.last, "indicators": [as_json(one) for one in found]}  # fmt: skip


def as_json(one: Standing) -> dict[str, Any]:
    """Return where an indicator stands as programs read it."""
    plain = ("source", "numerator", "denominator", "share_tenths", "growth_tenths", "text", "met", "target", "since",
             "as_of", "data_age", "waiting", "hidden")  # fmt: skip
    told = {name: getattr(one, name) for name in plain}
    parts = [{"unit": part.unit, "agency": part.agency, "numerator": part.numerator, "denominator": part.denominator,
              "standing": part.standing, "hidden": part.hidden} for part in one.from_units]  # fmt: skip
    return told | {"indicator": one.indicator.code, "name": one.indicator.name, "from_units": parts,
                   "missing_units": list(one.missing_units)}  # fmt: skip


@read(
    "/indicators/values/<id>", "indicators.see", says="One figure with its changes.", question=NoQuestion,
    answer=IndicatorValueSchema, problems=(NotFound,), instead_of=("indicators.history",),
    example={"id": "019a0000-0000-7000-8000-000000000005", "state": {"numerator": 42, "denominator": 60},
             "changes": [{"at": "2026-06-12T03:00:00Z", "author": "hanh", "set": {"numerator": 42}}]},
)  # fmt: skip
def indicator_value(caller: Caller, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one."""
    id = asked["id"]
    state = state_of(caller.conn, "indicator_value", id) if is_id(id) else None
    if state is None:
        raise NotFound("Không có số liệu này; xem mã ở danh sách.")
    unit = f"{state['epoch']}:{state['unit']}"
    if not inside(caller.tree, caller.area, unit):
        raise NotAllowed("Số liệu này ngoài địa bàn của tài khoản; hỏi người quản trị.")
    entry = _entry(caller, state, unit, id)
    if entry is None or entry.hidden:
        raise NotAllowed("Số này không hiện ở đây vì là số nhỏ của đơn vị khác.")
    found = changes(caller.conn, id, entry.indicator, beyond=unit != caller.area)
    told = [{"at": one.at, "author": one.author, "set": {path: after for path, _before, after in one.fields}}
            for one in found]  # fmt: skip
    return {"id": id, "state": state, "changes": told}


def _entry(caller: Caller, state: dict[str, Any], unit: str, id: str) -> Entry | None:
    key = f"{state['report']}:{state['from']}:{state['to']}"
    query = {"ke-hoach": state["plan"], "don-vi": unit, "ky": key, "co-quan": state.get("agency") or ""}
    wanted = view(caller.conn, caller.tree, query, caller.area, caller.today)
    if wanted is None:
        return None
    with reading(caller.db) as conn:
        found = entries(conn, caller.tree, wanted.plan, unit, wanted.period, caller.today,
                        Who(caller.role, caller.area, caller.id), wanted.agency)  # fmt: skip
    return next((one for one in found if one.id == id), None)
