"""From what a person says (“closed from the 5th”, “massage too”) to the paths of a register edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from field_client.records import NotValid
from field_client.states import last_span
from schemas.fields import is_day
from schemas.ids import new_id
from schemas.register import State

EARLIEST = "1900-01-01"
_CHAINS = {"status": ("status",), "operator": ("operator",), "place": ("epoch", "unit", "address", "lat", "lon")}
_LICENCE = ("id", "type", "number", "from", "to", "remove")
_DAY = "Ngày không đúng; nhập theo dạng năm-tháng-ngày, ví dụ 2026-11-05."
Fields = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """The days that a change is about: from *since*, to *until* where that is said."""

    since: str
    until: str | None

    @property
    def eve(self) -> str:
        """The day before it begins."""
        return (date.fromisoformat(self.since) - timedelta(days=1)).isoformat()

    def value(self, **parts: Any) -> dict[str, Any]:
        """Return a span of these days."""
        return {"from": self.since, **({"to": self.until} if self.until else {}), **parts}


def changes(state: State, fields: Fields, today: date, kind: str = "establishment") -> State:
    """Return the paths that *fields* set on a thing that stands at *state*.

    Plain fields stay as they are, and so do paths of a group. Of an establishment, `status`, `operator`,
    `unit` (epoch:code) with `address`, and `kinds` begin on the day `from` (by default *today*) and end on the
    day `to`, where it is given; `address` alone corrects the present one; `licence.…` is about one paper.
    """
    given = dict(fields)
    if kind != "establishment":
        return given
    days = Span(_day(given, "from") or today.isoformat(), _day(given, "to"))
    if given.get("unit"):
        given |= _unit(str(given["unit"]))
    for name in ("lat", "lon"):
        if given.get(name) is not None:
            given[name] = _number(name, given[name])
    found: State = {}
    for group, parts in _CHAINS.items():
        said = {part: given.pop(part) for part in parts if part in given}
        if said:
            found |= _span(state, group, said, days)
    if "kinds" in given:
        found |= _kinds(state, str(given.pop("kinds") or ""), days)
    paper = {name: given.pop(f"licence.{name}") for name in _LICENCE if f"licence.{name}" in given}
    return found | (_licence(state, paper) if paper else {}) | given


def asked_as(path: str) -> str:
    """Return the field that a person names for what stands at *path*."""
    group, _, key = path.partition("/")
    return {"place": "unit", "kind": "kinds"}.get(group, group) if key else path


def _day(given: Fields, name: str) -> str | None:
    said = given.pop(name, None)
    if said and (not isinstance(said, str) or not is_day(said) or said < EARLIEST):
        raise NotValid({name: _DAY})
    return said or None


def _unit(said: str) -> Fields:
    epoch, _, code = said.partition(":")
    if not code:
        raise NotValid({"unit": "Nhập xã theo dạng bản đồ:mã, ví dụ new:15664."})
    return {"epoch": epoch, "unit": code}


def _number(name: str, said: Any) -> float:
    try:
        return float(said)
    except (TypeError, ValueError):
        raise NotValid({name: "Tọa độ phải là số, ví dụ 19.81."}) from None


def _span(state: State, group: str, said: Fields, days: Span) -> State:
    """Begin a span, or write into the one of that day; what only corrects a place writes into the last."""
    correction = group == "place" and "unit" not in said
    last = last_span(state, group)
    if correction or last.get("from") == days.since:
        path = next((path for path, value in state.items() if value is last), f"{group}/{new_id()}")
        return {path: {**last, **({} if correction else days.value()), **said}}
    return {f"{group}/{new_id()}": days.value(**said)}


def _kinds(state: State, said: str, days: Span) -> State:
    """Read `karaoke massage`, all that it offers from that day on, or `+massage -karaoke`, more and less."""
    words = said.replace(",", " ").split()
    spans = {path: span for path, span in state.items() if path.startswith("kind/")}
    going_on = {path: span for path, span in spans.items() if (span.get("to") or days.since) >= days.since}
    had = {span["kind"] for span in going_on.values()}
    signed = [word for word in words if word[0] in "+-"]
    if signed and len(signed) < len(words):
        raise NotValid({"kinds": "Ghi mọi loại hình có dấu + hoặc -, hoặc không loại nào có dấu."})
    if not signed:
        return _begin(set(words) - had, days) | _end(going_on, had - set(words), days)
    more = {word[1:] for word in signed if word[0] == "+"}
    less = {word[1:] for word in signed if word[0] == "-"}
    not_there = sorted((less - had) | (more & less))
    if not_there:
        raise NotValid({"kinds": f"Không bỏ được {not_there[0]}: cơ sở không có loại hình này; xem lại."})
    return _begin(more - had, days) | _end(going_on, less, days)


def _begin(kinds: Iterable[str], days: Span) -> State:
    return {f"kind/{new_id()}": days.value(kind=kind) for kind in sorted(kinds)}


def _end(going_on: State, kinds: set[str], days: Span) -> State:
    """End kinds with the day before; one that had not begun by then goes altogether."""
    return {
        path: {**span, "to": days.eve} if span["from"] < days.since else None
        for path, span in going_on.items()
        if span["kind"] in kinds
    }


def _licence(state: State, said: Fields) -> State:
    """Add a paper, or change, end or remove the one that `id` or `remove` names by its id or its number."""
    gone = said.get("remove")
    if gone:
        return {_paper(state, "licence.remove", str(gone)): None}
    parts = {name: value for name, value in said.items() if name not in {"id", "remove"}}
    for name in ("from", "to"):
        if parts.get(name) and not is_day(str(parts[name])):
            raise NotValid({f"licence.{name}": _DAY})
    if not said.get("id"):
        if not parts.get("type"):
            raise NotValid({"licence.type": "Ghi loại giấy: operating_licence hoặc antt_certificate."})
        return {f"licence/{new_id()}": {name: value for name, value in parts.items() if value}}
    path = _paper(state, "licence.id", str(said["id"]))
    return {path: {name: value for name, value in {**state[path], **parts}.items() if value or name in state[path]}}


def _paper(state: State, field: str, named: str) -> str:
    """Find a paper by the key of its path, else by its number."""
    papers = {path: value for path, value in state.items() if path.startswith("licence/")}
    if f"licence/{named}" in papers:
        return f"licence/{named}"
    found = [path for path, value in papers.items() if value.get("number") == named]
    if len(found) != 1:
        known = [f"{path.partition('/')[2]} ({value.get('number') or 'không số'})" for path, value in papers.items()]
        raise NotValid({field: f"Không rõ giấy “{named}”; đang có: {'; '.join(known) or 'không giấy nào'}."})
    return found[0]
