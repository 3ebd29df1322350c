"""Values of the register in words: what a path is called and what stands there, on both ends alike."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from schemas import fields, labels
from schemas.register import FIELDS, Form

Named = Callable[[str, str], str]  # (kind, id) to the name that people know a thing by; a unit by epoch:code
_GROUPS = {
    "place": "Địa chỉ",
    "kind": "Loại hình",
    "status": "Tình trạng hoạt động",
    "operator": "Chủ cơ sở",
    "licence": "Giấy phép, giấy chứng nhận",
    "member": "Thành viên",
}


def label(kind: str, path: str) -> str:
    """Return what the field or group of *path* is called."""
    group, _, key = path.partition("/")
    if key:
        return _GROUPS.get(group, group)
    return fields.labels(type(FIELDS[kind])).get(path, (path, path))[0]


def words(kind: str, path: str, value: Any, named: Named = lambda kind, id: id) -> str:
    """Say *value* as it stands at *path* of a thing of *kind*; nothing is empty text.

    What does not look as it should is said as it stands: it may come from another version of the program.
    """
    if value in (None, ""):
        return ""
    group, _, key = path.partition("/")
    if key and isinstance(value, dict):
        return _span(group, value, named)
    if path == "form" and value in set(Form):
        return labels.FORMS[Form(value)][0]
    if kind == "assignment":
        return _of_assignment(path, value, named)
    return named(kind, str(value)) if path == "merged_into" else str(value)


def _of_assignment(path: str, value: Any, named: Named) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if path in ("establishment", "team"):
        return named(path, str(value))
    return _choice(labels.BASIS, value) if path == "basis" else day(value)


def _span(group: str, value: Mapping[str, Any], named: Named) -> str:
    said = _SAID[group](value, named) if group in _SAID else ", ".join(str(part) for part in value.values() if part)
    days = _licence_days(value) if group == "licence" else _days(value)
    return ", ".join(filter(None, [said, days]))


def _place(value: Mapping[str, Any], named: Named) -> str:
    unit = named("unit", f"{value.get('epoch')}:{value.get('unit')}")
    point = f"({value['lat']}; {value['lon']})" if value.get("lat") is not None and value.get("lon") is not None else ""
    return ", ".join(filter(None, [str(value.get("address") or ""), " ".join(filter(None, [unit, point]))]))


def _choice(known: Mapping[Any, fields.Label], value: Any) -> str:
    return known[value][0] if isinstance(value, str) and value in known else str(value or "")


def _licence(value: Mapping[str, Any], named: Named) -> str:
    paper, number = _choice(labels.LICENCES, value.get("type")), value.get("number")
    return f"{paper} số {number}" if number else paper


def _member(value: Mapping[str, Any], named: Named) -> str:
    card = f"thẻ {value['card']}" if value.get("card") else ""
    return ", ".join(filter(None, [*(str(value.get(key) or "") for key in ("name", "role", "agency")), card]))


_SAID: dict[str, Callable[[Mapping[str, Any], Named], str]] = {
    "place": _place,
    "kind": lambda value, named: _choice(labels.KINDS, value.get("kind")),
    "status": lambda value, named: _choice(labels.STATUS, value.get("status")),
    "operator": lambda value, named: named("operator", str(value.get("operator") or "")),
    "licence": _licence,
    "member": _member,
}


def _days(value: Mapping[str, Any]) -> str:
    since, until = (day(value.get(key)) for key in ("from", "to"))
    if since and until:
        return f"từ {since} đến {until}"
    return f"từ {since}" if since else until and f"đến {until}"


def _licence_days(value: Mapping[str, Any]) -> str:
    since, until = (day(value.get(key)) for key in ("from", "to"))
    return ", ".join(filter(None, [since and f"cấp ngày {since}", until and f"hạn đến {until}"]))


def day(value: Any) -> str:
    """Write a day as it is written by hand, 05/11/2026; anything else as it stands, nothing as empty text."""
    text = str(value or "")
    return f"{date.fromisoformat(text):%d/%m/%Y}" if fields.is_day(text) else text


