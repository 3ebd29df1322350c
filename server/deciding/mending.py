"""Putting right, at the office, what was quarantined for content: the next revision, made from the wrong one."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from schemas.fields import messages
from schemas.inspections import NewInspectionSchema
from schemas.items import REGISTER_KINDS, Item
from schemas.register import check_edit
from server.arrivals.settle_rules import truth_of
from server.arrivals.world import World
from server.changes.desk import Desk, Unclear
from server.deciding.shown import said, value_at
from server.office import Change

_visit = NewInspectionSchema()
_TRUTHS = {"có": True, "không": False, "true": True, "false": False}


def mended(desk: Desk, item: Item, given: Mapping[str, str], reason: str) -> Change:
    """Return the change that says *item* again with what was *given* at its paths, or raise Unclear by path.

    A wrong correction is said again from the truth that it was made from: from itself it would be a conflict.
    """
    if item.kind in REGISTER_KINDS:
        return _edit(item, given)
    if item.kind != "inspection":
        raise Unclear("", "Loại hồ sơ này không sửa ở đây được; không tính vào kết quả, rồi nhập lại.")
    if not reason.strip():
        raise Unclear("reason", "Ghi lý do đính chính.")
    body = copy.deepcopy(item.body)
    for path, text in given.items():
        _put(body, path, _best(item, body, path, text))
    revision = body.get("revision", 1)
    body |= {"revision": revision + 1 if type(revision) is int else 2, "reason": reason.strip()}
    problems = messages(_visit.validate(body))
    if problems:
        raise Unclear.all(problems)
    return Change("inspection", item.id, body, item.base if corrects_the_truth(desk, item) else item.name)


def corrects_the_truth(desk: Desk, item: Item) -> bool:
    """Say whether *item* was made from what is the truth of its visit now."""
    return item.base is not None and item.base == truth_of(World(desk.conn, ""), item.kind, item.id)


def _edit(item: Item, given: Mapping[str, str]) -> Change:
    """Return the same edit of the register with other values; a group is not written by hand."""
    if any(isinstance(value_at(item, path), dict) for path in given):
        raise Unclear("", "Mục này không sửa ở đây được; không tính vào kết quả, rồi sửa ở trang cơ sở.")
    body = copy.deepcopy(item.body)
    body["set"] |= {path: text.strip() or None for path, text in given.items()}
    problems = check_edit(item.kind, body)
    if problems:
        raise Unclear.all(problems)
    return Change(item.kind, item.id, body)


def _best(item: Item, body: dict[str, Any], path: str, text: str) -> Any:
    """Read what was typed as a day, text, a number or a truth: as the first that the schema takes at its path."""
    text = text.strip()
    if text == said(value_at(item, path)):
        return value_at(item, path)
    readings: list[Any] = [*_day(text), text]
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        readings.append(int(text))
    if text.lower() in _TRUTHS:
        readings.append(_TRUTHS[text.lower()])
    for reading in readings:
        tried = copy.deepcopy(body)
        _put(tried, path, reading)
        if path not in messages(_visit.validate(tried)):
            return reading
    return text


def _day(text: str) -> list[str]:
    """Read a day as it is written on paper: 26/11/2026."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return [f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"] if found else []


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set *value* at a path; empty text takes the key away. A path that leads nowhere is left alone."""
    *way, last = path.split(".")
    part: Any = body
    for key in way:
        if isinstance(part, list) and key.isdecimal() and int(key) < len(part):
            part = part[int(key)]
        elif isinstance(part, dict):
            part = part.setdefault(key, {})
    if isinstance(part, list) and last.isdecimal() and int(last) < len(part):
        part[int(last)] = value
    elif isinstance(part, dict):
        part.pop(last, None) if value == "" else part.__setitem__(last, value)
