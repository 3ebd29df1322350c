"""The history of a thing in words: each field under its label, each value as people read it."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema

from schemas import fields
from schemas.ids import is_id
from schemas.register import FIELDS, GROUPS
from server import web
from server.edits import Edit, edits
from server.office import state_of
from server.pages.areas import name as unit_name
from server.pages.typed_days import show_month_day
from server.pages.words import KIND_WORDS, ROLES, day

LEVELS = {"province": _l("cấp tỉnh"), "district": _l("cấp huyện"), "commune": _l("cấp xã")}
COHORTS = {"any_day": _l("có hoạt động ít nhất một ngày trong kỳ"), "last_day": _l("còn hoạt động vào ngày cuối kỳ")}
DENOMINATORS = {
    "any_day": _l("có hoạt động ít nhất một ngày trong năm"),
    "on_day": _l("có hoạt động vào một ngày nhất định"),
}
GROUP_WORDS = {"member": _l("Thành viên"), "deadline": _l("Hạn báo cáo"), "period": _l("Kỳ số liệu"),
               "indicator": _l("Chỉ tiêu"), "task": _l("Nhiệm vụ")}  # fmt: skip
_NAMED = {"team": "team", "renews": "", "user": "user", "acts_for": "user"}


@dataclass(frozen=True)
class Line:
    """One field that was changed: its label, and what stood before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One change: when, by whom, and its fields."""

    at: str
    author: str
    lines: tuple[Line, ...]


def told(conn: sqlite3.Connection, kind: str, id: str) -> list[Told]:
    """Return the history of a thing in words, the latest change first."""
    return [_told(conn, kind, one) for one in edits(conn, kind, id) if one.fields]


def _told(conn: sqlite3.Connection, kind: str, one: Edit) -> Told:
    if any(path == "name" and before is None for path, before, _after in one.fields):
        made = next(after for path, _before, after in one.fields if path == "name")
        return Told(one.at, _by(one.author), (Line(_("Lập mới"), "", str(made)),))
    lines = [
        Line(_label(kind, path), _value(conn, kind, path, before), _value(conn, kind, path, after))
        for path, before, after in one.fields
    ]
    return Told(one.at, _by(one.author), tuple(lines))


def _by(author: str) -> str:
    """Return who made a change; what a program calls itself is said as people know it."""
    return _("dòng lệnh") if author == "command" else author


def _label(kind: str, path: str) -> str:
    group, slash, _key = path.partition("/")
    if slash:
        return str(GROUP_WORDS.get(group, group))
    return _labels(FIELDS[kind]).get(path, path)


def _labels(schema: Schema) -> dict[str, str]:
    """Return the label of every field under the name that it has in a state."""
    words = fields.labels(type(schema))
    return {field.data_key or name: web.told(words[name][0]) for name, field in schema.fields.items() if name in words}


def _value(conn: sqlite3.Connection, kind: str, path: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, Mapping):
        return _parts(GROUPS[kind][path.partition("/")[0]], value)
    if isinstance(value, list):
        return ", ".join(_one(one) for one in value) or _("mọi loại hình")
    if path == "area":
        return next((unit_name(web.tree(), f"{epoch}:{value}") for epoch in ("new", "old")
                     if web.tree().get(f"{epoch}:{value}")), str(value))  # fmt: skip
    return _WORDS.get(path, lambda said: _named(conn, kind, path, str(said)))(value)


def _named(conn: sqlite3.Connection, kind: str, path: str, value: str) -> str:
    if is_id(value):
        of = _NAMED.get(path) or kind
        return str((state_of(conn, of, value) or {}).get("name", value))
    return day(value) if _is_day(value) else value


def _is_day(value: str) -> bool:
    return len(value) == 10 and fields.is_day(value)


def _one(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value.get('year')}: {value.get('percent')} %"
    return str(KIND_WORDS.get(str(value), value))


def _parts(schema: Schema, value: Mapping[str, Any]) -> str:
    labels = _labels(schema)
    said = [
        f"{labels.get(key, key)}: {_plain(key, part)}"
        for key, part in value.items() if part not in (None, "")
    ]  # fmt: skip
    return "; ".join(said)


def _plain(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    text = str(value)
    if key in ("due", "first", "cut_off"):
        return show_month_day(text)
    return day(text) if _is_day(text) else text


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "role": lambda role: str(ROLES.get(role, role)),
    "epoch": lambda epoch: _("từ 01/7/2025") if epoch == "new" else _("đến 30/6/2025"),
    "denominator_on": show_month_day,
    "level": lambda level: str(LEVELS.get(level, level)),
    "period_cohort": lambda cohort: str(COHORTS.get(cohort, cohort)),
    "denominator": lambda rule: str(DENOMINATORS.get(rule, rule)),
}
