"""The fields that all schemas are made of: text that every database can hold, days, maps.

Every field carries its label in Vietnamese and English (`label=("…", "…")`), so that a
form, an error and an export use the same words.
Messages are in Vietnamese and say what to do; they are what a user reads beside the field.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from schemas.ids import is_id
from schemas.text import nfc

Label = tuple[str, str]
REQUIRED = "Chưa nhập mục này."
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _metadata(label: Label | None, kwargs: dict[str, Any]) -> dict[str, Any]:
    kwargs.setdefault("metadata", {})
    if label:
        kwargs["metadata"] = {**kwargs["metadata"], "vi": label[0], "en": label[1]}
    kwargs.setdefault("error_messages", {})
    kwargs["error_messages"] = {"required": REQUIRED, "null": REQUIRED, **kwargs["error_messages"]}
    return kwargs


class Text(fields.String):
    """Text in NFC, without NUL or lone surrogates, which SQLite and PostgreSQL cannot hold."""

    default_error_messages = {
        "invalid": "Mục này phải là chữ.",
        "unstorable": "Có ký tự không lưu được; xóa ký tự lạ rồi nhập lại.",
        "long": "Dài quá {limit} ký tự; rút ngắn lại.",
        "required": REQUIRED,
    }

    def __init__(self, *, label: Label | None = None, limit: int = 2000, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if value.isascii():
            if "\x00" in value:
                raise self.make_error("unstorable")
        else:
            if _UNSTORABLE.search(value):
                raise self.make_error("unstorable")
            value = nfc(value)
        if len(value) > self.limit:
            raise self.make_error("long", limit=self.limit)
        return str(value)


class Id(Text):
    """The id of a thing: a UUID as text."""

    default_error_messages = {"id": "Mã không đúng dạng; chọn lại từ danh sách."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not is_id(text):
            raise self.make_error("id")
        return text


class Day(fields.Field[date]):
    """A local Vietnamese date, written YYYY-MM-DD."""

    default_error_messages = {"day": "Ngày không đúng; nhập theo dạng năm-tháng-ngày, ví dụ 2026-11-05."}

    def __init__(self, *, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))

    def _serialize(self, value: date | str | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or not is_day(value):
            raise self.make_error("day")
        return date.fromisoformat(value)


class MonthDay(fields.Field[str]):
    """A day of every year, written MM-DD; 29 February is one."""

    default_error_messages = {"day": "Ngày trong năm không đúng; nhập ngày và tháng, ví dụ 20/6."}

    def __init__(self, *, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str) or not is_day(f"2024-{value}"):
            raise self.make_error("day")
        return value


class Clock(fields.Field[str]):
    """A time of day in Vietnam, written HH:MM; empty when it is not known."""

    default_error_messages = {"clock": "Giờ không đúng; nhập theo dạng 23:30."}
    _form = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

    def __init__(self, *, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if value == "" or (isinstance(value, str) and self._form.fullmatch(value)):
            return str(value)
        raise self.make_error("clock")


class Count(fields.Integer):
    """A number of things: a whole number, none below zero."""

    default_error_messages = {"invalid": "Nhập một số nguyên từ 0 trở lên.", "required": REQUIRED}

    def __init__(self, *, label: Label | None = None, most: int = 1_000_000, **kwargs: Any) -> None:
        words = f"Nhập một số nguyên từ 0 đến {most:,}.".replace(",", ".")
        limits = validate.Range(min=0, max=most, error=words)
        super().__init__(strict=True, validate=limits, **_metadata(label, kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Choice(fields.Field[Any]):
    """One of an enumeration's values; the message lists them."""

    default_error_messages = {"choice": "Không có lựa chọn “{value}”; chọn một trong: {choices}."}

    def __init__(self, enum: Any, *, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))
        self.values = {member.value: member for member in enum}

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return getattr(value, "value", value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.values[value]
        except (KeyError, TypeError):
            raise self.make_error("choice", value=value, choices=", ".join(self.values)) from None


class Truth(fields.Field[bool]):
    """True or false and nothing else: “yes” and 1 are typing errors on the wire."""

    default_error_messages = {"truth": "Chọn có hoặc không."}

    def __init__(self, *, label: Label | None = None, **kwargs: Any) -> None:
        super().__init__(**_metadata(label, kwargs))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise self.make_error("truth")


class CodeMap(fields.Field[dict[str, str]]):
    """A map from item codes to text, checked as one field: a schema for each answer costs five times as much."""

    default_error_messages = {
        "map": "Phần trả lời không đọc được; mở lại hồ sơ rồi lưu.",
        "code": "Mục “{code}” không phải mã trong bảng kiểm tra.",
        "value": "Mục {code}: không có lựa chọn “{value}”; chọn một trong: {choices}.",
        "text": "Mục {code}: chữ không lưu được hoặc dài quá {limit} ký tự.",
    }
    _code = re.compile(r"[A-Z]{2,4}-\d{2,3}[a-zđ]?")

    def __init__(
        self, *, values: frozenset[str] | None = None, limit: int = 1000, label: Label | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**_metadata(label, kwargs))
        self.allowed = values
        self.limit = limit

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("map")
        for code, said in value.items():
            if not self._code.fullmatch(code):
                raise self.make_error("code", code=code)
            self._check(code, said)
        return value if self.allowed is not None else {code: nfc(said) for code, said in value.items()}

    def _check(self, code: str, said: Any) -> None:
        if self.allowed is not None:
            if not isinstance(said, str) or said not in self.allowed:
                raise self.make_error("value", code=code, value=said, choices=", ".join(sorted(self.allowed)))
        elif not isinstance(said, str) or len(said) > self.limit or _UNSTORABLE.search(said):
            raise self.make_error("text", code=code, limit=self.limit)


class Versions(fields.Field[dict[str, int]]):
    """Which version of each checklist was used: {"COM": 1, "KAR": 2}."""

    default_error_messages = {"versions": "Phiên bản bảng kiểm tra không đọc được."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, int]:
        if isinstance(value, dict) and all(
            isinstance(k, str) and len(k) <= 8 and type(v) is int for k, v in value.items()
        ):
            return value
        raise self.make_error("versions")


def is_day(text: str) -> bool:
    """Say whether *text* is a day as we write it; ISO has other ways, and as text they come in no order with ours."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def instant_text(moment: datetime) -> str:
    """Write *moment* the one way we write instants: UTC, to the second, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def labels(schema: type[Schema]) -> dict[str, Label]:
    """Return the label of every field of *schema* that has one: {field: (Vietnamese, English)}."""
    return {
        name: (field.metadata["vi"], field.metadata["en"])
        for name, field in schema._declared_fields.items()
        if "vi" in field.metadata
    }


def messages(found: Any) -> dict[str, str]:
    """Flatten what a schema found wrong to one sentence a field: {"violations.0.code": "…"}.

    *found* is a ValidationError, or what `validate` returned.
    """
    flat: dict[str, str] = {}
    _flatten(found.messages if isinstance(found, ValidationError) else found, "", flat)
    return flat


def _flatten(node: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            _flatten(value, f"{path}.{key}" if path else str(key), found)
    elif isinstance(node, list) and node:
        found[storable(path)] = storable(str(node[0]))


def storable(text: str) -> str:
    """Return *text* with what no database can hold replaced, and not longer than a sentence is."""
    return _UNSTORABLE.sub("?", text)[:300]


class Record(Schema):
    """The root of our schemas: what it does not know it refuses, in Vietnamese."""

    error_messages = {
        "unknown": "Không có mục này; xóa đi hoặc sửa tên mục.",
        "type": "Dữ liệu không đúng dạng.",
    }
