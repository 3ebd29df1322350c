"""A fast check, generated from a schema: it may accept a body, and never refuse one.

What it does not accept goes to marshmallow, which alone may refuse and which words the
problems. A property test shows that whatever is accepted here marshmallow accepts too.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from schemas.fields import Choice, Clock, CodeMap, Count, Day, Id, Text, Truth, Versions
from schemas.ids import is_id
from schemas.inspections import FIRST_DAY, NewInspectionSchema

Check = Callable[[Any], bool]
_DAY = re.compile(r"\d{4}-\d\d-\d\d").fullmatch
_CLOCK = re.compile(r"(([01]\d|2[0-3]):[0-5]\d)?").fullmatch
_CODE = re.compile(r"[A-Z]{2,4}-\d{2,3}[a-zđ]?").fullmatch
MOST_CODES = 4096  # that are remembered
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]").search


def _text(limit: int) -> Check:
    def check(value: Any) -> bool:
        if type(value) is not str or len(value) > limit:
            return False
        if value.isascii():
            return "\x00" not in value
        return not _UNSTORABLE(value) and unicodedata.is_normalized("NFC", value)

    return check


def _day(value: Any) -> bool:
    if type(value) is not str or not _DAY(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_known_codes: set[str] = set()  # that were found well formed: the same few hundred come in every record


def _codes(value: dict[str, Any]) -> bool:
    if value.keys() <= _known_codes:
        return True
    if not all(map(_CODE, value)):
        return False
    if len(_known_codes) < MOST_CODES:
        _known_codes.update(value)
    return True


def _code_map(field: CodeMap) -> Check:
    allowed, text = field.allowed, _text(field.limit)

    def check(value: Any) -> bool:
        return type(value) is dict and _codes(value) and all(map(text, value.values()))

    def choices(value: Any) -> bool:
        if type(value) is not dict or not _codes(value):
            return False
        try:
            return among(value.values())
        except TypeError:  # a list or an object among the values
            return False

    if allowed is None:
        return check
    among = frozenset(allowed).issuperset
    return choices


def _versions(value: Any) -> bool:
    return type(value) is dict and all(len(key) <= 8 and type(version) is int for key, version in value.items())


def _list(field: fields.List[Any]) -> Check:
    inner = _of_field(field.inner)
    return lambda value: type(value) is list and all(map(inner, value))


def _one_of(field: Choice) -> Check:
    values = frozenset(field.values)
    return lambda value: type(value) is str and value in values


def _of_field(field: Any) -> Check:
    """Return the check of one field; a kind of field that is not known here accepts nothing."""
    for kind, build in _BUILDERS:
        if isinstance(field, kind):
            return build(field)
    return lambda value: False


_BUILDERS: tuple[tuple[type[Any], Callable[[Any], Check]], ...] = (
    (Id, lambda field: lambda value: type(value) is str and is_id(value)),
    (Text, lambda field: _text(field.limit) if not field.validators else lambda value: False),
    (Day, lambda field: _day),
    (Clock, lambda field: lambda value: type(value) is str and _CLOCK(value) is not None),
    (Count, lambda field: lambda value: type(value) is int and 0 <= value <= 1_000_000),
    (fields.Integer, lambda field: lambda value: type(value) is int and 1 <= value <= 1_000_000),
    (Choice, _one_of),
    (Truth, lambda field: lambda value: value is True or value is False),
    (CodeMap, _code_map),
    (Versions, lambda field: _versions),
    (fields.Nested, lambda field: generate(field.schema)),
    (fields.List, _list),
)


def generate(schema: Schema) -> Check:
    """Return the check of a body as *schema* describes it: every field known, none missing, types exact."""
    checks = {field.data_key or name: _nullable(field) for name, field in schema.fields.items()}
    required = frozenset(field.data_key or name for name, field in schema.fields.items() if field.required)

    def check(body: Any) -> bool:
        if type(body) is not dict or not required <= body.keys():
            return False
        for name, value in body.items():
            known = checks.get(name)
            if known is None or not known(value):
                return False
        return True

    return check


def _nullable(field: Any) -> Check:
    check = _of_field(field)
    return (lambda value: value is None or check(value)) if field.allow_none else check


_types = generate(NewInspectionSchema())
_FIRST = FIRST_DAY.isoformat()


def plain_inspection(body: Any) -> bool:
    """Say whether *body* is surely a valid inspection of the common sort: inspected, not void, nothing unusual."""
    if not _types(body) or body["date"] < _FIRST or body.get("void"):
        return False
    violations = body.get("violations", ())
    if body["outcome"] not in {"no_violation", "violations"} or (body["outcome"] == "violations") != bool(violations):
        return False
    if not all(violation.get("code") or violation.get("text", "").strip() for violation in violations):
        return False
    return body["basis"] != "unscheduled" or bool(body.get("trigger") and body.get("ground", "").strip())
