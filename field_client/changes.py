"""From what a person says (“closed from the 5th”) to the paths of a register edit."""

from datetime import date
from typing import Any

from field_client.records import NotValid
from field_client.states import last_span, latest_kinds
from schemas.fields import is_day
from schemas.ids import new_id
from schemas.register import State

EARLIEST = "1900-01-01"
_CHAINS = {"status": ("status",), "operator": ("operator",), "place": ("epoch", "unit", "address", "lat", "lon")}


def changes(state: State, fields: dict[str, Any], today: date) -> State:
    """Return the paths that *fields* set on a thing that stands at *state*.

    Plain fields stay as they are. `status`, `operator`, `unit` (epoch:code) with `address`, and
    `kinds` begin a new span on the day `from` (by default *today*); `address` alone corrects
    the present one.
    """
    given = dict(fields)
    since = given.pop("from", None) or today.isoformat()
    if not isinstance(since, str) or not is_day(since) or since < EARLIEST:
        raise NotValid({"from": "Ngày không đúng; nhập theo dạng năm-tháng-ngày, ví dụ 2026-11-05."})
    if given.get("unit"):
        epoch, _, code = str(given["unit"]).partition(":")
        if not code:
            raise NotValid({"unit": "Nhập xã theo dạng bản đồ:mã, ví dụ new:15664."})
        given |= {"epoch": epoch, "unit": code}
    found: State = {}
    for group, parts in _CHAINS.items():
        said = {part: given.pop(part) for part in parts if part in given}
        if said:
            found |= _span(state, group, said, since)
    if "kinds" in given:
        found |= _kinds(state, str(given.pop("kinds")).replace(",", " ").split(), since)
    return found | given


def _span(state: State, group: str, said: dict[str, Any], since: str) -> State:
    """Begin a span, or write into the one of that day; what only corrects a place writes into the last."""
    correction = group == "place" and "unit" not in said
    last = last_span(state, group)
    if correction or last.get("from") == since:
        path = next((path for path, value in state.items() if value is last), f"{group}/{new_id()}")
        return {path: {**last, **said}}
    return {f"{group}/{new_id()}": {"from": since, **said}}


def _kinds(state: State, wanted: list[str], since: str) -> State:
    """Begin the kinds that are new, and end those that are not wanted with the day before *since*."""
    had = latest_kinds(state)
    found: State = {f"kind/{new_id()}": {"from": since, "kind": kind} for kind in wanted if kind not in had}
    before = date.fromordinal(date.fromisoformat(since).toordinal() - 1).isoformat()
    going_on = {path: span for path, span in state.items() if path.startswith("kind/") and not span.get("to")}
    ended = {path: span for path, span in going_on.items() if span["kind"] not in wanted}
    return found | {path: {**span, "to": max(before, span["from"])} for path, span in ended.items()}
