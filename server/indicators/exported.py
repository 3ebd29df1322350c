"""Which figures an export must not tell: small numbers of persons, and those that would give one away."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from server.indicators.hiding import small

NUMBERS = ("numerator", "denominator")


def hidden(conn: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of figures whose numbers stay here: where one unit's is small, those of all units with it.

    Of an indicator that its plan has no more nobody can say what it hid: all of them.
    """
    least = _least(conn)
    rows = conn.execute("SELECT id, plan, indicator, since, numerator, denominator FROM indicator_values")
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    secret = set()
    for id, plan, indicator, since, numerator, denominator in rows:
        limit = least.get((plan, indicator))
        if limit == 0:
            continue
        groups[plan, indicator, since].append(id)
        if limit is None or small(limit, numerator, denominator):
            secret.add((plan, indicator, since))
    return frozenset(id for group in secret for id in groups[group])


def _least(conn: sqlite3.Connection) -> dict[tuple[str, str], int]:
    found = {}
    for id, text in conn.execute("SELECT id, state FROM things WHERE kind = 'plan'"):
        for path, value in json.loads(text).items():
            if path.startswith("indicator/") and value:
                found[id, path.partition("/")[2]] = value.get("small_cells") or 0
    return found


def without_numbers(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure as an export tells it when its numbers stay here; its words might say them and stay too."""
    return {**state, **dict.fromkeys((*NUMBERS, "text", "note", "file", "file_name", "comment"))}
