"""The form that corrects an establishment: its state as flat fields, and what was typed as paths of an edit.

Fields: `name`, `code`, `phone`; of where it stands now `unit`, `address`, `point`; of each span and paper its
path and a part (`status/018f….from`, `licence/018f….number`), `….gone` to take it away; `new.….` for one more paper.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas import typed
from schemas.forms import place as place_form
from schemas.ids import new_id
from schemas.register import State

PLAIN = ("name", "code", "phone")
SPANS = ("place", "kind", "status", "operator")
PARTS = {"place": ("from", "to"), "kind": ("from", "to"), "status": ("status", "from", "to"),
         "operator": ("from", "to"), "licence": ("type", "number", "from", "to")}  # fmt: skip
DAYS = ("from", "to")
HERE = ("unit", "address", "point")
LEAST = {
    "place": "Phải còn ít nhất một địa chỉ.",
    "kind": "Phải còn ít nhất một loại hình.",
    "status": "Phải còn ít nhất một tình trạng hoạt động.",
}


def paths(state: State, group: str) -> list[str]:
    """Return the paths of a group, the earliest first."""
    found = [path for path in state if path.startswith(f"{group}/")]
    return sorted(found, key=lambda path: (str(state[path].get("from") or ""), path))


def last_place(state: State) -> str:
    """Return the path of where a place stands now, empty when nothing is known of that."""
    found = paths(state, "place")
    return found[-1] if found else ""


def shown(state: State) -> dict[str, str]:
    """Return the fields of the form as they stand at *state*."""
    here = state.get(last_place(state)) or {}
    found = {name: str(state.get(name) or "") for name in PLAIN}
    found["unit"] = f"{here['epoch']}:{here['unit']}" if here else ""
    found |= {"address": str(here.get("address") or ""), "point": place_form.show_point(here)}
    for group, parts in PARTS.items():
        for path in paths(state, group):
            found |= {f"{path}.{part}": _show(part, state[path].get(part)) for part in parts}
            found[f"{path}.gone"] = ""
    return found | {f"new.{part}": "" for part in PARTS["licence"]}


def _show(part: str, value: Any) -> str:
    return typed.show_day(str(value or "")) if part in DAYS else str(value or "")


def understood(state: State, changed: Mapping[str, str], today: date) -> tuple[State, dict[str, str]]:
    """Return the paths that *changed* fields set on *state*, and what must be put right by field."""
    errors: dict[str, str] = {}
    after: State = {name: changed[name].strip() or None for name in PLAIN if name in changed}
    if "name" in after and not after["name"]:
        errors["name"] = "Nhập tên cơ sở."
    for path in state:
        if path.partition("/")[0] in PARTS:
            after |= _of_path(path, state[path], changed, today, errors)
    after |= _here(state, after, changed, errors)
    after |= _one_more(changed, today, errors)
    return after, errors | _too_few(state, state | after)


def _of_path(path: str, value: State, changed: Mapping[str, str], today: date, errors: dict[str, str]) -> State:
    """Return what becomes of one span or paper."""
    if changed.get(f"{path}.gone"):
        return {path: None}
    given = {part: changed[name] for part in PARTS[path.partition("/")[0]] if (name := f"{path}.{part}") in changed}
    if not given:
        return {}
    read = {
        part: place_form.take(errors, f"{path}.{part}", place_form.day, said, today) if part in DAYS else said.strip()
        for part, said in given.items()
    }
    if "from" in read and not read["from"] and not path.startswith("licence/"):
        errors.setdefault(f"{path}.from", "Nhập từ ngày nào.")
    whole = {**value, **{part: said or None for part, said in read.items()}}
    if whole.get("from") and whole.get("to") and whole["to"] < whole["from"]:
        errors[f"{path}.to"] = "Ngày kết thúc ở trước ngày bắt đầu; nhập lại."
    return {path: {part: said for part, said in whole.items() if said is not None or part in value}}


def _here(state: State, after: State, changed: Mapping[str, str], errors: dict[str, str]) -> State:
    """Correct where the place stands now: commune, address and point are one value."""
    path = last_place(state)
    if not path or not any(name in changed for name in HERE):
        return {}
    value = {**(after.get(path) or state[path])}
    if "address" in changed:
        value["address"] = changed["address"].strip()
    if "unit" in changed:
        value["epoch"], _colon, value["unit"] = changed["unit"].partition(":")
        if not value["unit"]:
            errors["unit"] = "Chọn xã trong địa bàn."
    if "point" in changed:
        point = place_form.take(errors, "point", place_form.point, changed["point"]) or {}
        value |= {"lat": None, "lon": None, **point}
    return {path: value}


def _one_more(changed: Mapping[str, str], today: date, errors: dict[str, str]) -> State:
    """Add the paper of the empty line, where something was typed into it."""
    said = place_form.paper(changed, "new", today, errors)
    kind = changed.get("new.type", "")
    if said and not kind:
        errors["new.type"] = "Chọn loại giấy."
    return {f"licence/{new_id()}": {"type": kind, **said}} if said or kind else {}


def _too_few(before: State, after: State) -> dict[str, str]:
    """Refuse to take away the last of a group; what was never known may stay so."""
    was, there = ({path.partition("/")[0] for path, value in state.items() if value is not None}
                  for state in (before, after))  # fmt: skip
    return {group: said for group, said in LEAST.items() if group in was - there}


def field_of(path: str, state: State) -> str:
    """Return the field at which a problem with *path* is said."""
    group, _slash, key = path.partition("/")
    if not key:
        return path
    if path == last_place(state):
        return "address"
    if path in state:
        return f"{path}.{'number' if group == 'licence' else 'from'}"
    return "new.number" if group == "licence" else path


def history(state: State, group: str) -> list[tuple[str, State]]:
    """Return path and value of each span of a group, for the lines of the form."""
    return [(path, state[path]) for path in paths(state, group)]
