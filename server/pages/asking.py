"""From a request to an answer: the filters of who is signed in, and the one function behind every figure."""

import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any, cast

from flask import g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from schemas.text import sort_key
from schemas.units import Epoch, UnitTree
from server import web
from server.clock import local_day, now
from server.coverage.across import is_past, units_across
from server.coverage.answer import Answer, answer
from server.coverage.ask import By, coverage
from server.coverage.figures import Coverage
from server.coverage.question import ask as question
from server.coverage.targets import Plans
from server.coverage.under import Listing, Under
from server.pages.areas import is_commune, offered, units_around, units_inside
from server.pages.filters import BASES, BY, Asked, Filters, read
from server.pages.words import day
from server.problems import InvalidInput, NotAllowed
from server.store import reading
from server.teams.near import teams_at


def read_filters(query: MultiDict[str, str]) -> tuple[Filters | None, Asked]:
    """Return the filters of *query* for who is signed in, and what was typed."""
    teams = {id for (id,) in web.db().conn.execute("SELECT id FROM things WHERE kind = 'team'")}
    return read(query, web.tree(), my_area(), local_day(now()), teams)


def my_area() -> str:
    """Return the area of who is signed in, or raise NotAllowed where the account has none that is known."""
    area: str = g.user["unit"]
    if web.tree().get(area) is None:
        raise NotAllowed(_("Tài khoản này chưa có địa bàn; hỏi người quản trị."))
    return area


def typed_of(*names: str) -> dict[str, str]:
    """Return which of these filters the address holds, for a link; other words of an address go into none."""
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def must_hold(query: MultiDict[str, str]) -> Filters:
    """Return the filters of an address that has no form to come back to, or raise InvalidInput."""
    filters, asked = read_filters(query)
    if filters is None:
        raise InvalidInput(next(iter(asked.errors.values()), ""), errors=asked.errors)
    return filters


def at_its_best(filters: Filters) -> Filters:
    """Choose the order where none was asked for: a commune by kind, an area of the old map by the units of today."""
    tree = web.tree()
    if request.args.get("theo"):
        return filters
    if is_commune(tree, filters.unit):
        return replace(filters, by="kind")
    return replace(filters, by="across") if is_past(tree, filters.unit, filters.as_of) else filters


def ask(filters: Filters, by: str = "") -> Coverage:
    """Return what the filters ask for."""
    with reading(web.db()) as conn:
        return coverage(conn, by=cast(By, by or filters.by), **told(filters))


def ask_all(filters: Filters) -> Answer:
    """Return what the filters ask for, and what stands beside it."""
    with reading(web.db()) as conn:
        return answer(conn, by=filters.by, **told(filters))


def ask_under(conn: sqlite3.Connection, filters: Filters, under: Under) -> tuple[Coverage, Listing]:
    """Return the figures and the list of what stands under one of them; called within one read transaction."""
    asked = told(filters)
    figures = coverage(conn, by=cast(By, under.by), **asked)
    tree, epoch, unit = (asked.pop(name) for name in ("tree", "epoch", "unit"))
    return figures, Listing(conn, question(conn, tree, epoch, unit, **asked), under)


def told(filters: Filters) -> dict[str, Any]:
    """Return the filters as the functions of coverage take them."""
    return {
        "tree": web.tree(),
        "epoch": Epoch(filters.unit.partition(":")[0]),
        "year": filters.year,
        "as_of": filters.as_of,
        "unit": filters.unit,
        "kinds": filters.kinds,
        "team": filters.team,
        "basis": filters.basis,
        "period": filters.period,
    }


def form(filters: Filters | None, asked: Asked) -> dict[str, Any]:
    """Return the filters for the form: as they hold, or as they were typed."""
    tree, area = web.tree(), my_area()
    typed = filters.unit if filters else asked.typed["don-vi"]
    unit = typed if tree.get(typed) else area
    return {
        "asked": asked,
        "filters": filters,
        "year": filters.year if filters else asked.typed["nam"],
        "as_of": day(filters.as_of) if filters else asked.typed["tinh-den"],
        "chosen": "" if "don-vi" in asked.errors else unit,
        "units": labelled(offered(tree, area, unit)),
        "ways": ways(tree, unit),
        "by": next((word for word, by in BY.items() if filters and by == filters.by), asked.typed["theo"]),
        "teams": _teams(tree, area, unit),
        "periods": _periods(filters, unit),
        "BASES": BASES,
    }


def _teams(tree: UnitTree, area: str, unit: str) -> list[tuple[str, str]]:
    """List the teams whose area lies in the person's, or around the unit asked for, by name."""
    found = teams_at(web.db().conn, units_inside(tree, area) | units_around(tree, unit))
    return sorted(found.items(), key=lambda team: sort_key(team[1]))


def _periods(filters: Filters | None, unit: str) -> list[tuple[str, str]]:
    """List the whole periods of plans that the unit may be asked for, and the one that is asked."""
    plan = Plans(web.db().conn, web.tree()).with_period(unit, filters.as_of.year) if filters else None
    known = [(date.fromisoformat(plan.since), date.fromisoformat(plan.until))] if plan else []
    asked = [filters.period] if filters and filters.period and filters.period not in known else []
    return [(f"{first}:{last}", _period_in_words(first, last)) for first, last in known + asked]


def _period_in_words(first: date, last: date) -> str:
    """Name a period by its years where it is made of whole ones."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return _("cả kỳ %(first)s – %(last)s", first=str(first.year), last=str(last.year))
    return _("cả kỳ %(first)s – %(last)s", first=day(first), last=day(last))


def labelled(groups: list[list[tuple[str, str]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the groups of units after the first a heading: the map they stand on."""
    maps = {"new": _("Theo bản đồ từ 01/7/2025"), "old": _("Theo bản đồ đến 30/6/2025")}
    return [(maps[group[0][0].partition(":")[0]] if place else "", group) for place, group in enumerate(groups)]


def ways(tree: UnitTree, unit: str) -> list[tuple[str, str]]:
    """Return the orders that tell something about *unit*, with their words."""
    below = tree.children(unit)
    across = _("đơn vị cũ (đến 30/6/2025)") if unit.startswith("new:") else _("xã hiện nay (từ 01/7/2025)")
    offers = (
        ("don-vi", _("đơn vị trực thuộc"), True),
        ("ban-do-kia", across, units_across(tree, unit)),
        ("xa", _("xã"), not all(is_commune(tree, key) for key in below)),
        ("loai-hinh", _("loại hình"), True),
        ("hinh-thuc", _("hình thức kiểm tra"), True),
        ("doi", _("đội kiểm tra"), True),
    )
    return [(word, label) for word, label, useful in offers if useful]
