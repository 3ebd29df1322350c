"""The form of a unit's figures: what was typed for each indicator, read into lines of `apply`."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from server.indicators.entry import Entry
from server.indicators.periods import Asked

FIGURES = ("numerator", "denominator")
WORDS = ("text", "note")
Typed = dict[str, dict[str, str]]
_NUMBER = re.compile(r"\d{1,3}([.\s]\d{3})+|\d{1,13}")


def read(form: MultiDict[str, str], entries: tuple[Entry, ...]) -> Typed:
    """Return what was typed for each indicator, by code; a field that the form did not have stays as it was."""
    names = (*FIGURES, *WORDS, "checked", "kept", "seen", "comment")
    return {
        one.indicator.code: {
            name: form.get(f"{name}-{one.indicator.code}", was.get(name, "")).strip() for name in names
        }
        for one, was in ((one, _written(one)) for one in entries)
    }  # fmt: skip


def written(entries: tuple[Entry, ...]) -> Typed:
    """Return the form as it stands."""
    return {one.indicator.code: _written(one) for one in entries}


def _written(one: Entry) -> dict[str, str]:
    said = {name: _text(one.state.get(name)) for name in (*FIGURES, *WORDS)}
    return said | {"checked": "", "kept": "", "comment": ""}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def line(one: Entry, typed: Mapping[str, str], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of `apply` that the form says of one indicator; what cannot be read stays for the check."""
    said: dict[str, Any] = dict(names) | {"indicator": one.indicator.code, "agency": one.agency}
    fields = ("text",) if one.indicator.measure == "text" else FIGURES[: 1 if one.yes_no else 2]
    for name in (*fields, "note"):
        said[name] = _number(typed[name]) if name in FIGURES else typed[name] or None
    return said | {"checked": bool(typed["checked"])}


def names(plan: str, unit: str, period: Asked) -> dict[str, Any]:
    """Return what names a figure, beside its indicator."""
    epoch, _, code = unit.partition(":")
    return {"plan": plan, "epoch": epoch, "unit": code, "report": period.report, "from": period.first.isoformat(),
            "to": period.last.isoformat()}  # fmt: skip


def changed(one: Entry, typed: Mapping[str, str]) -> bool:
    """Say whether anything stands in the form that was not there."""
    was = _written(one)
    return any(_same(typed[name]) != _same(was[name]) for name in (*FIGURES, *WORDS)) or bool(typed["kept"])


def _same(text: str) -> str:
    number = _number(text)
    return str(number) if isinstance(number, int) else text.replace("\r\n", "\n")


def _number(text: str) -> int | str | None:
    """Return a whole number, with points or spaces between thousands or without; other text as it is."""
    if not text:
        return None
    return int(re.sub(r"[.\s]", "", text)) if _NUMBER.fullmatch(text) else text
