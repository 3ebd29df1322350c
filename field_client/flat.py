"""Flat fields of a form and the nested shape of an inspection, and back again. Nothing here reads a database."""

import re
from collections.abc import Mapping
from typing import Any

Fields = dict[str, Any]
Rows = dict[str, list[str]]  # which row of the form each place of a list came from
NUMBERS = frozenset({"informed", "workers.total", "workers.contract", "workers.health_papers", "workers.commitment",
                     "workers.under_18", "copies"})  # fmt: skip
TRUTHS = re.compile(r"found_working|void|crime_signs|child_called|followed\.\w+\.resolved")
LISTS = ("members", "violations", "followed")


def flatten(body: Mapping[str, Any], top: str = "") -> Fields:
    """Turn nested values into flat fields: {"workers": {"total": 3}} is {"workers.total": 3}. None is nothing."""
    found: Fields = {}
    for key, value in body.items():
        path = f"{top}{key}"
        if isinstance(value, list | tuple):
            value = {str(place): one for place, one in enumerate(value)}
        if isinstance(value, Mapping):
            found |= flatten(value, f"{path}.")
        elif value is not None:
            found[path] = value
    return found


def nest(fields: Fields) -> tuple[dict[str, Any], Rows]:
    """Turn what a form holds into the shape of InspectionSchema; empty fields say nothing.

    What cannot be read is left as it is, for the schema to refuse.
    """
    body: dict[str, Any] = {}
    for path, value in fields.items():
        if value not in (None, ""):
            _put(body, path, _typed(path, value))
    rows = {group: _rows(body[group]) for group in LISTS if isinstance(body.get(group), dict)}
    for group, keys in rows.items():
        body[group] = [body[group][key] for key in keys]
    return body, rows


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    """Put *value* at *path*; the codes of answers and notes hold no dot, other parts are names or rows."""
    *parents, last = path.split(".")
    for part in parents:
        below = body.setdefault(part, {})
        if not isinstance(below, dict):
            return
        body = below
    body[last] = value


def _typed(path: str, value: Any) -> Any:
    """Read what a form sends as text: whole numbers, yes and no. Anything else stays as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if path in NUMBERS and re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if TRUTHS.fullmatch(path) and text in {"1", "0", "true", "false"}:
        return text in {"1", "true"}
    return text


def _rows(rows: dict[str, Any]) -> list[str]:
    """Return the rows that were filled in, in the form's order; an id alone fills none."""
    filled = [key for key, row in rows.items() if not isinstance(row, dict) or set(row) - {"id"}]
    return sorted(filled, key=lambda key: (int(key) if key.isdecimal() else 0, key))


def in_form(path: str, rows: Rows) -> str:
    """Turn a problem's path into the form's: places of a list are counted there with the empty rows."""
    group, _, rest = path.partition(".")
    place, _, last = rest.partition(".")
    if group in rows and place.isdecimal() and int(place) < len(rows[group]):
        return f"{group}.{rows[group][int(place)]}.{last}" if last else f"{group}.{rows[group][int(place)]}"
    return path
