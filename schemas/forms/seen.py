"""A form that was opened some time ago: what the person changed in it, and what changed meanwhile, unseen."""

import json
from collections.abc import Mapping
from typing import Any

Shown = dict[str, str]


def write(shown: Mapping[str, str]) -> str:
    """Write down what a form shows, to be sent back with it."""
    return json.dumps(dict(shown), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Shown | None:
    """Read what the form showed; None where that was not sent."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): str(value) for name, value in found.items()}


def changed(sent: Mapping[str, str], shown: Mapping[str, str]) -> Shown:
    """Return the fields in which *sent* is another than what the form showed."""
    return {name: value for name, value in sent.items() if value != shown.get(name, "")}


def overtaken(changes: Mapping[str, str], shown: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each field of *changes* that something else has changed since the form was opened."""
    found = {}
    for name, value in changes.items():
        present = now.get(name, "")
        if present not in {shown.get(name, ""), value}:
            value = present or "–"
            found[name] = f"Mục này vừa được đổi thành “{value}”; xem lại rồi lưu."
    return found
