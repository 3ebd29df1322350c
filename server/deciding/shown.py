"""An item that stands aside, as the page shows it: what it is, whose, beside what, and what can be done."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from schemas import fields, labels
from schemas.checklists import Answer
from schemas.compare import differences
from schemas.inspections import InspectionSchema
from schemas.items import REGISTER_KINDS, Item
from schemas.said import label, words
from schemas.units import UnitTree
from server import web
from server.arrivals.conflicts import last_words
from server.arrivals.settle_rules import truth_of
from server.arrivals.world import World
from server.deciding.waiting import Waiting, line_of
from server.duplicates.side import named
from server.office import state_of
from server.pages.words import day, moment
from sync.merge import may_stand_together

Row = tuple[str, str, str]
_LABELS = {name: said[0] for name, said in fields.labels(InspectionSchema).items()}


@dataclass(frozen=True)
class Field:
    """Something to put right: its path in the body, what it is called, what stands there, what is wrong with it."""

    path: str
    label: str
    value: str
    problem: str
    choices: Sequence[tuple[str, str]] = ()  # what may stand there, in words, where that is a list


@dataclass(frozen=True)
class Shown:
    """One item with all that is needed to decide about it."""

    waiting: Waiting
    title: str
    laptop: str
    author: str
    made: str
    received: str
    other: str | None = None  # the item that the truth comes from, as it is seen now
    rows: Sequence[Row] = ()
    both: bool = False
    fields: Sequence[Field] = field(default=())
    missing: Sequence[str] = ()


def shown(conn: sqlite3.Connection, tree: UnitTree, one: Waiting) -> Shown:
    """Read everything about an item; called within one read transaction."""
    item = line_of(conn, one.item)
    made = moment(item.recorded_at) if _is_moment(item.recorded_at) else item.recorded_at
    head = title(conn, item), laptop_name(conn, one.device), item.author, made, moment(one.at)
    if one.group == "conflict":
        other = truth_of(World(conn, ""), one.kind, one.id)
        rows, both = _beside(conn, tree, item, other)
        return Shown(one, *head, other=other, rows=rows, both=both)
    return Shown(one, *head, fields=_fields(item, one), missing=[_missing(conn, need) for need in _needs(one)])


def _is_moment(text: str) -> bool:
    try:
        return bool(moment(text))
    except ValueError:
        return False


def title(conn: sqlite3.Connection, item: Item) -> str:
    """Say what an item is about, in a few words."""
    if item.kind == "inspection":
        place = state_of(conn, "establishment", str(item.body.get("establishment"))) or {}
        on = str(item.body.get("date"))
        known = place.get("name") or _("cơ sở chưa có trên máy chủ")
        return str(_("Cuộc kiểm tra %(day)s – %(place)s", day=day(on) if fields.is_day(on) else on, place=known))
    if item.kind in REGISTER_KINDS:
        state = state_of(conn, item.kind, item.id) or {}
        said = item.body.get("set")
        said = said if isinstance(said, dict) else {}
        name = state.get("name") or said.get("name") or _to_visit(conn, {**said, **state}) or item.id
        return str(_("%(kind)s: %(name)s", kind=web.told(_KINDS.get(item.kind, item.kind)), name=name))
    return web.told(_KINDS.get(item.kind, item.kind))


def _to_visit(conn: sqlite3.Connection, assignment: dict[str, Any]) -> str:
    """Return the name of the place that a team is to visit, empty where no place is known."""
    place = state_of(conn, "establishment", str(assignment.get("establishment")))
    return str(place["name"]) if place else ""


_KINDS = {
    "assignment": "Phân công kiểm tra",
    "establishment": "Cơ sở",
    "operator": "Chủ cơ sở",
    "outside_check": "Kiểm tra của cơ quan khác",
    "paper": "Việc với biên bản",
    "attachment": "Ảnh, bản quét",
    "review": "Ý kiến duyệt",
    "comment": "Ý kiến về cuộc kiểm tra",
    "confirm_list": "Chốt danh sách",
    "team": "Đội",
    "plan": "Kế hoạch",
    "unit": "Đơn vị hành chính",
    "device": "Máy tính",
    "user": "Tài khoản",
    "decision": "Quyết định xử phạt",
    "distinct": "Hai hồ sơ không trùng",
    "log_head": "Mốc của nhật ký",
    "access": "Tra cứu xử phạt",
}


def laptop_name(conn: sqlite3.Connection, device: str) -> str:
    """Return what people call a laptop."""
    return str((state_of(conn, "device", device) or {}).get("name") or _("máy chưa rõ"))


def _beside(conn: sqlite3.Connection, tree: UnitTree, item: Item, other: str | None) -> tuple[list[Row], bool]:
    find = named(conn, tree)
    if item.kind == "inspection":
        body = line_of(conn, other).body if other else {}
        return [(one.label, one.one, one.other) for one in differences(item.body, body, find)], False
    state = state_of(conn, item.kind, item.id) or {}
    said = last_words(World(conn, ""), item.name)
    rows = [
        (label(item.kind, word.path), words(item.kind, word.path, word.value, find),
         words(item.kind, word.path, state.get(word.path), find))
        for word in said
    ]  # fmt: skip
    return rows, may_stand_together(word.path for word in said)


def _fields(item: Item, one: Waiting) -> list[Field]:
    problems: dict[str, str] = one.detail.get("problems") or {}
    return [_field(item, path, problem) for path, problem in problems.items()]


def _field(item: Item, path: str, problem: str) -> Field:
    choices = _choices(path) if item.kind == "inspection" else ()
    told = _("Chọn một trong danh sách.") if choices else problem
    return Field(path, _label(item, path), said(value_at(item, path)), told, choices)


def _choices(path: str) -> list[tuple[str, str]]:
    if path.startswith("answers."):
        return [(answer.value, answer.label) for answer in Answer]
    return [(value, words[0]) for value, words in _CHOICES.get(path, {}).items()]


_CHOICES: Mapping[str, Mapping[str, fields.Label]] = {
    "basis": {basis.value: words for basis, words in labels.BASIS.items()},
    "trigger": {trigger.value: words for trigger, words in labels.TRIGGERS.items()},
    "outcome": {outcome.value: words for outcome, words in (*labels.INSPECTED.items(), *labels.ATTEMPTS.items())},
}


def _label(item: Item, path: str) -> str:
    if item.kind in REGISTER_KINDS:
        return label(item.kind, path)
    first, *rest = path.split(".")
    return " ".join([_LABELS.get(first, first), *(part for part in rest if part)])


def value_at(item: Item, path: str) -> Any:
    """Return what stands at the path of a problem; None where nothing does."""
    if item.kind in REGISTER_KINDS:
        values = item.body.get("set")
        return values.get(path) if isinstance(values, dict) else None
    part: Any = item.body
    for key in path.split("."):
        if isinstance(part, list) and key.isdigit() and int(key) < len(part):
            part = part[int(key)]
        else:
            part = part.get(key) if isinstance(part, dict) else None
    return part


def said(value: Any) -> str:
    """Write a value into a form's field, a day as on paper; nothing for what a field cannot hold."""
    if isinstance(value, str) and fields.is_day(value):
        return day(value)
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _needs(one: Waiting) -> list[tuple[str, str]]:
    return [(str(kind), str(id)) for kind, id in one.detail.get("needs") or ()]


def _missing(conn: sqlite3.Connection, need: tuple[str, str]) -> str:
    kind, id = need
    if kind == "item":
        return str(_("bản trước của cuộc kiểm tra này (mã kiểm chứng %(name)s…)", name=id[:12]))
    return str(_("%(kind)s mã %(code)s", kind=web.told(_KINDS.get(kind, kind)).lower(), code=id))
