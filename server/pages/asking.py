"""From a request to an answer: the filters of who is signed in, and the one function behind every figure."""

from itertools import islice
from typing import Any

from flask import g
from werkzeug.datastructures import MultiDict

from schemas.units import Epoch
from server import web
from server.clock import local_day, now
from server.coverage.ask import coverage
from server.coverage.figures import Coverage
from server.coverage.remaining import Remaining, remaining_list
from server.pages.areas import offered
from server.pages.filters import BY, Asked, Filters, read
from server.pages.words import day
from server.problems import InvalidInput
from server.store import reading

IN_ENGLISH = {"nam": "year", "tinh-den": "as_of", "don-vi": "unit", "loai-hinh": "kind", "theo": "by"}


def read_filters(query: MultiDict[str, str]) -> tuple[Filters | None, Asked]:
    """Return the filters of *query* for who is signed in, and what was typed."""
    return read(query, web.tree(), g.user["unit"], local_day(now()))


def must_hold(query: MultiDict[str, str]) -> Filters:
    """Return the filters of an address that has no form to come back to, or raise InvalidInput."""
    filters, asked = read_filters(query)
    if filters is None:
        raise InvalidInput(next(iter(asked.errors.values()), ""), errors=asked.errors)
    return filters


def in_vietnamese(query: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the query of a program with the names and words that the page uses."""
    asked = MultiDict(query)
    for ours, theirs in IN_ENGLISH.items():
        if theirs in asked and ours not in asked:
            asked.setlist(ours, asked.getlist(theirs))
    word = next((word for word, meaning in BY.items() if meaning == asked.get("theo")), None)
    if word:
        asked["theo"] = word
    return asked


def ask(filters: Filters, by: str = "") -> Coverage:
    """Return what the filters ask for."""
    with reading(web.db()) as conn:
        return coverage(conn, by=by or filters.by, **_question(filters))


def ask_remaining(filters: Filters, offset: int = 0, limit: int | None = None) -> tuple[Coverage, list[Remaining]]:
    """Return the figures and the places still to inspect, of one moment; *limit* of them from *offset* on."""
    with reading(web.db()) as conn:
        answer = coverage(conn, **_question(filters))
        return answer, list(islice(remaining_list(conn, offset=offset, **_question(filters)), limit))


def _question(filters: Filters) -> dict[str, Any]:
    return {
        "tree": web.tree(),
        "epoch": Epoch(filters.unit.partition(":")[0]),
        "year": filters.year,
        "as_of": filters.as_of,
        "unit": filters.unit,
        "kinds": filters.kinds,
    }


def form(filters: Filters | None, asked: Asked) -> dict[str, Any]:
    """Return the filters for the form: as they hold, or as they were typed."""
    tree, area = web.tree(), g.user["unit"]
    typed = filters.unit if filters else asked.typed["don-vi"]
    unit = typed if tree.get(typed) else area
    return {
        "asked": asked,
        "filters": filters,
        "year": filters.year if filters else asked.typed["nam"],
        "as_of": day(filters.as_of) if filters else asked.typed["tinh-den"],
        "chosen": "" if "don-vi" in asked.errors else unit,
        "units": offered(tree, area, unit),
    }
